//! `cargo engraft new --plugin NAME`: adds a plugin to a workspace.

use super::{crate_name, members, models, staging};
use crate::output::Steps;
use crate::{exit, place};
use anyhow::{Context, Result, anyhow, bail};
use cargo_metadata::{Metadata, MetadataCommand};
use std::path::Path;
use toml_edit::DocumentMut;

/// Adds a plugin to the workspace of `manifest_path`, or to that of the current directory.
pub fn plugin(name: &str, manifest_path: Option<&Path>) -> Result<u8> {
    crate_name::validate(name)?;
    let metadata = ask_cargo(manifest_path)?;
    let root = metadata.workspace_root.as_std_path();
    if let Some(package) = metadata.workspace_packages().iter().find(|package| package.name.as_str() == name) {
        bail!("the workspace already has a package `{name}`: {}\nhelp: choose another name", package.manifest_path);
    }
    let directory = root.join("plugins").join(name);
    if directory.symlink_metadata().is_ok() {
        bail!("{} already exists\nhelp: choose another name", directory.display());
    }
    let manifest = root.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).with_context(|| format!("failed to read {}", manifest.display()))?;
    let document: DocumentMut = text.parse().with_context(|| format!("failed to parse {}", manifest.display()))?;
    let files = models::read_model(&metadata, document.clone(), &directory)?.files(name);

    let had_plugins = root.join("plugins").exists();
    std::fs::create_dir_all(root.join("plugins")).with_context(|| format!("failed to create {}", root.join("plugins").display()))?;
    let added = staging::appear(&directory, root, &files, |_| Ok(())).and_then(|()| join(&manifest, document, name));
    if let Err(error) = added {
        // Undo everything. Report the original error even if that fails.
        let _ = std::fs::remove_dir_all(&directory);
        if !had_plugins {
            let _ = std::fs::remove_dir(root.join("plugins"));
        }
        if std::fs::read_to_string(&manifest).is_ok_and(|now| now != text) {
            replace(&manifest, &text)?;
        }
        return Err(error);
    }
    Steps::Told.tell("Created", &format!("plugin `{name}` at {}", directory.display()));
    Ok(exit::FINE)
}

/// Adds a package in `plugins/` to the members, unless a pattern such as `plugins/*` includes it. cargo decides whether it does.
fn join(manifest: &Path, mut document: DocumentMut, name: &str) -> Result<()> {
    let is_member = || -> Result<bool> {
        let metadata = ask_cargo(Some(manifest))?;
        Ok(metadata.workspace_packages().iter().any(|package| package.name.as_str() == name))
    };
    if is_member()? {
        return Ok(());
    }
    members::add(&mut document, &format!("plugins/{name}"))?;
    replace(manifest, &document.to_string())?;
    if !is_member()? {
        bail!("{} excludes `plugins/{name}` from the workspace\nhelp: remove it from `workspace.exclude`", manifest.display());
    }
    Ok(())
}

/// Replaces the manifest's text and keeps its permissions.
fn replace(manifest: &Path, text: &str) -> Result<()> {
    let permissions = std::fs::metadata(manifest).map(|data| data.permissions());
    place::write(manifest, text.as_bytes())?;
    let kept = permissions.and_then(|permissions| std::fs::set_permissions(manifest, permissions));
    kept.with_context(|| format!("failed to keep the permissions of {}", manifest.display()))
}

/// Returns cargo's metadata of the workspace without dependencies, so that cargo resolves nothing and writes no lock file.
fn ask_cargo(manifest_path: Option<&Path>) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(path) = manifest_path {
        command.manifest_path(path);
    }
    command.exec().map_err(|error| match error {
        cargo_metadata::Error::CargoMetadata { stderr } => {
            anyhow!("{}\nhelp: run `cargo engraft new PATH` to create a workspace", stderr.trim().trim_start_matches("error: "))
        }
        other => anyhow::Error::new(other).context("failed to run `cargo metadata`"),
    })
}
