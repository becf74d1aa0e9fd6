//! A plugin for which no host has the right packages.

use crate::tool;
use crate::workspace::Workspace;
use std::fs;
use std::process::Command;

/// A copy of Engraft's crates in the workspace's directory, of this version.
fn copy_of_engraft(workspace: &Workspace, version: &str) {
    let copy = workspace.root.join("other");
    fs::create_dir_all(copy.join("crates")).unwrap();
    for name in ["engraft", "engraft-macros", "engraft-manifest"] {
        let copied = Command::new("cp").arg("-r").arg(tool::crates().join(name)).arg(copy.join("crates")).status().unwrap();
        assert!(copied.success());
    }
    let root = fs::read_to_string(tool::crates().parent().unwrap().join("Cargo.toml")).unwrap();
    let root = root
        .replace("\"crates/*\", \"xtask\"", "\"crates/*\"")
        .replace("\"0.1.0\"", &format!("{version:?}"))
        .replace("\"=0.1.0\"", &format!("\"={version}\""));
    // The profile of a package that only the tool needs would be complained about.
    fs::write(copy.join("Cargo.toml"), root.split("[profile.dev.package").next().unwrap()).unwrap();
}

#[test]
fn an_engraft_of_another_version() {
    let workspace = Workspace::new();
    copy_of_engraft(&workspace, "0.1.9");
    workspace.replace("Cargo.toml", "members", "exclude = [\"other\"]\nmembers");
    workspace.replace("plugins/one/Cargo.toml", "engraft.workspace = true", "engraft = { path = \"../../other/crates/engraft\" }");
    workspace
        .engraft(["build"])
        .ended(100)
        .says(&["the plugin `one` does not fit the host ", "engraft 0.1.9: the host has version 0.1.0", "help: "])
        .never_says(&["caused by", "linking with"]);
    assert!(!workspace.so("one").exists());
}

/// An `api` of an older version, in `old/api`; its counter starts elsewhere.
fn add_older_api(workspace: &Workspace) {
    workspace.package(
        "old/api",
        "",
        "src/lib.rs",
        "pub static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(40);\n",
    );
    workspace.replace("old/api/Cargo.toml", "0.1.0", "0.0.9");
}

/// Other packages may differ: they coexist.
#[test]
fn an_api_of_another_version_is_another_package() {
    let workspace = Workspace::new();
    add_older_api(&workspace);
    workspace.replace("Cargo.toml", "members", "exclude = [\"old\"]\nmembers");
    workspace.replace("plugins/one/Cargo.toml", "api.workspace = true", "api = { path = \"../../old/api\" }");
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1\ncalls: 0\n"]);
}

/// Two hosts that resolve one package to different versions: the plugin borrows it from neither.
#[test]
fn hosts_with_different_packages_have_one_plugin() {
    let workspace = Workspace::new();
    add_older_api(&workspace);
    workspace.replace("Cargo.toml", "members = [\"api\"", "exclude = [\"old\"]\nmembers = [\"other-host\", \"api\"");
    let host = fs::read_to_string(workspace.root.join("host/src/main.rs")).unwrap();
    workspace.package("other-host", "[dependencies]\nengraft.workspace = true\napi = { path = \"../old/api\" }\n", "src/main.rs", &host);
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1\ncalls: 1\n"]);
    let other = workspace.output("other-host");
    crate::ran::Ran::of(&mut crate::workspace::run_at(&other, &workspace.root)).success().prints(&["one is 1\ncalls: 40\n"]);
}
