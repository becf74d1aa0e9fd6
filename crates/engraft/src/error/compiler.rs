//! A compiler, as an error names it.

use engraft_manifest::Toolchain;
use std::fmt;

/// The compiler that a program or a plugin was built by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compiler {
    /// The version line of `rustc -V`: `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub version: String,
    /// The commit that the compiler was built from, or `unknown`.
    pub commit: String,
    /// The triple of the machine that the compiler runs on.
    pub host: String,
}

impl From<Toolchain<'_>> for Compiler {
    fn from(toolchain: Toolchain<'_>) -> Self {
        Self { version: toolchain.version.to_owned(), commit: toolchain.commit.to_owned(), host: toolchain.host.to_owned() }
    }
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, commit {}, host {}", self.version, self.commit, self.host)
    }
}
