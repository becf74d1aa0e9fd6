//! Where contestants are built, and by what: the workspace itself, or a copy of it that may be edited.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::program;

/// A copy of `benchmarks/`, and how it is built.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The repository's root.
    pub(crate) repository: PathBuf,
    /// The workspace's directory.
    pub(crate) root: PathBuf,
    /// The `cargo-engraft` that builds hosts and plugins.
    pub(crate) engraft: PathBuf,
    /// The profile of all that is built.
    pub(crate) profile: Profile,
}

/// cargo's profiles, as far as they are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// While something is written.
    Dev,
    /// What is run.
    Release,
}

impl Place {
    /// `cargo <subcommand>` for packages of the workspace, in the profile.
    pub(crate) fn cargo(&self, subcommand: &str, packages: &[&str]) -> Command {
        self.in_workspace(program::command(Path::new("cargo")), subcommand, packages)
    }

    /// `cargo engraft build` for hosts and plugins of the workspace, in the profile.
    pub(crate) fn engraft(&self, packages: &[&str]) -> Command {
        self.in_workspace(program::command(&self.engraft), "build", packages)
    }

    fn in_workspace(&self, mut command: Command, subcommand: &str, packages: &[&str]) -> Command {
        command.args([subcommand, "--quiet", "--locked", "--profile", self.profile.name(), "--manifest-path"]);
        command.arg(self.root.join("Cargo.toml"));
        command.args(packages.iter().flat_map(|package| ["--package", *package]));
        command
    }

    /// A file that cargo made, by its path in the profile's directory of `target/<target>`: an empty name for cargo's
    /// own target directory, another for contestants that need one of their own.
    pub(crate) fn output(&self, target: &str, path: &str) -> PathBuf {
        self.root.join("target").join(target).join(self.profile.directory()).join(path)
    }

    /// A copy of a plugin's file, beside it, to be opened as another plugin.
    pub(crate) fn second_copy(&self, plugin: &Path) -> Result<PathBuf> {
        let mut name = OsString::from("second-");
        name.push(plugin.file_name().unwrap_or_default());
        let copy = plugin.with_file_name(name);
        std::fs::copy(plugin, &copy).with_context(|| format!("failed to copy {} to {}", plugin.display(), copy.display()))?;
        Ok(copy)
    }

    /// The version of a package that `Cargo.lock` has.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let text = std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        version_in(&text, package).with_context(|| format!("{} has no package `{package}`", path.display()))
    }
}

/// The lines of a lock file are in one order: a package's name, then its version; of several versions the newest is the last, and ours.
fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let lines: Vec<&str> = lock.lines().collect();
    let at = lines.iter().rposition(|line| **line == *name)?;
    Some(lines.get(at + 1)?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

impl Profile {
    /// As cargo's `--profile` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// In a target directory.
    pub(crate) fn directory(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n";
        let lock = format!("{lock}\n[[package]]\nname = \"a\"\nversion = \"0.2.0\"\n");
        let cases = [("a", Some("0.2.0")), ("a-b", Some("1.2.3")), ("b", None)];
        for (package, version) in cases {
            assert_eq!(version_in(&lock, package).as_deref(), version, "{package}");
        }
    }
}
