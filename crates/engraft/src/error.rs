//! Why a plugin was not opened.

use engraft_manifest::{DecodeError, Difference};
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a plugin was not opened. Its text says what was tried, what was expected and found, and what helps.
///
/// After any of these nothing of the file has run, and the process is as it was; [`OpenError::Map`] is the one
/// that comes from the system's loader itself.
///
/// `Debug` is the same text as `Display`: `unwrap` and a `main` that returns the error print that one.
#[non_exhaustive]
pub enum OpenError {
    /// Plugins can't be opened on this platform yet.
    UnsupportedPlatform,
    /// This program was built without `cargo engraft`, so it exports nothing that a plugin could borrow.
    HostNotLinked,
    /// There is no such file.
    NotFound {
        /// What was asked for.
        path: PathBuf,
        /// Every absolute path that was tried, in order.
        tried: Vec<PathBuf>,
        /// The working directory, which relative paths start from.
        working_directory: Option<PathBuf>,
    },
    /// The file can't be read.
    Unreadable {
        /// Its absolute path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is no plugin that Engraft linked.
    NotAPlugin {
        /// Its absolute path.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// The file's manifest does not say what a manifest says.
    Manifest {
        /// Its absolute path.
        path: PathBuf,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The plugin was built by another compiler than this program.
    Toolchain {
        /// Its absolute path.
        path: PathBuf,
        /// This program's compiler.
        expected: String,
        /// The plugin's compiler.
        found: String,
    },
    /// Packages that the plugin borrows or brings are not the same as this program's.
    Incompatible {
        /// Its absolute path.
        path: PathBuf,
        /// Every package at which a difference begins; never empty.
        differences: Vec<Difference>,
    },
    /// The file was written anew in place while its older content was open, so the running code may have changed.
    Rewritten {
        /// Its absolute path.
        path: PathBuf,
        /// The path under which the older content was opened.
        opened_as: PathBuf,
    },
    /// The plugin is being opened on this very thread: it tried to open itself while it was mapped.
    Recursive {
        /// Its absolute path.
        path: PathBuf,
    },
    /// The system's loader could not map the file.
    Map {
        /// Its absolute path.
        path: PathBuf,
        /// The loader's words.
        reason: String,
    },
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::Manifest { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl fmt::Debug for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedPlatform => {
                write!(f, "plugins can't be opened on this platform yet\nhelp: Linux with glibc is what works today")
            }
            Self::HostNotLinked => write!(
                f,
                "this program was not linked by Engraft, so it has nothing that a plugin could borrow\n\
                 help: build and run it with `cargo engraft run` instead of `cargo run`, and tests with `cargo engraft test`"
            ),
            Self::NotFound { path, tried, working_directory } => {
                write!(f, "there is no plugin `{}`", path.display())?;
                for path in tried {
                    write!(f, "\n  tried {}", path.display())?;
                }
                match working_directory {
                    Some(directory) => write!(f, "\n  working directory: {}", directory.display())?,
                    None => write!(f, "\n  the working directory can't be told")?,
                }
                write!(f, "\nhelp: `cargo engraft build` puts plugins into `plugins/` beside the host")
            }
            Self::Unreadable { path, source } => write!(f, "failed to read the plugin {}: {source}", path.display()),
            Self::NotAPlugin { path, found } => write!(
                f,
                "{} is not an Engraft plugin\n  expected: a shared object linked by `cargo engraft build`\n  found: {found}\n\
                 help: a plugin crate says `plugin = true` under [package.metadata.engraft], and its file ends up in `target/engraft/<profile>/plugins/`",
                path.display()
            ),
            Self::Manifest { path, source } => write!(
                f,
                "failed to understand the manifest of the plugin {}: {source}\nhelp: the file was altered after it was linked; build it again with `cargo engraft build`",
                path.display()
            ),
            Self::Toolchain { path, expected, found } => write!(
                f,
                "the plugin {} was built by another compiler\n  this program: {expected}\n  the plugin: {found}\n\
                 help: build both with one toolchain; a `rust-toolchain.toml` in the workspace pins it",
                path.display()
            ),
            Self::Incompatible { path, differences } => {
                write!(f, "the plugin {} does not fit this program\n{}", path.display(), engraft_manifest::report(differences))
            }
            Self::Rewritten { path, opened_as } => write!(
                f,
                "the file {} has new content, but it is the very file that is open as {}\n\
                 it was written anew in place, under a running program; opened plugins can't be trusted any more\n\
                 help: replace plugins by renaming a new file over the old one, as `cargo engraft build` does, and restart this program",
                path.display(),
                opened_as.display()
            ),
            Self::Recursive { path } => write!(
                f,
                "the plugin {} is opened by its own constructor, while it is being opened\nhelp: open it from an exported function instead",
                path.display()
            ),
            Self::Map { path, reason } => write!(f, "the system's loader could not map the plugin {}: {reason}", path.display()),
        }
    }
}
