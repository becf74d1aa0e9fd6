//! The scripts that a workspace's repository holds. cargo runs them, and they run this program, or say how to get it.

use crate::commands::new::install_command;

/// The variable by which the scripts find this program; without it they look in `PATH`.
pub const TOOL: &str = "CARGO_ENGRAFT";

/// Where the script in place of rustc stands, from the workspace's root.
pub const COMPILER: &str = ".cargo/engraft/rustc";
/// Where the runner stands.
pub const RUNNER: &str = ".cargo/engraft/runner";

/// The target for which the runner is configured: the one that Engraft supports.
pub const TARGET: &str = "x86_64-unknown-linux-gnu";
/// The key under `[engraft]`, in cargo's configuration, of a compiler of the user's own that the hook calls.
pub const OWN_COMPILER: &str = "rustc";
/// The same for a runner.
pub const OWN_RUNNER: &str = "runner";

/// The first argument that the script in place of rustc gives; then the workspace's root, then rustc's arguments.
pub const AS_COMPILER: &str = "--as-rustc";
/// The first argument that the runner gives; then the workspace's root, then the program and its arguments.
pub const AS_RUNNER: &str = "--as-runner";

/// The text of the script in place of rustc.
#[must_use]
pub fn compiler() -> String {
    script("cargo runs this in place of rustc: `build.rustc` in ../config.toml names it.", COMPILER, AS_COMPILER)
}

/// The text of the runner.
#[must_use]
pub fn runner() -> String {
    script("cargo runs programs and tests by this: `runner` in ../config.toml names it.", RUNNER, AS_RUNNER)
}

fn script(what: &str, path: &str, role: &str) -> String {
    let install = install_command();
    format!(
        "#!/bin/sh\n\
         # Written by `cargo engraft init`. {what}\n\
         engraft=${{{TOOL}:-cargo-engraft}}\n\
         # An editor may not have cargo's directory of programs in its PATH.\n\
         command -v \"$engraft\" >/dev/null 2>&1 || engraft=${{CARGO_HOME:-$HOME/.cargo}}/bin/cargo-engraft\n\
         if ! command -v \"$engraft\" >/dev/null 2>&1; then\n\
         \x20   echo 'error: this workspace is built with Engraft, and `cargo-engraft` is not installed' >&2\n\
         \x20   echo 'help: {install}' >&2\n\
         \x20   exit 101\n\
         fi\n\
         exec \"$engraft\" {role} \"${{0%/{path}}}\" \"$@\"\n"
    )
}
