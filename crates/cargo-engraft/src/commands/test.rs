//! `cargo engraft test`: test binaries are hosts, and plugins are linked for them in a folder of their own.
//!
//! The binaries are run from here and not by a second `cargo test`, because that one would resolve features
//! anew for the packages named by `-p`, and so run other binaries than those that the plugins were linked for.

use super::build::Build;
use super::options::BuildOptions;
use crate::cargo::invocation::{Executable, Outcome};
use crate::cargo::workspace::Graph;
use crate::exit;
use anyhow::{Context, Result, bail};
use cargo_metadata::TargetKind;
use std::ffi::OsString;
use std::process::Command;

/// What is tested; cargo's options.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Selection {
    /// Run only tests whose names contain this
    filter: Option<String>,
    /// Build and link, but run nothing
    #[arg(long)]
    no_run: bool,
    /// Go on after a failed test binary
    #[arg(long)]
    no_fail_fast: bool,
    /// Run only the tests of libraries
    #[arg(long, help_heading = "Targets")]
    lib: bool,
    /// Run only the tests of binaries
    #[arg(long, help_heading = "Targets")]
    bins: bool,
    /// Run only this integration test
    #[arg(long, value_name = "NAME", help_heading = "Targets")]
    test: Vec<String>,
    /// Arguments for the test binaries
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

/// Where the library `engraft` looks for plugins by name before it looks beside the executable.
const PLUGIN_PATH: &str = "ENGRAFT_PLUGIN_PATH";

/// The subcommand.
pub fn command(options: &BuildOptions, selection: &Selection) -> Result<u8> {
    // `-p` says whose tests run; all plugins are linked, or tests would open stale ones.
    let everything = BuildOptions { packages: Vec::new(), ..options.clone() };
    let mut build = Build::prepare(&everything, Graph::WithDevelopment)?;
    build.workspace.check_names(&options.packages)?;
    // cargo gives tests, and so what they link, the unwinding that a failing one needs.
    let unwinds = format!("profile.{}.panic=\"unwind\"", options.profile());
    let artifacts = match build.cargo("build", &["--lib", "--bins", "--tests", "--config", &unwinds].map(str::to_owned))? {
        Outcome::Failed(code) => return Ok(code),
        Outcome::Built(artifacts) => artifacts,
    };
    build.link_plugins(&artifacts, "test/plugins")?;
    // Tests may take long, and may build themselves.
    drop(build.lock.take());
    if selection.no_run {
        return Ok(exit::FINE);
    }
    let package_of = |executable: &Executable| build.workspace.member(&executable.package);
    let chosen = |executable: &&Executable| {
        let package = package_of(executable);
        executable.test
            && package.is_some_and(|package| options.packages.is_empty() || options.packages.contains(&package.name))
            && selection.wants(executable)
    };
    let binaries: Vec<&Executable> = artifacts.executables.iter().filter(chosen).collect();
    if binaries.is_empty() {
        let asked = if selection.test.is_empty() { String::new() } else { format!(" `{}`", selection.test.join("`, `")) };
        bail!("there is no test binary{asked}\nhelp: leave out -p, --lib, --bins and --test to run all");
    }
    let mut failed = Vec::new();
    for executable in binaries {
        let package = package_of(executable).context("cargo built a test of an unknown package")?;
        build.steps().tell("Running", &format!("{} ({})", executable.name, executable.path.display()));
        let mut test = Command::new(&executable.path);
        test.args(&selection.filter).args(&selection.arguments).current_dir(&package.directory);
        test.env("CARGO_MANIFEST_DIR", &package.directory).env("CARGO_PKG_NAME", &package.name);
        test.env(PLUGIN_PATH, build.output.join("test/plugins"));
        let status = test.status().with_context(|| format!("failed to run {}", executable.path.display()))?;
        if !status.success() {
            failed.push(executable.name.as_str());
            if !selection.no_fail_fast {
                break;
            }
        }
    }
    if failed.is_empty() { Ok(exit::FINE) } else { bail!("tests failed in {}", failed.join(", ")) }
}

impl Selection {
    fn wants(&self, executable: &Executable) -> bool {
        if !self.lib && !self.bins && self.test.is_empty() {
            return true;
        }
        match executable.kind {
            TargetKind::Lib => self.lib,
            TargetKind::Bin => self.bins,
            TargetKind::Test => self.test.contains(&executable.name),
            _ => false,
        }
    }
}
