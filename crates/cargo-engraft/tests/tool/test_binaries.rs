//! `test`: test binaries are hosts, and open the plugins that were linked for them.

use crate::linked::packages;
use crate::workspace::Workspace;

const TEST: &str = r#"
#[test]
fn opens_the_plugin() {
    let plugin = unsafe { engraft::open("one") }.unwrap();
    let value = plugin.lookup::<fn() -> u32>("value").unwrap();
    assert_eq!(value(), 1);
    assert_eq!(api::CALLS.load(std::sync::atomic::Ordering::Relaxed), 1);
}
"#;

fn with_tests() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("host/tests/opens.rs", TEST);
    workspace.append(
        "plugins/one/src/lib.rs",
        "#[cfg(test)]\nmod tests {\n    #[test]\n    fn unit() {\n        assert_eq!(super::value(), 1);\n    }\n}\n",
    );
    workspace
}

#[test]
fn a_test_opens_a_plugin() {
    let workspace = with_tests();
    workspace
        .engraft(["test"])
        .success()
        .prints(&["test opens_the_plugin ... ok", "test tests::unit ... ok"])
        .says(&["Linking one", "Running opens ("]);
    assert!(workspace.output("test/plugins/one.so").exists());
    workspace.engraft(["test"]).success().never_says(&["Linking", "Compiling"]);
}

#[test]
fn unit_tests_of_a_host_open_plugins_too() {
    let workspace = with_tests();
    workspace.append("host/src/main.rs", TEST);
    workspace.engraft(["test", "--bins"]).success().prints(&["test opens_the_plugin ... ok"]).never_says(&["Running opens ("]);
}

#[test]
fn tests_are_chosen_as_with_cargo() {
    let workspace = with_tests();
    workspace.write("host/tests/more.rs", "#[test]\nfn more() {}\n#[test]\nfn less() {}\n");
    workspace.engraft(["test", "--test", "opens"]).success().prints(&["opens_the_plugin ... ok"]).never_prints(&["unit", "more"]);
    workspace.engraft(["test", "--lib"]).success().prints(&["unit ... ok"]).never_prints(&["opens_the_plugin"]);
    workspace.engraft(["test", "-p", "one"]).success().prints(&["unit ... ok"]).never_prints(&["opens_the_plugin"]);
    workspace.engraft(["test", "--no-run"]).success().never_prints(&["running"]);
    workspace.engraft(["test", "less"]).success().prints(&["less ... ok"]).never_prints(&["more ... ok", "unit ... ok"]);
    workspace.engraft(["test", "--", "--list"]).success().prints(&["more: test", "opens_the_plugin: test"]);
    workspace.engraft(["test", "--test", "absent"]).ended(101).says(&["absent"]);
}

#[test]
fn a_test_that_fails_has_exit_code_101() {
    let workspace = with_tests();
    workspace.replace("host/tests/opens.rs", "assert_eq!(value(), 1)", "assert_eq!(value(), 2)");
    workspace.engraft(["test"]).ended(101).prints(&["opens_the_plugin ... FAILED"]).says(&["opens"]);
    // The others run as well on request.
    workspace.engraft(["test", "--no-fail-fast"]).ended(101).prints(&["opens_the_plugin ... FAILED", "unit ... ok"]);
}

#[test]
fn a_plugin_that_only_tests_use_may_have_dependencies_that_only_tests_have() {
    let workspace = with_tests();
    workspace.package(
        "extra",
        "",
        "src/lib.rs",
        "pub static SHARED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(7);\n",
    );
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"extra\"");
    workspace.append("host/Cargo.toml", "[dev-dependencies]\nextra = { path = \"../extra\" }\n");
    workspace.append("plugins/one/Cargo.toml", "extra = { path = \"../../extra\" }\n");
    workspace.append(
        "plugins/one/src/lib.rs",
        "#[engraft::export]\npub fn bump() { extra::SHARED.fetch_add(1, std::sync::atomic::Ordering::Relaxed); }\n",
    );
    workspace.replace(
        "host/tests/opens.rs",
        "assert_eq!(value(), 1);",
        "plugin.lookup::<fn()>(\"bump\").unwrap()();\n    assert_eq!(extra::SHARED.load(std::sync::atomic::Ordering::Relaxed), 8);\n    assert_eq!(value(), 1);",
    );
    workspace.engraft(["test"]).success().prints(&["opens_the_plugin ... ok"]);
}

/// A package that a plugin has, and of hosts only their tests.
#[test]
fn a_package_is_the_same_whether_build_or_test_compiled_it() {
    let workspace = with_tests();
    workspace.package("extra", "", "src/lib.rs", "pub fn one() -> u32 { 1 }\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"extra\"");
    workspace.append("host/Cargo.toml", "[dev-dependencies]\nextra = { path = \"../extra\" }\n");
    workspace.append("plugins/one/Cargo.toml", "extra = { path = \"../../extra\" }\n");
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    extra::one()\n");
    let extra = |file: &str| packages(&workspace.output(file)).into_iter().find(|(name, ..)| name == "extra").unwrap();
    workspace.build();
    let built = extra("plugins/one.so");
    let source = std::fs::File::open(workspace.root.join("extra/src/lib.rs")).unwrap();
    source.set_modified(std::time::SystemTime::now()).unwrap();
    workspace.engraft(["test"]).success().says(&["Compiling extra "]);
    assert_eq!(extra("test/plugins/one.so"), built);
}

#[test]
fn tests_and_programs_do_not_disturb_each_other() {
    let workspace = with_tests();
    workspace.build();
    workspace.engraft(["test"]).success();
    workspace.build().never_says(&["Compiling", "Linking"]);
    workspace.host(["one"]).success().prints(&["one is 1"]);
}
