//! `bench`: Engraft measured beside what one would otherwise use.
//!
//! No step of `ci`: a figure taken on a shared machine says nothing that a build should fail for. What is measured, and how,
//! is in `benchmarks/`, a workspace with dependencies of its own, which this builds and starts.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::engraft::Engraft;
use crate::{process, repository};

const MANIFEST: &str = "benchmarks/Cargo.toml";

/// Builds everything optimised and has the runner measure; `arguments` are for it.
pub(crate) fn run(arguments: &[OsString]) -> Result<()> {
    let engraft = Engraft::build_optimised()?;
    // Started directly: `cargo run` would add its own environment to all that is measured.
    process::check(cargo("build", &["runner"]).arg("--release"))?;
    let mut runner = Command::new(repository::root().join("benchmarks/target/release/runner"));
    process::forget_cargo_run(&mut runner);
    process::check(runner.current_dir(repository::root()).arg("--engraft").arg(engraft.program()).args(arguments))
}

/// Those that take part in the check: the benchmarks' own programs, and contestants without large dependencies.
const CHECKED: [&str; 12] = [
    "work",
    "protocol",
    "runner",
    "engraft-host",
    "items",
    "items-two",
    "greeter",
    "many-aaaaaa",
    "cdylib-host",
    "cdylib-plugin",
    "dylib-host",
    "dylib-plugin",
];
/// Those that have tests.
const TESTED: [&str; 3] = ["work", "protocol", "runner"];

/// Whether the benchmarks are fit to be run: nothing is measured.
pub(crate) fn check() -> Result<()> {
    process::check(cargo("clippy", &CHECKED).args(["--all-targets", "--", "-D", "warnings"]))?;
    process::check(&mut cargo("test", &TESTED))
}

fn cargo(subcommand: &str, packages: &[&str]) -> Command {
    let mut command = process::cargo();
    command.env_remove("CARGO_TARGET_DIR").args([subcommand, "--quiet", "--locked", "--manifest-path", MANIFEST]);
    command.args(packages.iter().flat_map(|package| ["--package", *package]));
    command
}
