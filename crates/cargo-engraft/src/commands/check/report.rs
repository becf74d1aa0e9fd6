//! Verdicts as data: what `check --json` writes.

use engraft_manifest::Difference;
use serde::Serialize;

/// The verdicts on plugins that a host would open one after another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of this form: raised when something in it changes its meaning or goes away. New fields don't raise it.
    pub schema: u32,
    /// The host's absolute path.
    pub host: String,
    /// The verdict on all together: the gravest of the plugins', where `undecided` is graver than `refused`.
    pub verdict: Verdict,
    /// The plugins, in the order in which they would be opened.
    pub plugins: Vec<Plugin>,
}

/// The version of the form.
pub const SCHEMA: u32 = 1;

/// What `open` would come to. The graver comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It fits. Only what no file tells may still fail: the system's loader, and the plugin's own initialisers.
    Opens,
    /// `open` would give an error.
    Refused,
    /// It can't be told: the file is missing or can't be read.
    Undecided,
}

/// The verdict on one plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Plugin {
    /// Its absolute path.
    pub path: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The plugin's package name; null unless it opens.
    pub name: Option<String>,
    /// The digest of its content, in hexadecimal; null unless it opens.
    pub build_id: Option<String>,
    /// The path of the same content that would have been opened before: `open` gives the same plugin; null if there is none.
    pub same_as: Option<String>,
    /// The error that `open` would give; null if it opens.
    pub error: Option<Error>,
}

/// An error of the library `engraft`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Error {
    /// Its stable code, such as `E01`; `cargo engraft explain` tells more.
    pub code: String,
    /// Its whole text, for people.
    pub text: String,
    /// The packages at which differences begin, if it is `E01`.
    pub differences: Vec<Package>,
}

/// A package that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Package {
    /// Its name and version, as the plugin has it.
    pub package: String,
    /// Where the plugin's is from: a path, `registry`, `git/REPOSITORY/REVISION` or `toolchain`.
    pub source: String,
    /// The plugin, opened before, that brought the other one; null if it is the host's.
    pub holder: Option<String>,
    /// What differs, for people.
    pub reasons: Vec<String>,
    /// The packages that depend on it, and differ only for that.
    pub followers: Vec<String>,
}

impl From<&Difference> for Package {
    fn from(difference: &Difference) -> Self {
        Self {
            package: difference.package.clone(),
            source: difference.source.clone(),
            holder: difference.holder.clone(),
            reasons: difference.reasons.iter().map(ToString::to_string).collect(),
            followers: difference.followers.clone(),
        }
    }
}
