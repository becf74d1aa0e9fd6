//! What is read of a file before it is mapped: its record, and every byte for its digest.

use crate::{Found, OpenError, sys};
use engraft_manifest::{BuildId, Damage, FileDigest, FileKind, HEAD, Identity, NotARecord, find_note_by, has_traces};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

/// A record, and where it stands.
pub(crate) struct Content {
    /// The digest of the file's content, as it stands in the file.
    pub(crate) build_id: BuildId,
    /// Where in the file that stands.
    build_id_offset: u64,
    /// Whether the file can only be run.
    pub(crate) is_program: bool,
    /// The identity that the record begins with; the whole record if that does not end where records begin.
    pub(crate) record: Vec<u8>,
    /// Where in the file the whole record stands.
    whole_record: Range<u64>,
}

/// How far into a file that has no record traces of one are looked for, in bytes.
const TRACES: u64 = 64 << 20;

impl Content {
    /// Reads as little of a file of `len` bytes as its identity takes.
    ///
    /// `path` is what errors call the file.
    // Never part of a caller, whose stack would have the room of this one, too, each time.
    #[inline(never)]
    pub(crate) fn claimed(path: &Path, file: &File, len: u64) -> Result<Self, OpenError> {
        Self::begin(path, file, len, &mut [0; HEAD])
    }

    /// Reads a whole file of `len` bytes, each of them once, and checks that it has the digest that stands in it.
    ///
    /// `path` is what errors call the file.
    pub(crate) fn proven(path: &Path, file: &File, len: u64) -> Result<Self, OpenError> {
        // On the stack, where the next open finds it again: memory that is touched for the first time takes longer than hashing what is in it.
        let mut piece = [0; HEAD];
        let content = Self::begin(path, file, len, &mut piece)?;
        let found = content.digest(file, len, &mut piece).map_err(|source| OpenError::Unreadable { path: path.to_owned(), source })?;
        match Damage::of_content(content.build_id, found) {
            None => Ok(content),
            Some(damage) => Err(OpenError::Altered { path: path.to_owned(), damage }),
        }
    }

    /// What the beginning of a file tells, which is read to this place.
    fn begin(path: &Path, file: &File, len: u64, piece: &mut [u8; HEAD]) -> Result<Self, OpenError> {
        let head = &mut piece[..part_of(len)];
        let found = sys::read_exact_at(file, head, 0).and_then(|()| Self::find(file, len, head));
        match found {
            Ok(Ok(content)) => Ok(content),
            Ok(Err(Unfit::Damaged(damage))) => Err(OpenError::Altered { path: path.to_owned(), damage }),
            Ok(Err(Unfit::NotARecord(found))) => Err(not_a_plugin(path, file, len, found)),
            Err(source) => Err(OpenError::Unreadable { path: path.to_owned(), source }),
        }
    }

    fn find(file: &File, len: u64, head: &[u8]) -> io::Result<Result<Self, Unfit>> {
        let found = find_note_by(
            head,
            len,
            |range| read_range(file, range),
            |note| match Damage::of_length(&note, len) {
                Some(damage) => Err(Unfit::Damaged(damage)),
                None => Ok(Self {
                    build_id: note.build_id,
                    build_id_offset: note.build_id_offset,
                    is_program: note.is_program,
                    record: Identity::part_of(note.record).unwrap_or_default().to_vec(),
                    whole_record: note.record_range,
                }),
            },
        )?;
        let mut content = match found.map_err(Unfit::NotARecord).flatten() {
            Ok(content) => content,
            Err(unfit) => return Ok(Err(unfit)),
        };
        if content.record.is_empty() {
            content.record = content.whole_record(file)?;
        }
        Ok(Ok(content))
    }

    /// The digest of a file, of which the first piece is there already. The others are read to the same place.
    fn digest(&self, file: &File, len: u64, piece: &mut [u8; HEAD]) -> io::Result<BuildId> {
        let mut digest = FileDigest::new(self.build_id_offset);
        let mut offset = 0;
        loop {
            digest.update(piece, part_of(len - offset));
            offset += HEAD as u64;
            if offset >= len {
                return Ok(digest.finish());
            }
            sys::read_exact_at(file, &mut piece[..part_of(len - offset)], offset)?;
        }
    }

    /// The whole record.
    pub(crate) fn whole_record(&self, file: &File) -> io::Result<Vec<u8>> {
        read_range(file, self.whole_record.clone())
    }
}

/// How many bytes of a piece are a file's of which so many are left.
fn part_of(left: u64) -> usize {
    usize::try_from(left).unwrap_or(HEAD).min(HEAD)
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
