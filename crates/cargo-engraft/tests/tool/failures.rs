//! Builds that fail: whose words are heard, which exit code it is, and what is left in place.

use crate::linked::stamp;
use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace};
use std::fs;

#[test]
fn an_error_in_a_plugin_is_told_by_the_compiler_and_leaves_what_was_there() {
    let workspace = Workspace::new();
    workspace.plugin("two", PLUGIN);
    workspace.build();
    let before = ["one", "two"].map(|name| stamp(&workspace.so(name)));
    let host = stamp(&workspace.output("host"));
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    \"one\"\n");
    workspace.append("plugins/two/src/lib.rs", "pub fn more() {}\n");
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["error[E0308]: mismatched types", "plugins/one/src/lib.rs:5:5", "could not compile `one`"])
        .never_says(&["Linking", "panicked", "caused by"]);
    assert_eq!(["one", "two"].map(|name| stamp(&workspace.so(name))), before);
    assert_eq!(stamp(&workspace.output("host")), host);
    workspace.host(["one"]).success().prints(&["one is 1"]);

    workspace.replace("plugins/one/src/lib.rs", "\"one\"", "2");
    workspace.build().says(&["Linking one", "Linking two"]);
    workspace.host(["one"]).success().prints(&["one is 2"]);
}

#[test]
fn a_plugin_that_does_not_fit_leaves_what_was_there() {
    let workspace = Workspace::new();
    workspace.build();
    let before = stamp(&workspace.so("one"));
    workspace.append(
        "plugins/one/src/lib.rs",
        "unsafe extern \"C\" { fn no_such_function(); }\n#[engraft::export]\npub fn call() { unsafe { no_such_function() } }\n",
    );
    workspace.engraft(["build"]).ended(100);
    assert_eq!(stamp(&workspace.so("one")), before);
    // Nothing half-made either.
    assert_eq!(fs::read_dir(workspace.output("plugins")).unwrap().count(), 1);
    // And it is tried again, not taken for done.
    workspace.engraft(["build"]).ended(100).says(&["no_such_function"]);
}

/// Fails when it links what the word in `fails-for` is about, and otherwise is `cc`.
const FAILING_LINKER: &str = r#"#!/bin/sh
word=$(cat "$(dirname "$0")/fails-for")
for argument in "$@"; do
    case "$argument" in @*) grep -q -e "$word" "${argument#@}" && bad=1 ;; esac
done
if [ "$bad" ]; then
    echo 'the linker is out of ink' >&2
    exit 7
fi
exec cc "$@"
"#;

#[test]
fn a_linker_that_fails_is_heard() {
    let workspace = Workspace::cold();
    let linker = workspace.script("failing-cc", FAILING_LINKER);
    let build = || {
        let mut command = workspace.command(["build"]);
        let ran = Ran::of(command.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", &linker));
        ran.ended(101).says(&["the linker is out of ink", "exit status: 7"])
    };
    workspace.write("fails-for", "-shared");
    build().says(&["error: failed to link the plugin `one`\n"]).never_says(&["panicked"]);
    assert!(!workspace.so("one").exists());
    workspace.write("fails-for", "-pie");
    workspace.append("host/src/main.rs", "pub fn more() {}\n");
    build().says(&["could not compile `host`"]).never_says(&["panicked", "Linking"]);
}

#[test]
fn a_build_script_that_fails_is_cargos_to_tell() {
    let workspace = Workspace::new();
    workspace.write("plugins/one/build.rs", "fn main() { eprintln!(\"no ink\"); std::process::exit(3) }\n");
    workspace.engraft(["build"]).ended(101).says(&["failed to run custom build command for `one", "no ink", "exit status: 3"]);
}

#[test]
fn a_manifest_that_is_wrong_is_cargos_to_tell() {
    let workspace = Workspace::new();
    workspace.append("plugins/one/Cargo.toml", "nonsense = { path = \"nowhere\" }\n");
    workspace.engraft(["build"]).ended(101).says(&["error: failed to ", "nonsense", "nowhere"]).never_says(&["caused by", "error: error"]);
}

#[test]
fn wrong_usage_has_exit_code_2() {
    let workspace = Workspace::new();
    workspace.engraft(["build", "--no-such-option"]).ended(2).says(&["--no-such-option", "Usage: cargo engraft build"]);
    workspace.engraft(["biuld"]).ended(2).says(&["biuld"]);
    workspace.engraft(["build", "--release", "--profile", "dev"]).ended(2);
    workspace.engraft(["--help"]).ended(0).prints(&["build", "run", "test", "new"]);
}
