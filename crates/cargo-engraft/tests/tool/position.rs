//! Hosts at a fixed address and at any: plugins open in both.

use crate::ran::Ran;
use crate::workspace::{Workspace, run_at};
use object::Object;
use std::fs;
use std::path::Path;

/// Opens `one` and shows that a static of the API is one for both.
#[track_caller]
fn opens_in_a(workspace: &Workspace, kind: object::ObjectKind) {
    opens(workspace, &workspace.output("host"), kind);
}

#[track_caller]
fn opens(workspace: &Workspace, host: &Path, kind: object::ObjectKind) {
    let bytes = fs::read(host).unwrap();
    assert_eq!(object::File::parse(&*bytes).unwrap().kind(), kind);
    Ran::of(run_at(host, &workspace.root).arg("one")).success().prints(&["one is 1\ncalls: 1\n"]);
}

#[test]
fn g14_host_at_any_address() {
    let workspace = Workspace::new();
    workspace.build();
    opens_in_a(&workspace, object::ObjectKind::Dynamic);
}

#[test]
fn g14_host_linked_without_pie() {
    let workspace = Workspace::new();
    workspace.write("host/build.rs", "fn main() { println!(\"cargo::rustc-link-arg-bins=-no-pie\"); }\n");
    workspace.build();
    opens_in_a(&workspace, object::ObjectKind::Executable);
}

/// The flags are for all of a build, but for what runs during it where a target is named; plugins are shared objects all the same.
#[test]
fn g14_everything_compiled_for_a_fixed_address() {
    const TARGET: &str = "x86_64-unknown-linux-gnu";
    let workspace = Workspace::cold();
    Ran::of(workspace.command(["build", "--target", TARGET]).env("RUSTFLAGS", "-C relocation-model=static")).success();
    let host = workspace.target.join("engraft").join(TARGET).join("debug/host");
    opens(&workspace, &host, object::ObjectKind::Executable);
}

/// Only the host is compiled so.
const STATIC_HOST: &str = r#"#!/bin/sh
case "$*" in
*"--crate-name host "*) exec "$@" -C relocation-model=static ;;
*) exec "$@" ;;
esac
"#;

#[test]
fn g14_host_compiled_for_a_fixed_address() {
    let workspace = Workspace::new();
    let wrapper = workspace.script("tools/wrap", STATIC_HOST);
    Ran::of(workspace.command(["build"]).env("RUSTC_WORKSPACE_WRAPPER", wrapper)).success();
    opens_in_a(&workspace, object::ObjectKind::Executable);
}
