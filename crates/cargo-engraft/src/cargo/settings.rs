//! What a package's Cargo.toml says to Engraft.

use anyhow::{Context, Result, bail};
use cargo_metadata::{Metadata, Package};
use serde::Deserialize;

/// `[package.metadata.engraft]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Settings {
    /// Whether the package is a plugin.
    pub(super) plugin: bool,
    /// The hosts that a plugin is for.
    pub(super) hosts: Option<Vec<String>>,
    /// What a host exports.
    pub(super) export: Option<Export>,
    /// The packages that plugins may use, where `export` is `api`.
    pub(super) api: Option<Vec<String>>,
}

/// `[workspace.metadata.engraft]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WorkspaceSettings {
    /// Which compilers the workspace is meant to be built by; without it, one.
    pub(super) toolchain: Option<Compilers>,
}

/// Which compilers a workspace is meant to be built by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Compilers {
    /// Whichever is there, because host and plugins are always built together.
    Any,
}

/// What a host exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Export {
    /// All of its packages.
    All,
    /// What plugins may use.
    Api,
}

impl Settings {
    /// A package's settings. What would have no effect is an error.
    pub(super) fn of(package: &Package) -> Result<Self> {
        let path = &package.manifest_path;
        let Some(table) = package.metadata.get("engraft") else { return Ok(Self::default()) };
        let settings = Self::deserialize(table).with_context(|| format!("failed to understand [package.metadata.engraft] in {path}"))?;
        if settings.hosts.is_some() && !settings.plugin {
            bail!("{path}: `hosts` is a setting of plugins\nhelp: add `plugin = true`, or remove `hosts`");
        }
        if settings.plugin && (settings.export.is_some() || settings.api.is_some()) {
            bail!(
                "{path}: `export` and `api` are settings of hosts, and `{}` is a plugin\n\
                 help: put them into the host's Cargo.toml",
                package.name
            );
        }
        if settings.api.is_some() && settings.export != Some(Export::Api) {
            bail!("{path}: `api` names what a host exports that does not export all\nhelp: add `export = \"api\"`, or remove `api`");
        }
        Ok(settings)
    }
}

impl WorkspaceSettings {
    /// The workspace's settings.
    pub(super) fn of(metadata: &Metadata) -> Result<Self> {
        let Some(table) = metadata.workspace_metadata.get("engraft") else { return Ok(Self::default()) };
        let path = metadata.workspace_root.join("Cargo.toml");
        Self::deserialize(table).with_context(|| format!("failed to understand [workspace.metadata.engraft] in {path}"))
    }
}
