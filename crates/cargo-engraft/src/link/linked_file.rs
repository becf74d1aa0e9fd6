//! The record of a file that was linked: of a host, before plugins are linked for it.

use anyhow::{Context, Result};
use engraft_manifest::{NotARecord, read_note};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Reads a file's record, and no more of the file than that takes; hosts can be large.
pub fn record(path: &Path) -> Result<Result<Vec<u8>, NotARecord>> {
    let read = || {
        let file = File::open(path)?;
        let part = |range: std::ops::Range<u64>| {
            let mut bytes = vec![0; (range.end - range.start) as usize];
            file.read_exact_at(&mut bytes, range.start).map(|()| bytes)
        };
        read_note(file.metadata()?.len(), part, |note| note.record.to_vec())
    };
    read().with_context(|| format!("failed to read {}", path.display()))
}
