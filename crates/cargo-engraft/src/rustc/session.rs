//! What the subcommand tells every wrapper of one build: both halves of the protocol between the two.

use super::package_place::PackagePlace;
use super::record::CargoPackage;
use crate::place;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Written once by the subcommand before it starts cargo, read by every wrapper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// This program, for rustc to call as linker.
    pub engraft: PathBuf,
    /// The wrapper that the user has configured, such as sccache: called in front of rustc.
    pub user_wrapper: Option<PathBuf>,
    /// Directory in which names of linkers stand for this program; see [`crate::link::request`].
    pub linkers: PathBuf,
    /// cargo's profile, as the manifest names it.
    pub profile: String,
    /// The workspace's root directory.
    pub workspace: PathBuf,
    /// cargo's home directory.
    pub cargo_home: PathBuf,
    /// cargo's target directory for this build.
    pub target_dir: PathBuf,
    /// Where Engraft keeps what is not cargo's.
    pub own_dir: PathBuf,
    /// Directories that builds fill, which are no part of a package's source.
    pub filled: Vec<PathBuf>,
    /// Directories of the path packages that only plugins have: what they contain goes into their identity.
    pub plugin_side: Vec<PathBuf>,
    /// The plugins of which cargo makes the shared objects too, by directory.
    pub plugins: BTreeMap<PathBuf, SessionPlugin>,
    /// The files that all of this is derived from.
    pub manifests: Vec<PathBuf>,
    /// Where each package is from, by its directory.
    pub places: BTreeMap<PathBuf, PackagePlace>,
    /// Of each host that does not export all of its packages, by its directory, those that it does whole; see [`crate::cargo::api`].
    pub api: BTreeMap<PathBuf, Vec<String>>,
    /// Whether programs have every package that their Cargo.toml declares, also those that their code never names. Then what a host will
    /// have is known before it is built.
    pub links_declared: bool,
}

/// A plugin, as its own compilation must know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPlugin {
    /// The package's name.
    pub name: String,
    /// The packages that its hosts will have, by [`PackagePlace::name`].
    pub expected: BTreeSet<String>,
}

/// Where a session was written. The file and its directory go away with the value.
pub struct SessionFile(TempDir);

impl SessionFile {
    /// The file.
    pub fn path(&self) -> PathBuf {
        self.0.path().join("session.json")
    }
}

impl Session {
    /// Reads the session that the subcommand wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("failed to read the session of `cargo engraft` at {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("failed to understand the session at {}", path.display()))
    }

    /// Writes the session for the wrappers of its build, into a directory in which they keep what they all need.
    pub fn write(&self) -> Result<SessionFile> {
        let file = SessionFile(place::scratch(&self.target_dir)?);
        place::write_unseen(&file.path(), serde_json::to_vec(self)?)?;
        Ok(file)
    }

    /// What tells cargo that a host must be linked again because it exports other packages; none if all hosts export all of theirs.
    pub fn api_digest(&self) -> Result<Option<String>> {
        Ok(if self.api.is_empty() { None } else { Some(blake3::hash(&serde_json::to_vec(&self.api)?).to_string()) })
    }

    /// Where a package is from.
    #[must_use]
    pub fn place(&self, package: &CargoPackage) -> PackagePlace {
        self.places.get(&package.dir).cloned().unwrap_or_else(|| PackagePlace::unlisted(package))
    }

    /// `--remap-path-prefix` arguments that make a package's result independent of where it stands.
    ///
    /// rustc lets the last match win, so the longer come later. With `unpacked` debug information, programs name files in the target
    /// directory, which debuggers must find.
    #[must_use]
    pub fn remaps(&self, package: Option<&CargoPackage>, unpacked: bool) -> Vec<String> {
        let package = package.map(|package| (package, self.place(package)));
        let own = package.as_ref().filter(|(_, place)| !place.is_member).map(|(package, place)| (&package.dir, place.directory()));
        // cargo compiles a package in the workspace's directory from there, and names its files from there.
        let inside = own.as_ref().filter(|(dir, _)| dir.starts_with(&self.workspace));
        let mut pairs: Vec<(PathBuf, String)> = Vec::new();
        pairs.push((self.workspace.clone(), inside.map_or_else(|| ".".to_owned(), |(_, name)| name.clone())));
        pairs.push((self.cargo_home.clone(), "/cargo".to_owned()));
        pairs.push((self.target_dir.clone(), if unpacked { self.target_dir.display().to_string() } else { "/target".to_owned() }));
        if let Some((dir, name)) = &own {
            pairs.push(((*dir).clone(), name.clone()));
            pairs.extend(dir.strip_prefix(&self.workspace).ok().map(|relative| (relative.to_owned(), name.clone())));
        }
        // cargo names it after a hash that has the package's place in it.
        pairs.extend(package.and_then(|(package, place)| Some((package.generated.clone()?, place.generated()))));
        // rustc may come by the real path where cargo was told another one.
        let real = pairs.iter().filter(|(from, _)| from.is_absolute());
        let real = real.filter_map(|(from, to)| Some((from.canonicalize().ok().filter(|real| real != from)?, to.clone())));
        let mut pairs: Vec<_> = real.chain(pairs.iter().cloned()).collect();
        pairs.sort_by_key(|(from, _)| from.components().count());
        pairs.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect()
    }
}
