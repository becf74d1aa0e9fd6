//! What a link is to produce: written by whoever starts rustc, read by the linker driver that rustc starts.

use crate::place;
use crate::rustc::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRequest {
    /// Host or plugin.
    pub product: Product,
    /// The host's target name or the plugin's package name.
    pub name: String,
    /// cargo's profile.
    pub profile: String,
    /// The compiler.
    pub toolchain: Toolchain,
    /// The target, where it is not the compiler's own.
    pub target: Option<String>,
    /// The linker that would be called without Engraft.
    pub linker: PathBuf,
    /// The directories in which the libraries of the link, and so their records, stand.
    pub libraries: Vec<PathBuf>,
}

/// What is linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Product {
    /// An executable that exports its packages.
    Host {
        /// The key of the executable's own crate.
        own_key: [u8; 16],
        /// The packages that it has and exports whole, by name or by name and version; none if it exports all.
        api: Option<Vec<String>>,
    },
    /// A shared object for some hosts.
    Plugin {
        /// The library that is the plugin.
        library: PathBuf,
        /// The hosts it is for: it borrows the packages that all of them have.
        hosts: Hosts,
    },
}

/// The hosts of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hosts {
    /// They are built: their executables.
    Built(Vec<PathBuf>),
    /// They may not be built yet: the packages that all of them will have, by [`PackagePlace::name`](crate::rustc::package_place::PackagePlace::name).
    Expected(BTreeSet<String>),
}

impl LinkRequest {
    /// Reads a request.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("failed to read the link request {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("failed to understand the link request {}", path.display()))
    }

    /// The target triple.
    #[must_use]
    pub fn target(&self) -> &str {
        self.target.as_deref().unwrap_or(&self.toolchain.host)
    }

    /// Refuses a linker that is called directly: its arguments are other ones than those that a link is planned in.
    pub fn check_linker(linker: &str) -> Result<()> {
        let stem = Path::new(linker).file_stem().unwrap_or_default().to_string_lossy();
        if matches!(&*stem, "ld" | "lld" | "rust-lld" | "ld64" | "gold" | "mold" | "wild") || stem.ends_with("-ld") {
            bail!(
                "the configured linker `{linker}` is called directly; Engraft drives linkers through a C compiler\n\
                 help: set `linker = \"cc\"` (or clang) and choose the linker with `-C link-arg=-fuse-ld=…`"
            );
        }
        Ok(())
    }

    /// A path by which rustc calls this program and which ends in the name of the real linker.
    ///
    /// rustc guesses from a linker's name which arguments it takes, and whether the toolchain's own lld is
    /// to be asked for. Under its own name the guess comes out as it would without Engraft.
    pub fn stand_in(linkers: &Path, engraft: &Path, linker: &str) -> Result<PathBuf> {
        let name = Path::new(linker).file_name().context("the configured linker has no file name")?;
        let path = linkers.join(name);
        if std::fs::read_link(&path).ok().as_deref() != Some(engraft) {
            std::fs::create_dir_all(linkers).with_context(|| format!("failed to create {}", linkers.display()))?;
            let temporary = place::scratch(linkers)?;
            let link = temporary.path().join(name);
            std::os::unix::fs::symlink(engraft, &link)?;
            std::fs::rename(&link, &path).with_context(|| format!("failed to place {}", path.display()))?;
        }
        Ok(path)
    }
}
