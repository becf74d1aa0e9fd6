//! What is read of a file before it is mapped: its record, and every byte for its digest.

use crate::{Found, OpenError, sys};
use engraft_manifest::{BuildId, Damage, FileDigest, FileKind, HEAD, Identity, NotARecord, Note, find_note, has_traces};
use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

/// A record, and where it stands.
pub(crate) struct Content<'b> {
    /// The digest of the file's content, as it stands in the file.
    pub(crate) build_id: BuildId,
    /// Where in the file that stands.
    build_id_offset: u64,
    /// Whether the file can only be run.
    pub(crate) is_program: bool,
    /// Bytes of the file with the record, or at least the identity that it begins with.
    bytes: Cow<'b, [u8]>,
    /// Where in `bytes` that stands.
    record: Range<usize>,
    /// Where in the file the whole record stands.
    whole_record: Range<u64>,
}

/// Bytes that are read at once for the digest: enough for BLAKE3 to use all of a processor's lanes, few enough to stay in its cache.
const PIECE: usize = 64 << 10;

/// How far into a file that has no record traces of one are looked for, in bytes.
const TRACES: u64 = 64 << 20;

impl<'b> Content<'b> {
    /// Reads as little of a file of `len` bytes as its identity takes: for most plugins that is one page.
    ///
    /// `path` is what errors call the file.
    pub(crate) fn read(path: &Path, file: &File, len: u64, head: &'b mut [u8; HEAD]) -> Result<Self, OpenError> {
        match Self::find(file, len, head) {
            Ok(Ok(content)) => Ok(content),
            Ok(Err(Unfit::Damaged(damage))) => Err(OpenError::Altered { path: path.to_owned(), damage }),
            Ok(Err(Unfit::NotARecord(found))) => Err(not_a_plugin(path, file, len, found)),
            Err(source) => Err(OpenError::Unreadable { path: path.to_owned(), source }),
        }
    }

    fn find(file: &File, len: u64, head: &'b mut [u8; HEAD]) -> io::Result<Result<Self, Unfit>> {
        let head = &mut head[..usize::try_from(len).unwrap_or(HEAD).min(HEAD)];
        sys::read_exact_at(file, head, 0)?;
        let mut bytes = Cow::Borrowed(&*head);
        let mut note = find_note(&bytes, len);
        while let Err(NotARecord::Beyond(end)) = note {
            bytes = Cow::Owned(read_range(file, 0..end)?);
            note = find_note(&bytes, len);
        }
        let Note { build_id, build_id_offset, record_range: whole_record, is_program, .. } = match note {
            Ok(note) => match Damage::of_length(&note, len) {
                None => note,
                Some(damage) => return Ok(Err(Unfit::Damaged(damage))),
            },
            Err(found) => return Ok(Err(Unfit::NotARecord(found))),
        };
        // Within what was read, or the note would not have been found there.
        let start = whole_record.start as usize;
        let mut record = start..bytes.len().min(whole_record.end as usize);
        if Identity::read(&bytes[record.clone()]).is_err() && record.end < whole_record.end as usize {
            bytes = Cow::Owned(read_range(file, whole_record.clone())?);
            record = 0..bytes.len();
        }
        Ok(Ok(Self { build_id, build_id_offset, is_program, bytes, record, whole_record }))
    }

    /// Reads the whole file, of which this was read, and checks that it has the digest that stands in it.
    pub(crate) fn check_digest(&self, path: &Path, file: &File, len: u64) -> Result<(), OpenError> {
        let found = self.digest(file, len).map_err(|source| OpenError::Unreadable { path: path.to_owned(), source })?;
        match Damage::of_content(self.build_id, found) {
            None => Ok(()),
            Some(damage) => Err(OpenError::Altered { path: path.to_owned(), damage }),
        }
    }

    fn digest(&self, file: &File, len: u64) -> io::Result<BuildId> {
        let mut digest = FileDigest::new(self.build_id_offset);
        let mut room = room(usize::try_from(len).unwrap_or(PIECE).min(PIECE))?;
        let mut offset = 0;
        while offset < len {
            let piece = &mut room[..usize::try_from(len - offset).unwrap_or(PIECE).min(PIECE)];
            sys::read_exact_at(file, piece, offset)?;
            digest.update(piece);
            offset += piece.len() as u64;
        }
        Ok(digest.finish())
    }

    /// The record, or at least the identity that it begins with.
    pub(crate) fn record(&self) -> &[u8] {
        &self.bytes[self.record.clone()]
    }

    /// The whole record.
    pub(crate) fn whole_record(&self, file: &File) -> io::Result<Vec<u8>> {
        read_range(file, self.whole_record.clone())
    }
}

/// Why a file has no content to go on with.
enum Unfit {
    NotARecord(NotARecord),
    Damaged(Damage),
}

/// The error for a file without a record, after a look whether it had one before it was altered.
#[cold]
fn not_a_plugin(path: &Path, file: &File, len: u64, found: NotARecord) -> OpenError {
    // What else can be told for sure is no plugin, altered or not.
    let may_have_had_one =
        matches!(found, NotARecord::Other(FileKind::Unknown | FileKind::OtherMachine(_) | FileKind::OtherElf(_) | FileKind::SharedObject));
    let path = path.to_owned();
    if may_have_had_one && read_range(file, 0..len.min(TRACES)).is_ok_and(|bytes| has_traces(&bytes)) {
        return OpenError::Altered { path, damage: Damage::Headers };
    }
    OpenError::NotAPlugin { path, found: Found::Other(found) }
}

fn read_range(file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = room((range.end - range.start) as usize)?;
    sys::read_exact_at(file, &mut bytes, range.start)?;
    Ok(bytes)
}

/// Memory for what is read of a file. However much that is, a process that can't have it goes on.
fn room(len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.resize(len, 0);
    Ok(bytes)
}
