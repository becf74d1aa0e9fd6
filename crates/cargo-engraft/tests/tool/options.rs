//! The options that Engraft shares with cargo have the same meaning.

use crate::linked::manifest;
use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace, run_at};
use std::fs;
use std::path::{Path, PathBuf};

/// Prints its features and whether debug assertions are on.
const HOST: &str = r#"
fn main() {
    let plugin = unsafe { engraft::open("one") }.unwrap();
    println!("loud: {}, quick: {}, checks: {}", cfg!(feature = "loud"), cfg!(feature = "quick"), cfg!(debug_assertions));
    println!("{}", plugin.lookup::<fn() -> u32>("value").unwrap()());
}
"#;

fn with_features() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.append("host/Cargo.toml", "[features]\ndefault = [\"quick\"]\nquick = []\nloud = []\n");
    workspace
}

#[test]
fn release_option_selects_release_profile() {
    for arguments in [["build", "--release"], ["build", "-r"], ["build", "--profile=release"]] {
        let workspace = with_features();
        workspace.engraft(arguments).success().says(&["Finished `release` profile"]);
        assert!(!workspace.output("host").exists());
        let output = workspace.target.join("engraft/release");
        Ran::of(&mut run_at(&output.join("host"), &workspace.root)).success().prints(&["checks: false\n1\n"]);
        assert_eq!(manifest(&output.join("plugins/one.so"), |manifest| manifest.profile.to_owned()), "release");
    }
}

#[test]
fn custom_profile_has_its_own_directory() {
    let workspace = Workspace::cold();
    workspace.write("host/src/main.rs", HOST);
    workspace.append("host/Cargo.toml", "[features]\nloud = []\nquick = []\n");
    workspace.append("Cargo.toml", "[profile.dist]\ninherits = \"dev\"\ndebug-assertions = false\n");
    workspace.engraft(["build", "--profile", "dist"]).success();
    let output = workspace.target.join("engraft/dist");
    Ran::of(&mut run_at(&output.join("host"), &workspace.root)).success().prints(&["checks: false\n1\n"]);
    assert_eq!(manifest(&output.join("host"), |manifest| manifest.profile.to_owned()), "dist");
    assert!(!workspace.target.join("engraft/debug").exists());
}

#[test]
fn profiles_do_not_overwrite_each_other() {
    let workspace = Workspace::new();
    workspace.build();
    workspace.engraft(["build", "--release"]).success();
    workspace.build().never_says(&["Compiling", "Linking"]);
    let released = workspace.target.join("engraft/release/plugins/one.so");
    workspace.host([&released]).success().prints(&["built with other compiler flags", "-C opt-level=3"]).never_prints(&["is 1"]);
}

#[test]
fn feature_options_work_as_in_cargo() {
    let workspace = with_features();
    let expect = |arguments: &[&str], printed: &str| {
        workspace.engraft(["build"].iter().chain(arguments)).success();
        workspace.host([] as [&str; 0]).success().prints(&[printed]);
    };
    expect(&[], "loud: false, quick: true");
    expect(&["--features", "host/loud"], "loud: true, quick: true");
    expect(&["--features=loud"], "loud: true, quick: true");
    expect(&["-F", "loud", "--no-default-features"], "loud: true, quick: false");
    expect(&["--no-default-features"], "loud: false, quick: false");
    expect(&["--all-features"], "loud: true, quick: true");
    workspace.engraft(["build", "--features", "absent"]).ended(101).says(&["absent"]);
}

#[test]
fn manifest_path_can_be_elsewhere() {
    let workspace = Workspace::new();
    let elsewhere = tempfile::tempdir().unwrap();
    for manifest in ["Cargo.toml", "plugins/one/Cargo.toml"] {
        let mut command = workspace.command(["build", "--manifest-path"]);
        Ran::of(command.arg(workspace.root.join(manifest)).current_dir(elsewhere.path())).success();
    }
    workspace.host(["one"]).success().prints(&["one is 1"]);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn build_works_in_directory_of_member() {
    let workspace = Workspace::new();
    Ran::of(workspace.command(["build"]).current_dir(workspace.root.join("plugins/one/src"))).success();
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn target_dir_option_is_used() {
    let workspace = Workspace::new();
    workspace.engraft(["build", "--target-dir", "t 1"]).success();
    let output = workspace.root.join("t 1/engraft/debug");
    Ran::of(&mut run_at(&output.join("host"), Path::new("/"))).success().prints(&["one is 1"]);
    // The option takes precedence over `CARGO_TARGET_DIR`, which every test sets.
    assert!(!workspace.output("host").exists());
    assert!(!workspace.root.join("target").exists());
}

#[test]
fn locked_refuses_to_change_lock_file() {
    let workspace = Workspace::new();
    // The lock file has the packages of the whole repository, so a build would change it.
    for option in ["--locked", "--frozen"] {
        workspace.engraft(["build", option]).ended(101).says(&["error: ", "lock file", option]);
    }
    workspace.build();
    workspace.engraft(["build", "--locked"]).success();
    workspace.engraft(["build", "--frozen"]).success();
    workspace.engraft(["build", "--offline"]).success();
    workspace.plugin("two", PLUGIN);
    workspace.engraft(["build", "--locked"]).ended(101).says(&["lock file"]);
}

#[test]
fn message_format_json_prints_json() {
    let workspace = Workspace::new();
    workspace.append("plugins/one/src/lib.rs", "fn unused() {}\n");
    let ran = workspace.engraft(["build", "--message-format", "json"]).success();
    let messages: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let of_reason = |reason: &str| messages.iter().filter(|message| message["reason"] == reason).collect::<Vec<_>>();
    assert!(of_reason("compiler-artifact").iter().any(|message| message["target"]["name"] == "one"), "{ran}");
    assert!(
        of_reason("compiler-message").iter().any(|message| message["message"]["message"].as_str().unwrap().contains("unused")),
        "{ran}"
    );
    assert_eq!(of_reason("build-finished").len(), 1, "{ran}");

    let artifacts = of_reason("engraft-artifact");
    let found: Vec<(&str, &str, PathBuf)> = artifacts
        .iter()
        .map(|message| (message["kind"].as_str().unwrap(), message["name"].as_str().unwrap(), message["path"].as_str().unwrap().into()))
        .collect();
    let mut expected = vec![("plugin", "one", workspace.so("one")), ("host", "host", workspace.output("host"))];
    expected.sort();
    let mut sorted = found;
    sorted.sort();
    assert_eq!(sorted, expected);
    // The messages are repeated if the artifacts are up to date, as in cargo.
    workspace.engraft(["build", "--message-format", "json"]).success().prints(&["\"engraft-artifact\""]);
}

#[test]
fn verbose_prints_commands() {
    let workspace = Workspace::new();
    let ran = workspace.engraft(["build", "-v"]).success().says(&["--crate-name one", "Linking one", "--crate-name\" \"engraft_plugin\""]);
    assert!(ran.stderr.lines().any(|line| line.trim_start().starts_with("Running `") && line.contains("cargo")), "{ran}");
}

#[test]
fn quiet_prints_nothing() {
    let workspace = Workspace::new();
    for option in ["-q", "--quiet"] {
        let ran = workspace.engraft(["build", option]).success();
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    }
    workspace.host(["one"]).success().prints(&["one is 1"]);
    workspace.write("plugins/one/src/lib.rs", "fn f() -> u8 {}\n");
    workspace.engraft(["build", "-q"]).ended(101).says(&["mismatched types"]);
}

#[test]
fn color_option_is_used() {
    let workspace = Workspace::new();
    let colored = workspace.engraft(["build", "--color", "always"]).success();
    let lines = |verb: &str| colored.stderr.lines().find(|line| line.contains(verb)).unwrap_or_else(|| panic!("{colored}")).to_owned();
    assert!(lines("Compiling").contains('\x1b'), "{colored}");
    assert!(lines("Linking").contains('\x1b'), "our lines have colors like cargo's: {colored}");
    fs::remove_file(workspace.so("one")).unwrap();
    workspace.engraft(["build", "--color", "never"]).success().never_says(&["\x1b"]);
}

#[test]
fn target_has_its_own_directory() {
    let workspace = Workspace::cold();
    workspace.engraft(["build", "--target", "x86_64-unknown-linux-gnu"]).success();
    let output = workspace.target.join("engraft/x86_64-unknown-linux-gnu/debug");
    Ran::of(&mut run_at(&output.join("host"), &workspace.root)).success().prints(&["one is 1"]);
    // `doctor` checks this directory too, both by digest and by modification time.
    workspace.append("host/src/main.rs", "// later\n");
    workspace.append("api/src/lib.rs", "// later\n");
    workspace.engraft(["doctor"]).ended(100).prints(&[
        &format!("`host` was built before changes in src/lib.rs of api\n  at {}/host\n", output.display()),
        "Possible B7: `host` was probably built before changes in its own crate: host/src/main.rs\n",
        "B7: `one` was built before changes in src/lib.rs of api\n",
    ]);
}
