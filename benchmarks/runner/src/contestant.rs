//! A contestant: a way to implement plugins, how it is built, and the output of its build.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::place::Place;
use crate::program::Program;

/// A way to implement plugins.
pub(crate) struct Contestant {
    /// The name in tables and plots.
    pub(crate) name: &'static str,
    /// A short description for people who do not know it.
    pub(crate) way: &'static str,
    /// Builds host and plugins. An error makes the contestant absent.
    pub(crate) build: fn(&Place) -> Result<Built>,
    /// How to edit a plugin and build it again, if that is measured.
    pub(crate) edit: Option<Edit>,
}

/// The output of a contestant's build.
#[derive(Debug, Clone)]
pub(crate) struct Built {
    /// The host, which has the commands of the crate `protocol`.
    pub(crate) host: Program,
    /// The plugin that does the work, and another one to open after it, which can be a copy.
    pub(crate) plugins: [PathBuf; 2],
    /// A host with an HTTP, TLS and SQL stack, and a plugin that uses it.
    pub(crate) heavy: Option<Heavy>,
    /// The libraries and their versions: `("libloading", "0.8.9")`.
    pub(crate) versions: Vec<(&'static str, String)>,
}

/// Host and plugin with an HTTP, TLS and SQL stack.
#[derive(Debug, Clone)]
pub(crate) struct Heavy {
    /// The host, which contains the stack.
    pub(crate) host: Program,
    /// The arguments with which it opens plugins and prints `open <nanoseconds>`.
    pub(crate) verb: &'static str,
    /// The plugin, which uses the stack.
    pub(crate) plugin: PathBuf,
}

/// How to edit a plugin.
pub(crate) struct Edit {
    /// The path of the file with the constant, within the workspace.
    pub(crate) source: &'static str,
    /// The text before the constant's digits.
    pub(crate) before: &'static str,
    /// Rebuilds only the first plugin.
    pub(crate) rebuild: fn(&Place) -> Command,
    /// How the host loads the edited file.
    pub(crate) reload: Reload,
}

/// How a host loads an edited plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reload {
    /// The running host opens the file at the same path, while the previous plugin is open.
    InPlace,
    /// The running host opens a copy with a new name, because the loader identifies files by name.
    Copied,
    /// The host is restarted.
    Restarted,
}
