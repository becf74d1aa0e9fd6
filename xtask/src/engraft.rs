//! The workspace's own `cargo engraft`, as it is at this moment.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{process, repository};

/// The profile of this program, and so that of the `cargo-engraft` beside it.
const PROFILE: &str = if cfg!(debug_assertions) { "dev" } else { "release" };

/// `cargo engraft`, built.
#[derive(Debug)]
pub(crate) struct Engraft {
    program: PathBuf,
}

impl Engraft {
    /// Builds it once, in this program's own profile; the built file is then called directly.
    ///
    /// Not through `cargo run`, which would add its own environment to every call.
    pub(crate) fn build() -> Result<Self> {
        Self::build_in(PROFILE)
    }

    /// Builds it as people install it: for measurements.
    pub(crate) fn build_optimised() -> Result<Self> {
        Self::build_in("release")
    }

    fn build_in(profile: &str) -> Result<Self> {
        process::check(process::cargo().args(["build", "--quiet", "--locked", "--package=cargo-engraft", "--profile", profile]))
            .context("failed to build cargo-engraft")?;
        let this = std::env::current_exe().context("failed to find the directory of this program")?;
        let directory = if profile == "dev" { "debug" } else { profile };
        // This program stands in a profile's directory too.
        let program = this.parent().and_then(Path::parent).unwrap_or(&this).join(directory).join("cargo-engraft");
        ensure!(program.is_file(), "cargo-engraft was built, but is not at {}; start xtask by `cargo xtask`", program.display());
        Ok(Self { program })
    }

    /// Where it is.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// `cargo engraft <subcommand> --manifest-path <manifest>`, with the outputs where a new user
    /// finds them: in the example's own `target/`, whatever this process was told.
    pub(crate) fn command(&self, subcommand: &str, manifest: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(repository::root()).env_remove("CARGO_TARGET_DIR").arg(subcommand).arg("--manifest-path").arg(manifest);
        process::forget_cargo_run(&mut command);
        command
    }
}
