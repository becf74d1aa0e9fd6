//! `cargo engraft init`: makes every cargo command in a workspace build hosts and plugins.
//!
//! It writes the hook ([`crate::hook`]) into `.cargo`, to be committed, and makes plugins shared objects in the eyes of cargo. All files are read
//! before the first one is written.

mod config_file;
mod plugin_manifest;

use crate::cargo::{config, metadata};
use crate::hook::scripts;
use crate::output::Steps;
use crate::{exit, place};
use anyhow::{Context, Result};
use cargo_metadata::Metadata;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use toml_edit::DocumentMut;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
}

/// A file to write: where, its text, and whether it is a program.
struct NewFile {
    path: PathBuf,
    text: String,
    is_program: bool,
}

/// The subcommand.
pub fn command(options: &Options) -> Result<u8> {
    let metadata = metadata::read(options.manifest_path.as_deref(), vec!["--no-deps".to_owned()])?;
    let root = metadata.workspace_root.as_std_path();
    let mut files = hook_files(root)?;
    files.extend(plugin_manifests(&metadata)?);
    files.retain(|file| std::fs::read_to_string(&file.path).ok().as_ref() != Some(&file.text));
    for file in &files {
        if let Some(directory) = file.path.parent() {
            std::fs::create_dir_all(directory).with_context(|| format!("failed to create {}", directory.display()))?;
        }
        place::create(&file.path, file.text.as_bytes(), if file.is_program { PROGRAM } else { place::EVERYBODY }, true)?;
        Steps::Told.tell("Wrote", &file.path.display().to_string());
    }
    let done = if files.is_empty() { "everything is there" } else { "commit these files" };
    Steps::Told.tell("Initialized", &format!("{done}; `cargo build`, `run` and `test` build hosts and plugins"));
    Ok(exit::FINE)
}

/// As any other new program.
const PROGRAM: u32 = 0o777;

/// The hook's files for a new workspace, with paths from its root.
pub fn of_new_workspace() -> Result<Vec<(&'static str, String)>> {
    let mut document = DocumentMut::new();
    config_file::add_hook(&mut document)?;
    Ok(programs().into_iter().chain([(".cargo/config.toml", document.to_string())]).collect())
}

/// Makes programs of those that are some, in the directory of the workspace.
pub fn make_programs(root: &Path) -> Result<()> {
    for path in [scripts::COMPILER, scripts::RUNNER].map(|path| root.join(path)) {
        let made = std::fs::set_permissions(&path, Permissions::from_mode(0o755));
        made.with_context(|| format!("failed to make {} a program", path.display()))?;
    }
    Ok(())
}

fn programs() -> [(&'static str, String); 2] {
    [(scripts::COMPILER, scripts::compiler()), (scripts::RUNNER, scripts::runner())]
}

fn hook_files(root: &Path) -> Result<Vec<NewFile>> {
    let path = config::file_in(&root.join(".cargo")).unwrap_or_else(|| root.join(".cargo/config.toml"));
    let mut document = read(&path)?;
    config_file::add_hook(&mut document).with_context(|| format!("failed to change {}", path.display()))?;
    let programs = programs().map(|(path, text)| NewFile { path: root.join(path), text, is_program: true });
    Ok(programs.into_iter().chain([NewFile { path, text: document.to_string(), is_program: false }]).collect())
}

fn plugin_manifests(metadata: &Metadata) -> Result<Vec<NewFile>> {
    let is_plugin =
        |package: &&cargo_metadata::Package| package.metadata.pointer("/engraft/plugin") == Some(&serde_json::Value::Bool(true));
    let plugins = metadata.workspace_packages().into_iter().filter(is_plugin);
    let changed = plugins.map(|package| {
        let path = package.manifest_path.as_std_path().to_owned();
        let mut document = read(&path)?;
        plugin_manifest::add_crate_type(&mut document).with_context(|| format!("failed to change {}", path.display()))?;
        Ok(NewFile { path, text: document.to_string(), is_program: false })
    });
    changed.collect()
}

fn read(path: &Path) -> Result<DocumentMut> {
    if !path.exists() {
        return Ok(DocumentMut::new());
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    text.parse().with_context(|| format!("failed to understand {}", path.display()))
}
