//! `ENGRAFT_SAVE_LINK` keeps what a link was made from: it can be run again, elsewhere.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::Workspace;
use engraft_manifest::SEAL;
use std::fs;
use std::path::Path;

/// The two files, but for digest and length, which are filled in when a link is done.
#[track_caller]
fn assert_equal_but_for_the_seal(one: &Path, other: &Path) {
    let (one, other) = (fs::read(one).unwrap(), fs::read(other).unwrap());
    assert_eq!(one.len(), other.len());
    let differing: Vec<usize> = (0..one.len()).filter(|at| one[*at] != other[*at]).collect();
    let (first, last) = (differing[0], differing[differing.len() - 1]);
    assert!(last - first < SEAL, "differs from {first} to {last}");
}

#[test]
fn a_saved_link_is_linked_again_to_an_equal_file() {
    for profile in ["dev", "release"] {
        let workspace = Workspace::new();
        let saved = workspace.root.join("saved links");
        let mut command = workspace.command(["build", "--profile", profile]);
        Ran::of(command.env("ENGRAFT_SAVE_LINK", &saved)).success();
        let output = workspace.target.join("engraft").join(if profile == "dev" { "debug" } else { profile });
        let kept = workspace.keep(&output.join("plugins/one.so"), "one.so");
        let host = workspace.keep(&output.join("host"), "host");

        // Elsewhere, and without the libraries that the workspace was compiled to.
        let libraries = fs::read_dir(output.with_file_name("build").join(output.file_name().unwrap()).join("deps")).unwrap();
        for library in libraries.map(|entry| entry.unwrap().path()) {
            let name = library.file_name().unwrap().to_string_lossy();
            if name.starts_with("libapi-") || name.starts_with("libone-") {
                fs::remove_file(&library).unwrap();
            }
        }
        let moved = workspace.root.join("moved");
        fs::rename(&saved, &moved).unwrap();
        for (name, original) in [("one", &kept), ("host", &host)] {
            let directory = moved.join(format!("{name}-1"));
            for file in ["given.rsp", "planned.rsp", "request.json", "inputs"] {
                assert!(directory.join(file).exists(), "{file}");
            }
            let ran = Ran::of(tool::clean(directory.join("replay")).current_dir("/")).success();
            assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
            assert_equal_but_for_the_seal(original, &directory.join("output"));
        }
    }
}

/// Whoever compares two links wants both.
#[test]
fn no_saved_link_replaces_another() {
    let workspace = Workspace::new();
    let build = || Ran::of(workspace.command(["build"]).env("ENGRAFT_SAVE_LINK", "saved")).success();
    build();
    workspace.append("plugins/one/src/lib.rs", "pub fn more() {}\n");
    build();
    for name in ["host-1", "one-1", "one-2"] {
        assert!(workspace.root.join("saved").join(name).join("replay").exists(), "{name}");
    }
    assert!(!workspace.root.join("saved/host-2").exists());
}

#[test]
fn a_link_that_fails_is_saved_too() {
    let workspace = Workspace::new();
    workspace.append(
        "plugins/one/src/lib.rs",
        "unsafe extern \"C\" { fn no_such_function(); }\n#[engraft::export]\npub fn call() { unsafe { no_such_function() } }\n",
    );
    let saved = workspace.root.join("saved");
    Ran::of(workspace.command(["build"]).env("ENGRAFT_SAVE_LINK", &saved)).ended(100);
    assert!(saved.join("one-1/replay").exists());
}

/// Arguments reach the linker: that is how one asks it for more words.
#[test]
fn a_replay_takes_arguments() {
    let workspace = Workspace::new();
    let saved = workspace.root.join("saved");
    Ran::of(workspace.command(["build"]).env("ENGRAFT_SAVE_LINK", &saved)).success();
    let ran = Ran::of(tool::clean(saved.join("one-1/replay")).arg("-Wl,-Map=map")).success();
    assert!(fs::read_to_string(saved.join("one-1/map")).unwrap().contains("engraft"), "{ran}");
}

/// The directory is the user's, and so is whatever in it is called like a host or a plugin.
#[test]
fn saving_a_link_removes_nothing() {
    let workspace = Workspace::new();
    Ran::of(workspace.command(["build"]).env("ENGRAFT_SAVE_LINK", ".")).success();
    Ran::of(workspace.command(["build"]).env("ENGRAFT_SAVE_LINK", "plugins")).success();
    assert!(workspace.root.join("host/src/main.rs").is_file() && workspace.root.join("plugins/one/src/lib.rs").is_file());
    assert!(workspace.root.join("host-1/replay").is_file() && workspace.root.join("one-1/replay").is_file());
}
