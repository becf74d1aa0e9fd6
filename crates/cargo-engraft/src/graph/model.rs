//! The graph as data; `graph --format json` writes it.

use serde::Serialize;
use std::path::Path;

/// A host, the plugins around it, and the packages in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Graph {
    /// Version of this schema. It increases when a field changes its meaning or is removed, not when a field is added.
    pub schema: u32,
    /// The files: the host first, then the plugins in the order in which the host would open them.
    pub files: Vec<File>,
    /// The packages of all files, each once, sorted by name.
    pub packages: Vec<Package>,
    /// Why plugins would be refused: one entry for each package at which a difference begins.
    pub conflicts: Vec<Conflict>,
}

/// The current version of the schema.
pub const SCHEMA: u32 = 1;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File {
    /// The host's target name or the plugin's package name; the file name if Engraft did not link the file.
    pub name: String,
    /// Absolute path of the file.
    pub path: String,
    /// Digest of the file's content, in hexadecimal; null unless Engraft linked the file.
    pub build_id: Option<String>,
    /// Length of the file in bytes; null unless Engraft linked the file.
    pub bytes: Option<u64>,
    /// The error that the host would get from opening this plugin; null if the plugin opens, and for the host.
    pub error: Option<Error>,
    /// The packages that this file contains or takes from the host, largest first.
    pub tiles: Vec<Tile>,
}

/// An error of the library `engraft`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Error {
    /// The stable code of the error, such as `E01`.
    pub code: String,
    /// The full text of the error, for people.
    pub text: String,
}

/// A package in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tile {
    /// Index into `packages`.
    pub package: usize,
    /// Where the file gets the package from.
    pub state: State,
    /// The size of the package in this file, in bytes; null if several packages of the file have the same crate name.
    pub bytes: Option<u64>,
}

/// Where a file gets a package from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The host contains it, and plugins use that copy.
    Hosted,
    /// Only this file contains it.
    Bundled,
    /// Several files contain the same package; a process has one copy.
    Shared,
    /// It differs between the plugin and the file that has the other copy, or depends on a package that does: the plugin would be refused.
    Conflicting,
}

/// One compiled instance of a crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Package {
    /// Name of the package.
    pub name: String,
    /// Version of the package; empty for packages of the toolchain.
    pub version: String,
    /// Origin of the source: a path, `registry`, `git/REPOSITORY/REVISION` or `toolchain`.
    pub source: String,
    /// The files that it was compiled from, if `source` is a path.
    pub sources: Vec<String>,
    /// The enabled features.
    pub features: Vec<String>,
    /// The number from which rustc derives type identity, in hexadecimal.
    pub key: String,
    /// Digest of the compiled package, in hexadecimal.
    pub hash: String,
    /// The packages that it depends on: name and version.
    pub dependencies: Vec<String>,
    /// The files that contain it: indices into `files`.
    pub brought_by: Vec<usize>,
    /// The plugins that take it from the host: indices into `files`.
    pub borrowed_by: Vec<usize>,
}

/// A package that differs between a plugin and a file that the process has already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Conflict {
    /// The plugin that would be refused: index into `files`.
    pub plugin: usize,
    /// The file that has the other copy, which is the host or a plugin that was opened before: index into `files`.
    pub holder: usize,
    /// The package at which the difference begins: name and version, as the plugin has it.
    pub root: String,
    /// What differs, for people.
    pub reasons: Vec<String>,
    /// The dependency chain from the plugin's own package to `root`.
    pub chain: Vec<String>,
    /// The packages that differ only because they depend on `root`.
    pub followers: Vec<String>,
}

impl Graph {
    /// The name of a file, with its file name if another file has the same name; empty if there is no such file.
    #[must_use]
    pub fn name_of(&self, file: usize) -> String {
        let Some(file) = self.files.get(file) else { return String::new() };
        let one = self.files.iter().filter(|other| other.name == file.name).count() == 1;
        let of_path = || Path::new(&file.path).file_name().unwrap_or_default().to_string_lossy();
        if one { file.name.clone() } else { format!("{} ({})", file.name, of_path()) }
    }

    /// The label of a package, with the start of its hash if another package has the same name and version.
    #[must_use]
    pub fn label_of(&self, package: usize) -> String {
        let Some(label) = self.packages.get(package).map(Package::label) else { return String::new() };
        let one = self.packages.iter().filter(|other| other.label() == label).count() == 1;
        let hash = self.packages[package].hash.get(..8).unwrap_or_default();
        if one { label } else { format!("{label} ({hash}…)") }
    }
}

impl Package {
    /// Name and version, separated by a space.
    #[must_use]
    pub fn label(&self) -> String {
        if self.version.is_empty() { self.name.clone() } else { format!("{} {}", self.name, self.version) }
    }
}

impl State {
    /// The name of the state in all output formats.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hosted => "hosted",
            Self::Bundled => "bundled",
            Self::Shared => "shared",
            Self::Conflicting => "conflicting",
        }
    }
}
