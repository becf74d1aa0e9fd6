//! Where a package is from, and the name that stands for its directory, which is the same on every machine.

use super::record::CargoPackage;
use serde::{Deserialize, Serialize};

/// What the subcommand knows of a package before cargo starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackagePlace {
    /// Name and version, and where two packages of a build have both in common, a digest of the source of all but the first.
    ///
    /// The directory is no part of it: a copy in `vendor/`, below `[patch]` or in a git checkout is the registry's package.
    pub name: String,
    /// As the manifest has it: `registry`, `git/REPOSITORY/REVISION`, a path in the workspace, or `path/NAME`.
    pub source: String,
    /// Whether it is a member of the workspace. Its files are named from the workspace's root, as cargo does it.
    pub is_member: bool,
    /// Whether cargo has fetched it, so that nobody edits it.
    pub is_fetched: bool,
}

impl PackagePlace {
    /// A package that `cargo metadata` does not list, such as the standard library's with `-Zbuild-std`.
    #[must_use]
    pub fn unlisted(package: &CargoPackage) -> Self {
        Self {
            name: plain_name(&package.name, &package.version),
            source: format!("path/{}", package.name),
            is_member: false,
            is_fetched: false,
        }
    }

    /// What stands for the package's directory in what the compiler makes of it.
    #[must_use]
    pub fn directory(&self) -> String {
        format!("{PACKAGES}{}", self.name)
    }

    /// What stands for the directory that the package's build script writes into.
    #[must_use]
    pub fn generated(&self) -> String {
        format!("{GENERATED}{}", self.name)
    }
}

/// What the names of packages' directories begin with.
pub const PACKAGES: &str = "/packages/";
/// What the names of build scripts' output directories begin with.
pub const GENERATED: &str = "/target/out/";

/// The name of a package that is the only one of its name and version.
#[must_use]
pub fn plain_name(name: &str, version: &str) -> String {
    format!("{name}-{version}")
}
