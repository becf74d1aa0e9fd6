//! What is compared: a way of having plugins, how it is built, and what came of that.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::place::Place;
use crate::program::Program;

/// A way of having plugins.
pub(crate) struct Contestant {
    /// In tables and plots.
    pub(crate) name: &'static str,
    /// In a line, for people who do not know it.
    pub(crate) way: &'static str,
    /// Builds host and plugins. An error is why the contestant is absent.
    pub(crate) build: fn(&Place) -> Result<Built>,
    /// How a plugin is edited and built again, if that is compared.
    pub(crate) edit: Option<Edit>,
}

/// What a contestant's build made.
#[derive(Debug, Clone)]
pub(crate) struct Built {
    /// Understands what `protocol` says.
    pub(crate) host: Program,
    /// The plugin that does the work, and another to be opened after it: where one file would do, a copy.
    pub(crate) plugins: [PathBuf; 2],
    /// A host with an HTTP, TLS and SQL stack, and a plugin that uses it.
    pub(crate) heavy: Option<Heavy>,
    /// What was used, and its version: `("libloading", "0.8.9")`.
    pub(crate) versions: Vec<(&'static str, String)>,
}

/// What is opened with an HTTP, TLS and SQL stack.
#[derive(Debug, Clone)]
pub(crate) struct Heavy {
    /// The host, which has that stack.
    pub(crate) host: Program,
    /// What makes it open plugins and print `open <nanoseconds>`.
    pub(crate) verb: &'static str,
    /// The plugin, which uses it.
    pub(crate) plugin: PathBuf,
}

/// How a plugin is edited.
pub(crate) struct Edit {
    /// The file with the constant, in the workspace.
    pub(crate) source: &'static str,
    /// What stands before the constant's digits.
    pub(crate) before: &'static str,
    /// Builds the first plugin again, and nothing else.
    pub(crate) rebuild: fn(&Place) -> Command,
    /// How the edited file gets into a host.
    pub(crate) reload: Reload,
}

/// How an edited plugin gets into a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reload {
    /// The running host, which has the earlier one open, opens the file at its path.
    InPlace,
    /// The running host opens a copy under a name of its own: the loader knows files by their names.
    Copied,
    /// The host is started again.
    Restarted,
}
