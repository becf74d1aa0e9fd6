//! Builds that meet: two in one target directory, one within another, and files that change while a plugin is linked.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::Workspace;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

#[test]
fn a_second_build_waits_until_the_first_has_linked_its_plugins() {
    let workspace = Workspace::new();
    workspace.build();
    let first = File::options().write(true).open(workspace.target.join("engraft/.lock")).unwrap();
    first.try_lock().expect("a build that has ended holds nothing");
    let mut second = workspace.command(["build"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(second.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert!(line.contains("Blocking waiting for another `cargo engraft`"), "{line}");
    assert!(second.try_wait().unwrap().is_none());
    first.unlock().unwrap();
    told.read_to_string(&mut line).unwrap();
    assert!(second.wait().unwrap().success(), "{line}");
}

#[test]
fn a_host_that_runs_and_a_test_that_runs_let_others_build() {
    let workspace = Workspace::new();
    let builds = format!(
        "\nfn build() {{\n    let ran = std::process::Command::new({:?}).args([\"engraft\", \"build\"]).output().unwrap();\n    \
         assert!(ran.status.success(), \"{{ran:?}}\");\n    assert!(!String::from_utf8_lossy(&ran.stderr).contains(\"Blocking\"));\n}}\n",
        tool::PROGRAM
    );
    let program = format!(
        "{builds}fn main() {{ build(); let _ = unsafe {{ engraft::open(\"one\") }}.unwrap(); }}\n#[test]\nfn builds() {{ build(); }}\n"
    );
    workspace.write("host/src/main.rs", &program);
    workspace.engraft(["run"]).success();
    workspace.engraft(["test"]).success();
}

#[test]
fn a_build_within_a_build_of_the_same_directory_is_told_to_take_another() {
    let workspace = Workspace::new();
    let script = "fn main() {\n    let mut build = std::process::Command::new(PROGRAM);\n    \
        build.args([\"engraft\", \"build\", \"--release\"]).current_dir(\"..\").env(\"CARGO_TARGET_DIR\", DIRECTORY);\n    \
        assert!(build.status().unwrap().success());\n}\n";
    let script = script.replace("PROGRAM", &format!("{:?}", tool::PROGRAM)).replace("DIRECTORY", &format!("{:?}", workspace.target));
    workspace.write("api/build.rs", &script);
    workspace.engraft(["build"]).ended(101).says(&[
        "error: `cargo engraft` was started by a build of `cargo engraft` in the same target directory",
        "help: give the inner one a directory of its own with --target-dir",
    ]);
}

/// Replaces the host while it links, if it is asked to.
const TOUCHING_LINKER: &str = "#!/bin/sh\nif rm \"$(dirname \"$0\")/now\" 2>/dev/null; then touch \"HOST\"; fi\nexec cc \"$@\"\n";

#[test]
fn a_plugin_is_linked_again_after_its_host_was_replaced_during_its_link() {
    let workspace = Workspace::new();
    let host = workspace.target.join("engraft/build/debug/host");
    let linker = workspace.script("tools/my-cc", &TOUCHING_LINKER.replace("HOST", &host.display().to_string()));
    let build = || {
        let mut command = workspace.command(["build"]);
        Ran::of(command.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", &linker)).success()
    };
    build();
    fs::write(workspace.root.join("tools/now"), "").unwrap();
    workspace.append("plugins/one/src/lib.rs", "pub fn more() {}\n");
    build().says(&["Linking one"]).never_says(&["Compiling host"]);
    assert!(!workspace.root.join("tools/now").exists());
    build().says(&["Linking one"]);
    build().never_says(&["Linking"]);
}
