//! `cargo engraft doctor`: a workspace with as much wrong in it as there are checks, and one with nothing.

use crate::schema;
use crate::slot::Slot;
use crate::tool;
use crate::workspace::{PLUGIN, PLUGIN_SETTINGS, Workspace};
use crate::{linked, ran::Ran};
use serde_json::Value;
use std::fs;

/// The API with a feature, and an older version of it beside.
fn with_everything_wrong() -> Workspace {
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
    // B4: an initialiser that reads a file, behind a function.
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
fn whatever_is_wrong_in_a_workspace_is_found_at_once() {
    let workspace = with_everything_wrong();
    workspace.build();
    // B9, B2, B5, B7: after the build, which some of it would stop.
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
    assert!(!at.is_empty(), "the plugin's record names its host");
    at.iter().for_each(|at| altered[*at..*at + 32].fill(7));
    engraft_manifest::seal(&mut altered).unwrap();
    fs::write(workspace.so("two"), altered).unwrap();

    // And one that was not copied to its end.
    let cut = fs::read(workspace.so("one")).unwrap();
    fs::write(workspace.so("cut"), &cut[..cut.len() / 2]).unwrap();

    let ran = workspace.engraft(["doctor", "--json"]).ended(100);
    let found = found(&ran);
    let expected = [
        ("B1", "built alone, `one` would have packages with other features: api 0.1.0 without extra", true),
        ("B2", "the profile `release` asks for lto = fat", true),
        ("B3", "the plugin `two` uses api 0.0.9, and the hosts have 0.1.0", true),
        ("B4", "the initialiser `begin` seems to do I/O or to wait while the plugin opens: begin → load → std::fs::read", false),
        ("B5", "`plugins/one.so` is looked for from the working directory", true),
        ("B7", "`host` was built before changes in src/lib.rs of api", true),
        ("B7", "`host` seems to have been built before changes in its own crate: host/src/main.rs", false),
        ("B7", "the plugin `two` was linked for another build of its host", true),
        ("B7", "the workspace has no `three` any more", true),
        ("B7", "a file in the output directory is not one that this version of Engraft makes", true),
        ("B9", "the flags ask for `crt-static`", true),
        ("B12", "no rust-toolchain.toml says which compiler builds host and plugins", true),
    ];
    for (bug, what, certain) in expected {
        assert!(found.iter().any(|(is, told, sure)| is == bug && told.starts_with(what) && *sure == certain), "{bug}: {what}\n{ran}");
    }
    let bugs: Vec<u32> = found.iter().map(|(bug, ..)| bug[1..].parse().unwrap()).collect();
    assert!(bugs.is_sorted(), "{bugs:?}");
    let text = workspace.engraft(["doctor"]).ended(100);
    let lines = [
        "     Perhaps B4: the initialiser `begin`",
        "\n  at plugins/one/src/lib.rs:",
        "\nhelp: `engraft::open(\"one\")`: a bare name",
        &format!("    Examined {}: {} findings\n", workspace.root.canonicalize().unwrap().display(), found.len()),
    ];
    text.prints(&lines);
}

/// A host that looks one name up in both of its plugins, writes over a file that it may have open, and does not wait for initialisers; packages
/// that share a source file, tell types by their names, and take for set what nobody sets; a plugin that leaves threads behind.
#[test]
fn what_only_the_source_tells_is_found_without_a_build() {
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
            "`value` is looked up in plugins, and they export it with different types: in `one` it is `fn value () -> u32` (plugins/one/src/lib.rs:3)",
            false,
        ),
        ("B8", "`plugins/one.so` is written to where it stands", false),
        ("B8", "`one` is opened a second time in one function", false),
        ("B10", "a type seems to be told by its name", false),
        (
            "B10",
            "shared/request.rs is compiled into `host` and `two`: what it defines, such as `Request`, is another thing in each of them",
            true,
        ),
        ("B11", "`main` begins before the initialisers of its packages, such as `begin` (api/src/lib.rs:", true),
        ("B11", "`TABLE` is taken for set, and nothing seems to set it", false),
        ("B13", "each call of `go` seems to leave something behind that runs for ever: go → std::thread::spawn", false),
    ];
    assert_eq!(found.len(), expected.len(), "{ran}");
    for ((is, told, sure), (bug, what, certain)) in found.iter().zip(expected) {
        assert!(is == bug && told.starts_with(what) && *sure == certain, "{bug}: {what}\n{ran}");
    }
}

/// A workspace that is only ever built as a whole says so.
#[test]
fn a_workspace_may_be_meant_for_any_compiler() {
    let workspace = Workspace::new();
    workspace.engraft(["doctor"]).ended(100).prints(&["Found B12: no rust-toolchain.toml", "1 finding\n"]);
    workspace.append("Cargo.toml", "[workspace.metadata.engraft]\ntoolchain = \"any\"\n");
    workspace.engraft(["doctor"]).success().prints(&["nothing was found\n"]);
    workspace.replace("Cargo.toml", "\"any\"", "\"1.95\"");
    workspace.engraft(["doctor"]).ended(101).says(&["failed to understand [workspace.metadata.engraft] in ", "unknown variant `1.95`"]);
}

/// Our own examples hold what doctor advises.
#[test]
fn in_the_examples_nothing_is_found() {
    let nowhere = tempfile::tempdir().unwrap();
    for example in ["hello", "gateway"] {
        let directory = tool::crates().with_file_name("examples").join(example);
        let ran = Ran::of(tool::engraft(&directory, nowhere.path()).arg("doctor")).success();
        assert!(ran.stdout.ends_with(": nothing was found\n"), "{ran}");
    }
}

/// Twins come of two workspaces: one resolves features once. Exports that print alike need no build.
#[test]
fn exports_that_print_alike_and_packages_that_differ_in_features_are_found() {
    let workspace = with_everything_wrong();
    workspace.replace("plugins/two/Cargo.toml", "old = { package = \"api\", path = \"../../old\" }\n", "api.workspace = true\n");
    workspace.plugin("two", PLUGIN);
    workspace.build();
    // What a workspace without the host's feature builds.
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
        ("B3", "`make` prints alike in `one` and `three`, and each has a `Config` of its own"),
        ("B3", "the plugin `two` brings api 0.1.0 along although `host` has it, with other features (only `host`'s has extra)"),
    ] {
        assert!(found.iter().any(|(is, told, _)| is == bug && told.starts_with(what)), "{bug}: {what}\n{ran}");
    }
}

#[test]
fn in_a_new_workspace_nothing_is_found() {
    let slot = Slot::borrow();
    let directory = tempfile::tempdir().unwrap();
    let engraft = |at: &std::path::Path, arguments: &[&str]| Ran::of(tool::engraft(at, slot.path()).args(arguments));
    engraft(directory.path(), &["new", "w"]).success();
    let root = directory.path().join("w");
    let nothing = format!("    Examined {}: nothing was found\n", root.canonicalize().unwrap().display());
    let before = engraft(&root, &["doctor"]).success();
    assert_eq!(before.stdout, nothing, "{before}");
    engraft(&root, &["new", "--plugin", "more"]).success();
    engraft(&root, &["build"]).success();
    // Debug information beside the files is nobody's plugin.
    engraft(&root, &["build", "--release", "--strip"]).success();
    let built = engraft(&root, &["doctor"]).success();
    assert_eq!(built.stdout, nothing, "{built}");
    let report = schema::read("doctor.schema.json", &engraft(&root, &["doctor", "--json"]).success().stdout);
    assert_eq!(report["findings"], serde_json::json!([]));
    engraft(directory.path(), &["doctor"]).ended(101).says(&["could not find `Cargo.toml`"]);
}
