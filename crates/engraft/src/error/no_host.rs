//! Why a file is not the program that a rehearsal asks for.

use super::Found;
use super::report::{Report, WithCauses};
use engraft_manifest::DecodeError;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a file is no program in which plugins could be opened. Its text says what was expected and found, and what helps.
#[non_exhaustive]
pub enum NoHost {
    /// The file is not there, or can't be read.
    Unreadable {
        /// Its absolute path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is no program for this machine.
    Other {
        /// Its absolute path.
        path: PathBuf,
        /// What it is.
        found: Found,
    },
    /// The program's manifest does not say what a manifest says.
    Manifest {
        /// Its absolute path.
        path: PathBuf,
        /// What is wrong with it.
        source: DecodeError,
    },
}

impl fmt::Debug for NoHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for NoHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const A_HOST: &str = "an executable linked by `cargo engraft build`";
        const WHERE: &str = "`cargo engraft build` puts hosts into `target/engraft/<profile>/`";
        match self {
            Self::Unreadable { path, source } => Report::without_code(f, format_args!("the host {} can't be read", path.display()))
                .fact("expected", A_HOST)
                .fact("found", WithCauses(source))
                .help(WHERE),
            Self::Other { path, found } => Report::without_code(f, format_args!("{} is no host", path.display()))
                .fact("expected", A_HOST)
                .fact("found", found)
                .help(WHERE),
            Self::Manifest { path, source } => {
                Report::without_code(f, format_args!("the manifest of the host {} can't be understood", path.display()))
                    .fact("expected", "the record that Engraft's linker wrote into the file")
                    .fact("found", source)
                    .help("the file was altered after it was linked: build it again with `cargo engraft build`")
            }
        }
    }
}

impl Error for NoHost {}
