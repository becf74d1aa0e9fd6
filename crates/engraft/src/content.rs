//! What is read of a file before it is mapped: its record, and every byte for its digest.

use crate::any_file::{part_of, read_range, room};
use crate::{Found, OpenError, sys};
use engraft_manifest::{BuildId, Damage, FileDigest, FileKind, HEAD, Identity, NotARecord, TRACE, find_note_by, has_traces};
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
    if may_have_had_one && traces_in(file, len.min(TRACES)).is_ok_and(|found| found) {
        return OpenError::Altered { path, damage: Damage::Headers };
    }
    OpenError::NotAPlugin { path, found: Found::Other(found) }
}

/// Whether the first `len` bytes of a file have traces of a record, of which a piece at a time is in memory.
fn traces_in(file: &File, len: u64) -> io::Result<bool> {
    /// Bytes of a piece.
    const PIECE: u64 = 1 << 16;
    let mut piece = room(PIECE.min(len) as usize)?;
    let mut start = 0;
    loop {
        let end = (start + PIECE).min(len);
        let piece = &mut piece[..(end - start) as usize];
        sys::read_exact_at(file, piece, start)?;
        if has_traces(piece) {
            return Ok(true);
        }
        if end == len {
            return Ok(false);
        }
        // A trace may begin in one piece and end in the next.
        start = end - TRACE as u64;
    }
}
