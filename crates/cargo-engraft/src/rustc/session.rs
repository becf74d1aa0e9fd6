//! What the subcommand tells every wrapper of one build: both halves of the protocol between the two.

use super::record::CargoPackage;
use crate::place;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// Directories of the path packages that only plugins have: what they contain goes into their identity.
    pub plugin_side: Vec<PathBuf>,
    /// Of each host that does not export all of its packages, by its directory, those that it does whole; see [`crate::cargo::api`].
    pub api: BTreeMap<PathBuf, Vec<String>>,
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

    /// `--remap-path-prefix` arguments that make a package's result independent of where its workspace stands.
    ///
    /// rustc lets the last match win, so the more special come later.
    #[must_use]
    pub fn remaps(&self, package: Option<&CargoPackage>) -> Vec<String> {
        let mut pairs: Vec<(PathBuf, String)> = Vec::new();
        pairs.extend(package.and_then(|package| Some((package.dir.clone(), format!("/{}", self.name_outside(package)?)))));
        pairs.push((self.workspace.clone(), ".".to_owned()));
        pairs.push((self.cargo_home.join("registry/src"), "/cargo/registry".to_owned()));
        pairs.push((self.cargo_home.join("git/checkouts"), "/cargo/git".to_owned()));
        pairs.push((self.target_dir.clone(), "/target".to_owned()));
        // cargo names it after a hash that a package outside of the workspace has its place in.
        let generated =
            |package: &CargoPackage| Some((package.generated.clone()?, format!("/target/out/{}-{}", package.name, package.version)));
        pairs.extend(package.and_then(generated));
        // rustc may come by the real path where cargo was told another one.
        let real = pairs.iter().filter_map(|(from, to)| Some((from.canonicalize().ok().filter(|real| real != from)?, to.clone())));
        let pairs = real.collect::<Vec<_>>().into_iter().chain(pairs.clone());
        pairs.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect()
    }

    /// What a path dependency outside the workspace is called, wherever it stands; none for what is inside, or cargo's.
    ///
    /// By the package's name, because a clone's directory may have any: no lock file has two of one name and version.
    #[must_use]
    pub fn name_outside(&self, package: &CargoPackage) -> Option<String> {
        let outside = !package.dir.starts_with(&self.workspace) && !package.dir.starts_with(&self.cargo_home);
        outside.then(|| format!("path/{}", package.name))
    }
}
