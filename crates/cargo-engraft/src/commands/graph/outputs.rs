//! Finds the host and the plugins that the last build of a workspace wrote.

use crate::cargo::config::{self, Config};
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{metadata, profile};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Options that select a build of a workspace.
#[derive(Debug, Clone, clap::Args)]
pub struct Outputs {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", conflicts_with = "host", help_heading = "Workspace Options")]
    manifest_path: Option<PathBuf>,
    /// Show artifacts of the release profile
    #[arg(short, long, conflicts_with_all = ["profile", "host"], help_heading = "Workspace Options")]
    release: bool,
    /// Show artifacts of the specified profile
    #[arg(long, value_name = "NAME", conflicts_with = "host", help_heading = "Workspace Options")]
    profile: Option<String>,
    /// Show artifacts for the target triple
    #[arg(long, value_name = "TRIPLE", conflicts_with = "host", help_heading = "Workspace Options")]
    target: Option<String>,
    /// Directory of all generated artifacts
    #[arg(long, value_name = "DIR", conflicts_with = "host", help_heading = "Workspace Options")]
    target_dir: Option<PathBuf>,
    /// Name of the host's binary, if the workspace has several hosts
    #[arg(long, value_name = "NAME", conflicts_with = "host", help_heading = "Workspace Options")]
    bin: Option<String>,
}

impl Outputs {
    /// Returns the path of the host and the paths of its plugins, sorted by name.
    pub fn find(&self) -> Result<(PathBuf, Vec<PathBuf>)> {
        let metadata = metadata::read(self.manifest_path.as_deref(), Vec::new())?;
        let workspace = Workspace::new(&metadata, Graph::Normal)?;
        let config = Config::read(&std::env::current_dir()?, &config::cargo_home()?)?;
        let target = self.target.clone().or_else(|| config::default_target(&config, |name| std::env::var(name).ok()));
        let directory = self.target_dir.as_ref().unwrap_or(&workspace.target_directory);
        let profile = self.profile.as_deref().unwrap_or(if self.release { "release" } else { "dev" });
        let output = directory.join("engraft").join(target.unwrap_or_default()).join(profile::directory(profile));

        let (package, binary) = self.host(&workspace)?;
        let host = output.join(binary);
        if !host.is_file() {
            bail!("{} does not exist: the workspace is not built\nhelp: run `cargo engraft build` with the same options", host.display());
        }
        let is_for = |names: &Vec<String>| names.iter().any(|name| name == package || name == binary);
        let plugins = workspace.plugins.iter().filter(|plugin| plugin.hosts.as_ref().is_none_or(is_for));
        let mut files: Vec<PathBuf> = plugins.map(|plugin| output.join("plugins").join(format!("{}.so", plugin.package.name))).collect();
        // `cargo engraft build -p` does not link every plugin.
        files.retain(|file| file.is_file());
        files.sort();
        Ok((host, files))
    }

    /// Returns the host's package name and binary name.
    fn host<'w>(&self, workspace: &'w Workspace) -> Result<(&'w str, &'w str)> {
        let all = workspace.hosts.iter().flat_map(|host| host.binaries.iter().map(|binary| (host.name.as_str(), binary.as_str())));
        let chosen: Vec<_> = all.clone().filter(|(_, binary)| self.bin.as_ref().is_none_or(|wanted| wanted == binary)).collect();
        let names = || all.clone().map(|(_, binary)| binary).collect::<Vec<_>>().join(", ");
        match chosen.as_slice() {
            [one] => Ok(*one),
            [] if workspace.hosts.is_empty() => Err(workspace.no_host()),
            [] => bail!("the workspace has no host `{}`\nhelp: its hosts are {}", self.bin.as_deref().unwrap_or_default(), names()),
            _ => bail!("the workspace has several hosts, and the graph shows one\nhelp: choose one with `--bin NAME`: {}", names()),
        }
    }
}
