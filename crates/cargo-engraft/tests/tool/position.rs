//! Hosts at a fixed address and at any: plugins open in both.

use crate::ran::Ran;
use crate::workspace::Workspace;
use object::Object;
use std::fs;

/// Opens `one` and shows that a static of the API is one for both.
#[track_caller]
fn opens_in_a(workspace: &Workspace, kind: object::ObjectKind) {
    let bytes = fs::read(workspace.output("host")).unwrap();
    assert_eq!(object::File::parse(&*bytes).unwrap().kind(), kind);
    workspace.host(["one"]).success().prints(&["one is 1\ncalls: 1\n"]);
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

/// Only the host is compiled so: plugins are shared objects, and cargo's flags are for all of a build.
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
