//! What a workspace's last build left: its host and the plugins for it.

use crate::cargo::config::{self, Config};
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{metadata, profile};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Which build of which workspace.
#[derive(Debug, Clone, clap::Args)]
pub struct Outputs {
    /// Path of the workspace's Cargo.toml
    #[arg(long, value_name = "PATH", conflicts_with = "host", help_heading = "Of a workspace")]
    manifest_path: Option<PathBuf>,
    /// What was built with the release profile
    #[arg(short, long, conflicts_with_all = ["profile", "host"], help_heading = "Of a workspace")]
    release: bool,
    /// What was built with this profile
    #[arg(long, value_name = "NAME", conflicts_with = "host", help_heading = "Of a workspace")]
    profile: Option<String>,
    /// What was built for this target
    #[arg(long, value_name = "TRIPLE", conflicts_with = "host", help_heading = "Of a workspace")]
    target: Option<String>,
    /// Directory that everything was built into
    #[arg(long, value_name = "DIR", conflicts_with = "host", help_heading = "Of a workspace")]
    target_dir: Option<PathBuf>,
    /// The binary, of several hosts
    #[arg(long, value_name = "NAME", conflicts_with = "host", help_heading = "Of a workspace")]
    bin: Option<String>,
}

impl Outputs {
    /// The host's file, and the plugins' in order of their names.
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
            bail!("{} is not there: the workspace is not built\nhelp: `cargo engraft build`, with the same options", host.display());
        }
        let is_for = |names: &Vec<String>| names.iter().any(|name| name == package || name == binary);
        let plugins = workspace.plugins.iter().filter(|plugin| plugin.hosts.as_ref().is_none_or(is_for));
        let mut files: Vec<PathBuf> = plugins.map(|plugin| output.join("plugins").join(format!("{}.so", plugin.package.name))).collect();
        // What was never built, because it was left out by `-p`, is not part of the picture.
        files.retain(|file| file.is_file());
        files.sort();
        Ok((host, files))
    }

    /// The host's package and binary.
    fn host<'w>(&self, workspace: &'w Workspace) -> Result<(&'w str, &'w str)> {
        let all = workspace.hosts.iter().flat_map(|host| host.binaries.iter().map(|binary| (host.name.as_str(), binary.as_str())));
        let chosen: Vec<_> = all.clone().filter(|(_, binary)| self.bin.as_ref().is_none_or(|wanted| wanted == binary)).collect();
        let names = || all.clone().map(|(_, binary)| binary).collect::<Vec<_>>().join(", ");
        match chosen.as_slice() {
            [one] => Ok(*one),
            [] if workspace.hosts.is_empty() => Err(workspace.no_host()),
            [] => bail!("there is no host `{}` in the workspace\nhelp: hosts: {}", self.bin.as_deref().unwrap_or_default(), names()),
            _ => bail!("the workspace has several hosts, and a picture has one\nhelp: choose with `--bin NAME`: {}", names()),
        }
    }
}
