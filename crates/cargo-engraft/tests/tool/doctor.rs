//! `cargo engraft doctor`: a workspace with a problem for each check, and workspaces without problems.

use crate::schema;
use crate::slot::{By, Slot};
use crate::tool;
use crate::workspace::{PLUGIN, PLUGIN_SETTINGS, Workspace};
use crate::{linked, ran::Ran};
use serde_json::Value;
use std::fs;

/// A workspace with problems that do not stop a build.
fn with_all_problems() -> Workspace {
    let workspace = Workspace::new();
    workspace.append("api/Cargo.toml", "[features]\nextra = []\n");
    workspace.replace("Cargo.toml", "\"plugins/*\"]", "\"plugins/*\"]\nexclude = [\"old\"]");
    workspace.package("old", "", "src/lib.rs", "pub struct Old;\n");
    workspace.replace("old/Cargo.toml", "name = \"old\"\nversion = \"0.1.0\"", "name = \"api\"\nversion = \"0.0.9\"");
    // B1: only the host asks for the feature.
    workspace.replace("host/Cargo.toml", "api.workspace = true", "api = { workspace = true, features = [\"extra\"] }");
    // B3: a plugin that uses the old version, and two whose types have one name.
    let uses_old =
        format!("{PLUGIN_SETTINGS}[dependencies]\nengraft.workspace = true\nold = {{ package = \"api\", path = \"../../old\" }}\n");
    workspace.package("plugins/two", &uses_old, "src/lib.rs", "#[engraft::export]\npub fn value() -> u32 { let _ = old::Old; 2 }\n");
    let own = "pub struct Config(pub u8);\n#[engraft::export]\npub fn make() -> Config { Config(1) }\n";
    // B4: an initializer that calls a function that reads a file.
    let waits = "#[engraft::init]\nfn begin() { load(); }\nfn load() { let _ = std::fs::read(\"settings\"); }\n";
    workspace.plugin("one", &format!("{PLUGIN}{own}{waits}"));
    workspace.plugin("three", own);
    workspace
}

fn found(ran: &Ran) -> Vec<(String, String, bool)> {
    let report = schema::read("doctor.schema.json", &ran.stdout);
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| !text(finding, "mend").is_empty()), "{report:#}");
    findings.iter().map(|finding| (text(finding, "bug"), text(finding, "what"), finding["certain"] == true)).collect()
}

#[test]
fn doctor_finds_all_problems_at_once() {
    let workspace = with_all_problems();
    workspace.build();
    // B9, B2, B5, B7: after the build, because some of these would make it fail.
    workspace.append("Cargo.toml", "[profile.release]\nlto = \"fat\"\n");
    workspace.write(".cargo/config.toml", "[build]\nrustflags = [\"-Ctarget-feature=+crt-static\"]\n");
    workspace.replace("host/src/main.rs", "engraft::open(&name)", "engraft::open(\"plugins/one.so\")");
    workspace.append("api/src/lib.rs", "pub struct Later;\n");
    fs::remove_dir_all(workspace.root.join("plugins/three")).unwrap();
    // B7: a plugin of another build of its host.
    let older = fs::read(workspace.so("two")).unwrap();
    let host = linked::build_id(&workspace.output("host"));
    let mut altered = older.clone();
    let at: Vec<usize> = older.windows(32).enumerate().filter(|(_, bytes)| *bytes == host.0).map(|(at, _)| at).collect();
    assert!(!at.is_empty(), "the plugin's record has the build id of its host");
    at.iter().for_each(|at| altered[*at..*at + 32].fill(7));
    engraft_manifest::seal(&mut altered).unwrap();
    fs::write(workspace.so("two"), altered).unwrap();

    // B7: a truncated copy.
    let cut = fs::read(workspace.so("one")).unwrap();
    fs::write(workspace.so("cut"), &cut[..cut.len() / 2]).unwrap();

    let ran = workspace.engraft(["doctor", "--json"]).ended(100);
    let found = found(&ran);
    let expected = [
        ("B1", "built alone, `one` would have packages with other features: api 0.1.0 without extra", true),
        ("B2", "the profile `release` sets lto = fat", true),
        ("B3", "the plugin `two` uses api 0.0.9, but the hosts use 0.1.0", true),
        ("B4", "the initializer `begin` probably does I/O or waits while the plugin opens: begin → load → std::fs::read", false),
        ("B5", "the host opens `plugins/one.so` relative to the working directory", true),
        ("B7", "`host` was built before changes in src/lib.rs of api", true),
        ("B7", "`host` was probably built before changes in its own crate: host/src/main.rs", false),
        ("B7", "the plugin `two` was linked for another build of its host", true),
        ("B7", "the file remains, but the workspace no longer has `three`", true),
        ("B7", "this version of Engraft can't read a file in the output directory", true),
        ("B9", "the compiler flags enable `crt-static`", true),
        ("B12", "no rust-toolchain.toml pins the compiler for host and plugins", true),
    ];
    for (bug, what, certain) in expected {
        assert!(found.iter().any(|(is, text, sure)| is == bug && text.starts_with(what) && *sure == certain), "{bug}: {what}\n{ran}");
    }
    let bugs: Vec<u32> = found.iter().map(|(bug, ..)| bug[1..].parse().unwrap()).collect();
    assert!(bugs.is_sorted(), "{bugs:?}");
    let text = workspace.engraft(["doctor"]).ended(100);
    let lines = [
        "    Possible B4: the initializer `begin`",
        "\n  at plugins/one/src/lib.rs:",
        "\nhelp: use `engraft::open(\"one\")`",
        &format!("    Examined {}: {} findings\n", workspace.root.canonicalize().unwrap().display(), found.len()),
    ];
    text.prints(&lines);
}

/// The host looks up one name in both plugins, overwrites a plugin in place, opens one twice, and starts `main` before the initializers. The
/// packages share a source file, identify a type by its name, and unwrap a static that nothing sets. A plugin leaks threads.
#[test]
fn doctor_checks_sources_without_build() {
    let workspace = Workspace::new();
    workspace.append("api/Cargo.toml", "[dependencies]\nengraft.workspace = true\n");
    workspace.append(
        "api/src/lib.rs",
        "pub static TABLE: std::sync::OnceLock<u32> = std::sync::OnceLock::new();\n#[engraft::init]\nfn begin() {}\n",
    );
    workspace.write("shared/request.rs", "pub struct Request(pub u32);\n");
    let request = "#[path = \"SHARED/request.rs\"]\npub mod request;\n";
    let main = "fn main() {
    let one = unsafe { engraft::open(\"one\") }.unwrap();
    one.lookup::<fn() -> u32>(\"value\").unwrap()();
    std::fs::copy(\"new.so\", \"plugins/one.so\").unwrap();
}
pub fn is_request<T>() -> bool { std::any::type_name::<T>() == \"host::request::Request\" }
fn twice() { for _ in 0..2 { let _ = [\"one\"].map(|name| unsafe { engraft::open(name) }); } }
fn fresh() { let _ = unsafe { (engraft::open(\"one\"), engraft::open(\"one\")) }; }
";
    workspace.write("host/src/main.rs", &format!("{}{main}", request.replace("SHARED", "../../shared")));
    let leaves = "pub fn go() { let _ = std::thread::spawn(|| loop { std::thread::yield_now() }); }\n";
    workspace.plugin("one", &format!("{PLUGIN}#[engraft::export]\n{leaves}"));
    let other = "#[engraft::export]\npub fn value(by: u32) -> u32 { by * api::TABLE.get().unwrap() }\n";
    workspace.plugin("two", &format!("{}{other}", request.replace("SHARED", "../../../shared")));
    let ran = workspace.engraft(["doctor", "--json"]).ended(100);
    let mut found = found(&ran);
    found.retain(|(bug, ..)| bug != "B12");
    let expected = [
        (
            "B6",
            "the host looks up `value`, which plugins export with different types, `one` as `fn value () -> u32` (plugins/one/src/lib.rs:3)",
            false,
        ),
        ("B8", "the host overwrites `plugins/one.so` in place", false),
        ("B8", "one function opens `one` twice", false),
        ("B10", "the code probably identifies a type by its name", false),
        (
            "B10",
            "shared/request.rs is compiled into `host` and `two`: each of them has its own copy of what it defines, such as `Request`",
            true,
        ),
        ("B11", "`main` starts before the initializers of its packages, such as `begin` (api/src/lib.rs:", true),
        ("B11", "`TABLE` is unwrapped, but probably never set", false),
        ("B13", "each call of `go` probably starts a thread or task that never stops: go → std::thread::spawn", false),
    ];
    assert_eq!(found.len(), expected.len(), "{ran}");
    for ((is, text, sure), (bug, what, certain)) in found.iter().zip(expected) {
        assert!(is == bug && text.starts_with(what) && *sure == certain, "{bug}: {what}\n{ran}");
    }
}

/// `toolchain = "any"` is for workspaces that are always built as a whole.
#[test]
fn doctor_accepts_any_toolchain_if_configured() {
    let workspace = Workspace::new();
    workspace.engraft(["doctor"]).ended(100).prints(&["Found B12: no rust-toolchain.toml", "1 finding\n"]);
    workspace.append("Cargo.toml", "[workspace.metadata.engraft]\ntoolchain = \"any\"\n");
    workspace.engraft(["doctor"]).success().prints(&["no findings\n"]);
    workspace.replace("Cargo.toml", "\"any\"", "\"1.95\"");
    workspace.engraft(["doctor"]).ended(101).says(&["failed to understand [workspace.metadata.engraft] in ", "unknown variant `1.95`"]);
}

/// The examples in this repository follow the advice of `doctor`.
#[test]
fn examples_have_no_findings() {
    let nowhere = tempfile::tempdir().unwrap();
    for example in ["hello", "gateway"] {
        let directory = tool::crates().with_file_name("examples").join(example);
        let ran = Ran::of(tool::engraft(&directory, nowhere.path()).arg("doctor")).success();
        assert!(ran.stdout.ends_with(": no findings\n"), "{ran}");
    }
}

/// Packages that differ in features come from two workspaces, because one workspace resolves features once.
#[test]
fn doctor_finds_own_types_in_exports_and_packages_that_differ_in_features() {
    let workspace = with_all_problems();
    workspace.replace("plugins/two/Cargo.toml", "old = { package = \"api\", path = \"../../old\" }\n", "api.workspace = true\n");
    workspace.plugin("two", PLUGIN);
    workspace.build();
    // Build the plugins in a workspace where no host enables the feature.
    let host = workspace.keep(&workspace.output("host"), "host");
    workspace.replace("host/Cargo.toml", ", features = [\"extra\"]", "");
    workspace.replace("plugins/two/Cargo.toml", "plugin = true\n", "plugin = true\nhosts = [\"alone\"]\n");
    workspace.package("alone", "[dependencies]\nengraft.workspace = true\n", "src/main.rs", "fn main() { let _ = engraft::plugins(); }\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"alone\"");
    workspace.build();
    fs::rename(host, workspace.output("host")).unwrap();
    let ran = workspace.engraft(["doctor", "--json"]).ended(100);
    let found = found(&ran);
    for (bug, what) in [
        ("B3", "`make` has the same signature in `one` and `three`, but each defines its own type `Config`"),
        ("B3", "the plugin `two` bundles api 0.1.0 although `host` has it, because the features differ (only in `host`: extra)"),
    ] {
        assert!(found.iter().any(|(is, text, _)| is == bug && text.starts_with(what)), "{bug}: {what}\n{ran}");
    }
}

#[test]
fn new_workspace_has_no_findings() {
    let slot = Slot::borrow(By::Tool);
    let directory = tempfile::tempdir().unwrap();
    let engraft = |at: &std::path::Path, arguments: &[&str]| Ran::of(tool::engraft(at, slot.path()).args(arguments));
    engraft(directory.path(), &["new", "w"]).success();
    let root = directory.path().join("w");
    let nothing = format!("    Examined {}: no findings\n", root.canonicalize().unwrap().display());
    let before = engraft(&root, &["doctor"]).success();
    assert_eq!(before.stdout, nothing, "{before}");
    engraft(&root, &["new", "--plugin", "more"]).success();
    engraft(&root, &["build"]).success();
    // Files with debug information are not plugins.
    engraft(&root, &["build", "--release", "--strip"]).success();
    let built = engraft(&root, &["doctor"]).success();
    assert_eq!(built.stdout, nothing, "{built}");
    let report = schema::read("doctor.schema.json", &engraft(&root, &["doctor", "--json"]).success().stdout);
    assert_eq!(report["findings"], serde_json::json!([]));
    engraft(directory.path(), &["doctor"]).ended(101).says(&["could not find `Cargo.toml`"]);
}
