//! The directory in which contestants are built, and the tools: the workspace itself, or a copy that can be edited.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::program;

/// A copy of `benchmarks/`, and how to build it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The root of the repository.
    pub(crate) repository: PathBuf,
    /// The directory of the workspace.
    pub(crate) root: PathBuf,
    /// The `cargo-engraft` that builds hosts and plugins.
    pub(crate) engraft: PathBuf,
    /// The profile of all builds.
    pub(crate) profile: Profile,
}

/// The cargo profiles that are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// The profile for development.
    Dev,
    /// The profile for release.
    Release,
}

impl Place {
    /// Returns `cargo <subcommand>` for packages of the workspace, with the profile.
    pub(crate) fn cargo(&self, subcommand: &str, packages: &[&str]) -> Command {
        self.in_workspace(program::command(Path::new("cargo")), subcommand, packages)
    }

    /// Returns `cargo engraft build` for hosts and plugins of the workspace, with the profile.
    pub(crate) fn engraft(&self, packages: &[&str]) -> Command {
        self.in_workspace(program::command(&self.engraft), "build", packages)
    }

    fn in_workspace(&self, mut command: Command, subcommand: &str, packages: &[&str]) -> Command {
        command.args([subcommand, "--quiet", "--locked", "--profile", self.profile.name(), "--manifest-path"]);
        command.arg(self.root.join("Cargo.toml"));
        command.args(packages.iter().flat_map(|package| ["--package", *package]));
        command
    }

    /// Returns the path of a file in the profile's directory of `target/<target>`. `target` is empty for the common target directory, or a name for
    /// contestants that need a separate one.
    pub(crate) fn output(&self, target: &str, path: &str) -> PathBuf {
        self.root.join("target").join(target).join(self.profile.directory()).join(path)
    }

    /// Copies a plugin's file, so that it can be opened as another plugin.
    pub(crate) fn second_copy(&self, plugin: &Path) -> Result<PathBuf> {
        let mut name = OsString::from("second-");
        name.push(plugin.file_name().unwrap_or_default());
        let copy = plugin.with_file_name(name);
        std::fs::copy(plugin, &copy).with_context(|| format!("failed to copy {} to {}", plugin.display(), copy.display()))?;
        Ok(copy)
    }

    /// The version of a package in `Cargo.lock`.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let text = std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        version_in(&text, package).with_context(|| format!("{} has no package `{package}`", path.display()))
    }
}

/// A lock file has a package's name, then its version. Of several versions the last one is the newest, which we use.
fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let lines: Vec<&str> = lock.lines().collect();
    let at = lines.iter().rposition(|line| **line == *name)?;
    Some(lines.get(at + 1)?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

impl Profile {
    /// The name for cargo's `--profile`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// The directory within a target directory.
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
    fn versions_come_from_lock_file() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n";
        let lock = format!("{lock}\n[[package]]\nname = \"a\"\nversion = \"0.2.0\"\n");
        let cases = [("a", Some("0.2.0")), ("a-b", Some("1.2.3")), ("b", None)];
        for (package, version) in cases {
            assert_eq!(version_in(&lock, package).as_deref(), version, "{package}");
        }
    }
}
