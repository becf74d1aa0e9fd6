//! What one call of the compiler must know of its workspace: derived from `cargo metadata`, and kept in the target directory until
//! a manifest or the lock file changes.

use super::target_place::TargetPlace;
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{config, dylibs, metadata, target_directory};
use crate::place;
use crate::role;
use crate::rustc::package_place::PackagePlace;
use crate::rustc::session::{Session, SessionPlugin};
use crate::rustc::stamp::STAMP;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The facts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facts {
    /// The version of this program that derived them.
    stamp: String,
    /// The files that they come from, as these were.
    inputs: Vec<Input>,
    /// The workspace's root directory.
    pub root: PathBuf,
    /// The names of the packages that are hosts.
    pub hosts: Vec<String>,
    /// The plugins, by directory.
    pub plugins: BTreeMap<PathBuf, Plugin>,
    plugin_side: Vec<PathBuf>,
    places: BTreeMap<PathBuf, PackagePlace>,
    api: BTreeMap<PathBuf, Vec<String>>,
}

/// A plugin.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plugin {
    /// What its own compilation must know.
    pub compiled: SessionPlugin,
    /// The crate's name, which is that of its files.
    pub crate_name: String,
    /// The programs that it is for; all of the workspace if it names none.
    pub hosts: Option<Vec<String>>,
}

/// A file's state: its length and when it was changed, in seconds and nanoseconds. All are 0 if it is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Input {
    path: PathBuf,
    state: (u64, i64, i64),
}

impl Input {
    fn now(path: &Path) -> Self {
        let state = std::fs::metadata(path).map_or((0, 0, 0), |data| (data.len(), data.mtime(), data.mtime_nsec()));
        Self { path: path.to_owned(), state }
    }
}

impl Facts {
    /// The facts of the workspace with this root, in which cargo builds at a place.
    pub fn of(root: &Path, place: &TargetPlace) -> Result<Self> {
        let directory = place.own_dir();
        // Workspaces can share a target directory.
        let key = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        let path = directory.join(format!("facts-{}.json", &key[..16]));
        if let Some(kept) = Self::kept(&path) {
            return Ok(kept);
        }
        target_directory::make(&directory)?;
        let lock = path.with_extension("lock");
        let lock =
            File::create(&lock).and_then(|file| file.lock().map(|()| file)).with_context(|| format!("failed to lock {}", lock.display()));
        let _lock = lock?;
        if let Some(kept) = Self::kept(&path) {
            return Ok(kept);
        }
        let facts = Self::derive(root)?;
        place::write(&path, &serde_json::to_vec(&facts)?)?;
        Ok(facts)
    }

    /// The facts that are kept, if nothing has changed since. What can't be read is derived again.
    fn kept(path: &Path) -> Option<Self> {
        let facts: Self = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        (facts.stamp == STAMP && facts.inputs.iter().all(|input| Input::now(&input.path) == *input)).then_some(facts)
    }

    fn derive(root: &Path) -> Result<Self> {
        let manifest = root.join("Cargo.toml");
        if !manifest.is_file() {
            bail!(
                "{} is not there, but {} is\nhelp: run `cargo engraft init` in the directory of the workspace's Cargo.toml, and remove the other",
                manifest.display(),
                root.join(".cargo/engraft").display()
            );
        }
        // cargo, which waits for this, has the packages and has written the lock file.
        let metadata = metadata::read(Some(&manifest), ["--offline", "--locked"].map(str::to_owned).to_vec())?;
        let workspace = Workspace::new(&metadata, Graph::Normal)?;
        dylibs::refuse(&metadata, &workspace, Graph::Normal)?;
        if let Some(plugin) = workspace.plugins.iter().find(|plugin| !plugin.is_cdylib) {
            let manifest = plugin.package.directory.join("Cargo.toml");
            bail!(
                "{}: the plugin `{}` is no shared object\nhelp: write `crate-type = [\"lib\", \"cdylib\"]` under [lib]",
                manifest.display(),
                plugin.package.name
            );
        }
        let compiled = workspace.cdylibs();
        let plugins = workspace.plugins.iter().filter_map(|plugin| {
            let directory = &plugin.package.directory;
            let (compiled, crate_name) = (compiled.get(directory)?.clone(), plugin.crate_name.clone());
            Some((directory.clone(), Plugin { compiled, crate_name, hosts: plugin.hosts.clone() }))
        });
        Ok(Self {
            stamp: STAMP.to_owned(),
            inputs: workspace.manifests.iter().map(|path| Input::now(path)).collect(),
            hosts: workspace.hosts.iter().map(|host| host.name.clone()).collect(),
            plugins: plugins.collect(),
            root: workspace.root,
            plugin_side: workspace.plugin_side,
            places: workspace.places,
            api: workspace.api,
        })
    }

    /// The session of one call of the compiler.
    pub fn into_session(self, place: &TargetPlace) -> Result<Session> {
        let own_dir = place.own_dir();
        Ok(Session {
            engraft: std::env::current_exe().context("failed to find the path of this program")?,
            // cargo has called it already.
            user_wrapper: None,
            linkers: own_dir.join(role::LINKERS),
            profile: place.profile(),
            workspace: self.root,
            cargo_home: config::cargo_home()?,
            filled: vec![place.target_dir.clone(), place.profile_dir.clone(), own_dir.clone()],
            target_dir: place.target_dir.clone(),
            own_dir,
            plugin_side: self.plugin_side,
            plugins: self.plugins.into_iter().map(|(directory, plugin)| (directory, plugin.compiled)).collect(),
            manifests: self.inputs.into_iter().map(|input| input.path).collect(),
            places: self.places,
            api: self.api,
            links_declared: true,
        })
    }
}
