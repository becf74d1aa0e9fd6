//! Whether a plugin must be linked again, or a host stripped again: what it was made from is remembered beside cargo's own output.
//!
//! As cargo does, files are told apart by length and time of change, not by content.

use anyhow::{Context, Result};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The state of everything that a link depends on, and of what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of these settings and files as they are now. A file that is not there has a state too.
    pub fn now<'a>(settings: &[u8], files: impl IntoIterator<Item = &'a Path>) -> Self {
        let settings = Self(format!("{}\n", blake3::hash(settings)));
        files.into_iter().fold(settings, Self::with)
    }

    /// With one more file as it is now.
    #[must_use]
    pub fn with(mut self, file: &Path) -> Self {
        let state = match std::fs::metadata(file) {
            Ok(data) => format!("{} {}.{:09}", data.len(), data.mtime(), data.mtime_nsec()),
            Err(_) => "none".to_owned(),
        };
        self.0.push_str(&format!("{state} {}\n", file.display()));
        self
    }

    /// Whether this is what was remembered.
    pub fn is_at(&self, path: &Path) -> bool {
        std::fs::read_to_string(path).is_ok_and(|remembered| remembered == self.0)
    }

    /// Remembers it.
    pub fn write(&self, path: &Path) -> Result<()> {
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).with_context(|| format!("failed to create {}", directory.display()))?;
        }
        crate::place::write(path, self.0.as_bytes())
    }
}
