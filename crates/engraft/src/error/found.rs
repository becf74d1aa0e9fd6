//! What a file is that is no plugin, and what helps who has it.

use engraft_manifest::{FileKind, NotARecord};
use std::fmt;

/// What was found where a plugin was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// A directory.
    Directory,
    /// A device, a pipe, a socket, or a file whose content the kernel makes up (`/proc`, `/sys`).
    Special,
    /// A host: an executable that Engraft linked.
    Host,
    /// A plugin, where a program was expected.
    Plugin,
    /// A file without a record that this version can read.
    Other(NotARecord),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory => write!(f, "a directory"),
            Self::Special => write!(f, "no regular file"),
            Self::Host => write!(f, "a host that Engraft linked"),
            Self::Plugin => write!(f, "a plugin that Engraft linked"),
            Self::Other(found) => write!(f, "{found}"),
        }
    }
}

impl Found {
    /// What helps.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Directory => "name the plugin's file; `cargo engraft build` puts it into `target/engraft/<profile>/plugins/`",
            Self::Host => "run a host instead of opening it; its plugins are in `plugins/` beside it, or beside it as `libNAME.so`",
            Self::Other(NotARecord::Format(_)) => {
                "plugin and host were linked by different versions of Engraft, or the file was altered: build both with one, with `cargo engraft build`"
            }
            Self::Other(NotARecord::Truncated { .. } | NotARecord::Corrupt(_)) => {
                "the file was truncated or altered on its way: copy it again, or build it again with `cargo engraft build`"
            }
            Self::Other(NotARecord::Other(kind)) => of_kind(*kind),
            Self::Special | Self::Plugin | Self::Other(_) => A_PLUGIN,
        }
    }
}

const A_PLUGIN: &str = "a plugin crate says `plugin = true` under [package.metadata.engraft], and `cargo engraft build` puts it into `target/engraft/<profile>/plugins/`";

fn of_kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::MachO | FileKind::Pe | FileKind::Wasm | FileKind::OtherMachine(_) => {
            "a plugin is built for the system and the machine that its host runs on: run `cargo engraft build` for this one"
        }
        FileKind::Rlib => "`cargo engraft build` links a plugin crate's rlib into `target/engraft/<profile>/plugins/`",
        FileKind::Empty => "the file was not written to its end: copy it again, or build it again with `cargo engraft build`",
        FileKind::GoSharedObject => {
            "programs in Go open plugins in Go; a plugin for this program is a crate, built by `cargo engraft build`"
        }
        _ => A_PLUGIN,
    }
}
