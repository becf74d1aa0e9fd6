//! Directories that a build fills: marked, so that backups pass them by, and what digests a package's files too.

use crate::place;
use anyhow::{Context, Result};
use std::path::Path;

/// The mark of such a directory (<https://bford.info/cachedir/>), which cargo writes only where it is the first to build.
const MARK: &str = "CACHEDIR.TAG";

/// As cargo's, but for the name.
const TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This file is a cache directory tag created by cargo engraft.\n\
    # For information about cache directory tags see https://bford.info/cachedir/\n";

/// Makes a directory unless it is there. It is marked if it was not.
pub fn make(directory: &Path) -> Result<()> {
    if directory.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(directory).with_context(|| format!("failed to create {}", directory.display()))?;
    place::write(&directory.join(MARK), TEXT.as_bytes())
}

/// Whether a directory is marked.
#[must_use]
pub fn is_marked(directory: &Path) -> bool {
    directory.join(MARK).is_file()
}
