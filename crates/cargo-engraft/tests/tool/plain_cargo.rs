//! cargo itself builds, runs and tests hosts that open plugins, once `cargo engraft init` has written the hook.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::{Workspace, run_at};
use std::fs;

/// Opens the plugin `one` in a test of the host's package.
const TEST: &str = r#"
#[test]
fn opens() {
    let plugin = unsafe { engraft::open("one") }.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(plugin.lookup::<fn() -> u32>("value").unwrap()(), 1);
}
"#;

#[test]
fn cargo_run_builds_a_host_that_opens_the_plugin() {
    let workspace = Workspace::hooked();
    workspace.hooked_cargo(["run", "--", "one"]).success().prints(&["one is 1", "calls: 1"]);
    // By hand, as a debugger starts it, and from anywhere.
    Ran::of(&mut run_at(&workspace.target.join("debug/host"), &std::env::temp_dir())).success().prints(&["one is 1"]);
    workspace.hooked_cargo(["build"]).success().never_says(&["Compiling"]);
}

#[test]
fn edits_reach_the_program_whatever_cargo_was_asked_to_build() {
    let workspace = Workspace::hooked();
    workspace.hooked_cargo(["run", "--package", "host"]).success().says(&["Updating plugin `one`: not built"]).prints(&["one is 1"]);
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    2\n");
    let ran = workspace.hooked_cargo(["run", "--package", "host"]).success();
    ran.says(&["Updating plugin `one`: older than "]).prints(&["one is 2"]);
    workspace.append("api/src/lib.rs", "pub fn more() -> u32 { 3 }\n");
    let ran = workspace.hooked_cargo(["run", "--package", "host"]).success();
    ran.says(&["Updating plugin `one`: built for another build of this program"]).prints(&["one is 2"]);
    workspace.hooked_cargo(["run", "--package", "host"]).success().never_says(&["Updating"]).prints(&["one is 2"]);
}

#[test]
fn tests_and_examples_open_plugins_by_name_with_and_without_the_runner() {
    let workspace = Workspace::hooked();
    workspace.write("host/tests/open.rs", TEST);
    workspace.write("host/examples/show.rs", "fn main() { println!(\"{}\", unsafe { engraft::open(\"one\") }.unwrap().name()); }\n");
    workspace.hooked_cargo(["test", "--workspace"]).success().prints(&["test opens ... ok"]);
    workspace.hooked_cargo(["run", "--package", "host", "--example", "show"]).success().prints(&["one"]);
    Ran::of(&mut run_at(&workspace.target.join("debug/examples/show"), &workspace.root)).success().prints(&["one"]);
    // As an editor starts a test, which names nothing of what the host's other packages are.
    let is_test = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("open-") && !name.contains('.')
    };
    let entries = fs::read_dir(workspace.target.join("debug/deps")).unwrap().map(|entry| entry.unwrap().path());
    let test = entries.filter(is_test).max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap()).unwrap();
    Ran::of(&mut run_at(&test, &workspace.root)).success().prints(&["test opens ... ok"]);
}

#[test]
fn package_that_a_host_declares_and_never_names_is_in_it() {
    let workspace = Workspace::hooked();
    workspace.package("extra", "", "src/lib.rs", "pub fn seven() -> u32 { 7 }\n");
    workspace.replace("Cargo.toml", "members = [", "members = [\"extra\", ");
    for manifest in ["host/Cargo.toml", "plugins/one/Cargo.toml"] {
        workspace.replace(manifest, "[dependencies]\n", "[dependencies]\nextra = { path = \"../extra\" }\n");
    }
    workspace.replace("plugins/one/Cargo.toml", "../extra", "../../extra");
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    extra::seven()\n");
    workspace.hooked_cargo(["build"]).success();
    Ran::of(&mut run_at(&workspace.target.join("debug/host"), &workspace.root)).success().prints(&["one is 7"]);
}

#[test]
fn features_that_only_a_plugin_asks_for_reach_the_program() {
    let workspace = Workspace::hooked();
    workspace.append("api/Cargo.toml", "[features]\nmore = []\n");
    workspace.append("api/src/lib.rs", "#[cfg(feature = \"more\")]\npub fn more() -> u32 { 5 }\n");
    workspace.replace("plugins/one/Cargo.toml", "api.workspace = true", "api = { workspace = true, features = [\"more\"] }");
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    api::more()\n");
    workspace.hooked_cargo(["run", "--package", "host"]).success().prints(&["one is 5"]);
    workspace.hooked_cargo(["run"]).success().prints(&["one is 5"]);
}

#[test]
fn host_that_exports_an_api_is_linked_again_only_when_that_changes() {
    let workspace = Workspace::hooked();
    workspace.append("host/Cargo.toml", "[package.metadata.engraft]\nexport = \"api\"\napi = [\"api\"]\n");
    workspace.hooked_cargo(["run"]).success().prints(&["one is 1"]);
    workspace.hooked_cargo(["run"]).success().never_says(&["Compiling"]).prints(&["one is 1"]);
    workspace.replace("host/Cargo.toml", "api = [\"api\"]", "api = []");
    workspace.hooked_cargo(["run"]).success().says(&["Compiling host"]).prints(&["refused: E01"]);
}

#[test]
fn edit_of_a_package_that_only_a_plugin_has_reaches_the_program() {
    let workspace = Workspace::hooked();
    workspace.package("inner", "", "src/lib.rs", "pub fn seven() -> u32 { 7 }\n");
    workspace.replace("plugins/one/Cargo.toml", "[dependencies]\n", "[dependencies]\ninner = { path = \"../../inner\" }\n");
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    inner::seven()\n");
    workspace.hooked_cargo(["run"]).success().prints(&["one is 7"]);
    workspace.hooked_cargo(["run"]).success().never_says(&["Compiling"]).prints(&["one is 7"]);
    workspace.replace("inner/src/lib.rs", "{ 7 }", "{ 8 }");
    let ran = workspace.hooked_cargo(["run", "--package", "host"]).success();
    ran.says(&["Updating plugin `one`: older than ", "inner/src/lib.rs"]).prints(&["one is 8"]);
}

#[test]
fn profile_that_asks_for_lto_and_abort_runs_and_says_what_it_goes_without() {
    let workspace = Workspace::hooked();
    workspace.append("Cargo.toml", "[profile.dev]\nlto = \"thin\"\npanic = \"abort\"\n");
    let ran = workspace.hooked_cargo(["run"]).success();
    ran.says(&["warning: `host` is built without link-time optimization"]).prints(&["one is 1"]);
}

#[test]
fn what_was_compiled_without_the_hook_is_never_taken_for_what_was_compiled_with_it() {
    let workspace = Workspace::hooked();
    let hook = workspace.root.join(".cargo/config.toml");
    let aside = workspace.root.join("config.toml");
    let host = workspace.target.join("debug/host");
    for _ in 0..2 {
        workspace.hooked_cargo(["build"]).success();
        Ran::of(&mut run_at(&host, &workspace.root)).success().prints(&["one is 1"]);
        fs::rename(&hook, &aside).unwrap();
        workspace.hooked_cargo(["build"]).success();
        Ran::of(&mut run_at(&host, &workspace.root)).success().prints(&["refused: ", "E16"]);
        fs::rename(&aside, &hook).unwrap();
    }
}

#[test]
fn missing_tool_is_reported_with_the_command_that_installs_it() {
    let workspace = Workspace::hooked();
    let nowhere = tempfile::tempdir().unwrap();
    let mut cargo = workspace.hooked_command(["build"]);
    cargo.env("CARGO_ENGRAFT", "no-such-tool").env("CARGO_HOME", nowhere.path());
    let ran = Ran::of(&mut cargo).ended(101);
    ran.says(&["error: this workspace is built with Engraft, and `cargo-engraft` is not installed\n", "help: cargo install --locked "]);
}

#[test]
fn check_clippy_and_doc_work_and_leave_the_build_fresh() {
    let workspace = Workspace::hooked();
    workspace.hooked_cargo(["build"]).success();
    for arguments in [&["check", "--workspace"][..], &["clippy", "--workspace"], &["doc", "--workspace", "--no-deps"]] {
        workspace.hooked_cargo(arguments).success();
    }
    workspace.hooked_cargo(["build"]).success().never_says(&["Compiling"]);
}

#[test]
fn build_of_the_tool_in_a_hooked_workspace_ends() {
    let workspace = Workspace::hooked();
    workspace.hooked_cargo(["build"]).success();
    let mut build = workspace.command(["build"]);
    Ran::of(build.env("CARGO_ENGRAFT", tool::PROGRAM)).success();
    workspace.host(["one"]).success().prints(&["one is 1"]);
    workspace.hooked_cargo(["run"]).success().never_says(&["Compiling"]).prints(&["one is 1"]);
}

#[test]
fn update_of_the_tool_compiles_everything_again() {
    let workspace = Workspace::hooked();
    workspace.hooked_cargo(["build"]).success();
    let kept = workspace.target.join(".rustc_info.json");
    let answers = fs::read_to_string(&kept).unwrap();
    assert!(answers.contains("engraft: "), "{answers}");
    let script = workspace.root.join(".cargo/engraft/rustc");
    let before = fs::metadata(&script).unwrap().modified().unwrap();
    fs::write(&kept, answers.replace("engraft: ", "engraft: 0.0.1 of ")).unwrap();
    fs::File::open(&script).unwrap().set_modified(before).unwrap();
    workspace.append("api/src/lib.rs", "pub fn more() {}\n");
    let ran = workspace.hooked_cargo(["build"]).ended(101);
    ran.says(&["this target directory was compiled by another version", "help: run the same command again"]);
    workspace.hooked_cargo(["run"]).success().prints(&["one is 1"]);
}
