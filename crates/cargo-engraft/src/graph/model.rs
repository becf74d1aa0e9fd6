//! What the picture shows, as data: what `graph --format json` writes.

use serde::Serialize;
use std::path::Path;

/// A host, the plugins around it, and the packages in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Graph {
    /// Version of this form: raised when something in it changes its meaning or goes away. New fields don't raise it.
    pub schema: u32,
    /// The files: the host first, then the plugins in the order in which they would be opened.
    pub files: Vec<File>,
    /// The packages in them, each once, by name.
    pub packages: Vec<Package>,
    /// Where plugins don't fit: one for each package at which a difference begins.
    pub conflicts: Vec<Conflict>,
}

/// The version of the form.
pub const SCHEMA: u32 = 1;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File {
    /// The host's target name or the plugin's package name; the file's name if it is neither.
    pub name: String,
    /// Its absolute path.
    pub path: String,
    /// The digest of its content, in hexadecimal; null unless Engraft linked it.
    pub build_id: Option<String>,
    /// Its length in bytes; null unless Engraft linked it.
    pub bytes: Option<u64>,
    /// The error that opening it in the host would give; null if it opens, and of the host.
    pub error: Option<Error>,
    /// The packages that it brings along or borrows, by size.
    pub tiles: Vec<Tile>,
}

/// An error of the library `engraft`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Error {
    /// Its stable code, such as `E01`.
    pub code: String,
    /// Its whole text, for people.
    pub text: String,
}

/// A package in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tile {
    /// Index into `packages`.
    pub package: usize,
    /// What the file has to do with it.
    pub state: State,
    /// The bytes that it takes in the file; null if several packages of the file have a crate of that name.
    pub bytes: Option<u64>,
}

/// What a file has to do with a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In a plugin: it is taken from the host. In the host: plugins take it from there.
    Hosted,
    /// Only this file brings it along, for itself.
    Bundled,
    /// Other files bring along just the same: it is one in the process.
    Shared,
    /// It is not the same on both sides, or depends on one that is not: the plugin would be refused.
    Conflicting,
}

/// One compiled instance of a crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version; empty for the toolchain's own packages.
    pub version: String,
    /// Where its source is from: a path, `registry`, `git/REPOSITORY/REVISION` or `toolchain`.
    pub source: String,
    /// The files that it was compiled from, if the source is a path.
    pub sources: Vec<String>,
    /// The features that were on.
    pub features: Vec<String>,
    /// What rustc makes type identity from, in hexadecimal.
    pub key: String,
    /// The digest of what was compiled, in hexadecimal.
    pub hash: String,
    /// The packages it depends on: name and version.
    pub dependencies: Vec<String>,
    /// Who brings it along: indices into `files`.
    pub brought_by: Vec<usize>,
    /// Who takes it from the host: indices into `files`.
    pub borrowed_by: Vec<usize>,
}

/// A package that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Conflict {
    /// Who would be refused for it: index into `files`.
    pub plugin: usize,
    /// Who has the other one, the host or a plugin that was opened before: index into `files`.
    pub holder: usize,
    /// The package at which the difference begins: name and version, as the plugin has it.
    pub root: String,
    /// What differs, for people.
    pub reasons: Vec<String>,
    /// How the plugin comes to it: from the plugin's own package, each depending on the next, to the root.
    pub chain: Vec<String>,
    /// All packages that depend on it, and differ only for that.
    pub followers: Vec<String>,
}

impl Graph {
    /// What a file is called, with its file's name where others are called the same; nothing if there is no such file.
    #[must_use]
    pub fn name_of(&self, file: usize) -> String {
        let Some(file) = self.files.get(file) else { return String::new() };
        let one = self.files.iter().filter(|other| other.name == file.name).count() == 1;
        let of_path = || Path::new(&file.path).file_name().unwrap_or_default().to_string_lossy();
        if one { file.name.clone() } else { format!("{} ({})", file.name, of_path()) }
    }

    /// What a package is called, with the beginning of its hash where another one has its name and version.
    #[must_use]
    pub fn label_of(&self, package: usize) -> String {
        let Some(label) = self.packages.get(package).map(Package::label) else { return String::new() };
        let one = self.packages.iter().filter(|other| other.label() == label).count() == 1;
        let hash = self.packages[package].hash.get(..8).unwrap_or_default();
        if one { label } else { format!("{label} ({hash}…)") }
    }
}

impl Package {
    /// Name and version as people write them.
    #[must_use]
    pub fn label(&self) -> String {
        if self.version.is_empty() { self.name.clone() } else { format!("{} {}", self.name, self.version) }
    }
}

impl State {
    /// Its name, as the written forms have it.
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
