//! Whether a plugin must be linked again: what it was linked from is remembered beside cargo's own output.
//!
//! As cargo does, files are told apart by length and time of change, not by content.

use anyhow::{Context, Result};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The state of everything that a link depends on, and of what it made.
#[derive(Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of these settings and files as they are now. A file that is not there has a state too.
    pub fn now<'a>(settings: &[u8], files: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut text = format!("{}\n", blake3::hash(settings));
        for file in files {
            let state = match std::fs::metadata(file) {
                Ok(data) => format!("{} {}.{:09}", data.len(), data.mtime(), data.mtime_nsec()),
                Err(_) => "none".to_owned(),
            };
            text.push_str(&format!("{state} {}\n", file.display()));
        }
        Self(text)
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
