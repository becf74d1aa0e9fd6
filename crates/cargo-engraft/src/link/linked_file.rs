//! The note of a file that was linked: of a host, before plugins are linked for it.

use anyhow::{Context, Result};
use engraft_manifest::{BuildId, HEAD, NotARecord, find_note_by};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// What a note says: which build the file is, and its record.
#[derive(Debug)]
pub struct LinkedFile {
    pub build_id: BuildId,
    pub record: Vec<u8>,
}

/// Reads a file's note, and no more of the file than that takes; hosts can be large.
pub fn read(path: &Path) -> Result<Result<LinkedFile, NotARecord>> {
    let read = || -> std::io::Result<_> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let part = |start: u64, end: u64| {
            let mut bytes = vec![0; (end - start) as usize];
            file.read_exact_at(&mut bytes, start).map(|()| bytes)
        };
        let head = part(0, len.min(HEAD as u64))?;
        match find_note_by(&head, len, |range| part(range.start, range.end), |note| (note.build_id, note.record_range))? {
            Ok((build_id, record)) => Ok(Ok(LinkedFile { build_id, record: part(record.start, record.end)? })),
            Err(found) => Ok(Err(found)),
        }
    };
    read().with_context(|| format!("failed to read {}", path.display()))
}
