//! The nightly toolchain, for what no other has: the fuzzer's instrumentation, and Miri.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use crate::{process, repository};

/// Nightly's cargo, to be run in the repository's root.
pub(crate) fn cargo() -> Command {
    run("cargo")
}

/// A program that calls nightly's cargo and rustc, to be run in the repository's root.
pub(crate) fn run(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("rustup");
    command.current_dir(repository::root()).args(["run", "nightly"]).arg(program);
    process::forget_cargo_run(&mut command);
    // The cargo and rustc that this program was started by are another toolchain's.
    for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(variable);
    }
    command
}

/// Whether nightly's cargo is there.
pub(crate) fn is_there() -> bool {
    succeeds(&["--version"])
}

/// Whether nightly's cargo is there, and has this subcommand.
pub(crate) fn has(subcommand: &str) -> bool {
    succeeds(&[subcommand, "--version"])
}

fn succeeds(arguments: &[&str]) -> bool {
    let asked = cargo().args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}
