//! The note that holds the record: its bytes, made and read.

use crate::{BuildId, FORMAT, MAX_LEN, NotARecord};
use core::ops::Range;

/// The owner named in the note, as it stands there.
const NAME: &[u8; 8] = b"Engraft\0";

/// The section that the linker puts the note into.
pub const SECTION: &str = ".note.engraft";

/// Bytes of the note's description before the record, which [`seal`](crate::seal()) fills in when the file is complete: its [`BuildId`]
/// and its length.
pub const SEAL: usize = 32 + LEN;

/// Bytes of the length.
const LEN: usize = 8;

/// The note of a file, undecoded.
#[derive(Clone, Debug)]
pub struct Note<'a> {
    /// The digest of the whole file.
    pub build_id: BuildId,
    /// Where in the file these bytes of the digest stand. The file's length stands behind them.
    pub build_id_offset: u64,
    /// How long the file was when it was linked, in bytes.
    pub file_len: u64,
    /// The record, or its beginning if only a file's beginning was looked at.
    pub record: &'a [u8],
    /// Where in the file the whole record stands.
    pub record_range: Range<u64>,
    /// Whether the file can only be run: it has fixed addresses, or names an interpreter. Then it is no plugin, whatever the record says.
    pub is_program: bool,
}

/// Engraft's notes among those of a segment, of which the beginning is given.
pub(crate) struct Notes<'a> {
    /// What is left of what was given.
    rest: &'a [u8],
    /// Where in the file the part of the segment stands that was not looked at.
    left: Range<u64>,
}

impl<'a> Notes<'a> {
    /// `bytes` are the beginning of the segment that stands there in the file.
    pub(crate) fn new(bytes: &'a [u8], segment: Range<u64>) -> Self {
        Self { rest: bytes, left: segment }
    }

    /// Where in the file the part of the segment stands that was not looked at, since it was not given.
    pub(crate) fn left(self) -> Range<u64> {
        self.left
    }

    pub(crate) fn next(&mut self) -> Result<Option<Note<'a>>, NotARecord> {
        while let Some((header, behind)) = self.rest.split_first_chunk::<NOTE_HEADER>() {
            let (name_len, desc_len) = note_parts(*header);
            let (at, len) = (self.left.start + NOTE_HEADER as u64, name_len.saturating_add(desc_len));
            if len as u64 > self.left.end.saturating_sub(at) {
                return Err(NotARecord::Corrupt("a note reaches past its segment"));
            }
            let Some((name, desc)) = behind.split_at_checked(name_len) else { break };
            let is_ours = name == NAME;
            let note = if is_ours { read(*header, desc, at + name_len as u64)? } else { None };
            if is_ours && note.is_none() {
                break;
            }
            // The end of a note may be left out of what was given.
            self.rest = behind.get(len..).unwrap_or_default();
            self.left.start = at + len as u64;
            if is_ours {
                return Ok(note);
            }
        }
        Ok(None)
    }
}

/// Engraft's note, given the beginning of its description and where that stands in the file; none if more of it must be given.
fn read(header: [u8; NOTE_HEADER], desc: &[u8], desc_offset: u64) -> Result<Option<Note<'_>>, NotARecord> {
    let [_, _, _, _, a, b, c, d, format @ ..] = header;
    let format = u32::from_le_bytes(format);
    if format != FORMAT {
        return Err(NotARecord::Format(format));
    }
    let Some(record_len) = (u32::from_le_bytes([a, b, c, d]) as usize).checked_sub(SEAL) else {
        return Err(NotARecord::Corrupt("Engraft's note is too short"));
    };
    if record_len > MAX_LEN {
        return Err(NotARecord::Corrupt("Engraft's note is larger than any record"));
    }
    let Some((build_id, behind)) = desc.split_first_chunk() else { return Ok(None) };
    let Some((file_len, record)) = behind.split_first_chunk::<LEN>() else { return Ok(None) };
    let start = desc_offset + SEAL as u64;
    Ok(Some(Note {
        build_id: BuildId(*build_id),
        build_id_offset: desc_offset,
        file_len: u64::from_le_bytes(*file_len),
        record: &record[..record.len().min(record_len)],
        record_range: start..start + record_len as u64,
        is_program: false,
    }))
}

/// Whether Go's linker put a note (its build id) into a segment.
pub(crate) fn is_of_go(mut rest: &[u8]) -> bool {
    while let Some((header, behind)) = rest.split_first_chunk::<NOTE_HEADER>() {
        if behind.starts_with(b"Go\0\0") {
            return true;
        }
        let (name, desc) = note_parts(*header);
        let Some(next) = name.checked_add(desc).and_then(|len| behind.get(len..)) else { break };
        rest = next;
    }
    false
}

/// The lengths of a note's name and description, as they are padded.
///
/// To four bytes, whatever the segment's alignment says: linkers (mold) put notes that are aligned to 4 and to 8
/// bytes into one segment. On a 64-bit machine those of the second kind have lengths that fit both.
fn note_parts(header: [u8; NOTE_HEADER]) -> (usize, usize) {
    let [a, b, c, d, e, f, g, h, ..] = header;
    let padded = |len: [u8; 4]| (u32::from_le_bytes(len) as usize).next_multiple_of(4);
    (padded([a, b, c, d]), padded([e, f, g, h]))
}

/// Bytes of a note before its name: the lengths of name and description, and the type.
pub const NOTE_HEADER: usize = 12;

/// Length in bytes of a note in memory, given how it begins.
#[must_use]
pub fn note_len(header: [u8; NOTE_HEADER]) -> usize {
    let (name, desc) = note_parts(header);
    NOTE_HEADER + name + desc
}

/// The digest and the record in the bytes of a whole note, as [`note_bytes`] made them; none if that is not what they are.
#[must_use]
pub fn parts_of_note(note: &[u8]) -> Option<(BuildId, &[u8])> {
    let note = Notes::new(note, 0..note.len() as u64).next().ok()??;
    Some((note.build_id, note.record))
}

/// The bytes of a note: what the linker puts into [`SECTION`].
///
/// Digest and length are left zero: [`seal`](crate::seal()) fills them in.
#[must_use]
pub fn note_bytes(record: &[u8]) -> Vec<u8> {
    let desc_len = SEAL + record.len();
    let mut note = Vec::with_capacity(NOTE_HEADER + NAME.len() + desc_len + 3);
    for word in [NAME.len() as u32, desc_len as u32, FORMAT] {
        note.extend_from_slice(&word.to_le_bytes());
    }
    note.extend_from_slice(NAME);
    note.resize(note.len() + SEAL, 0);
    note.extend_from_slice(record);
    note.resize(note.len().next_multiple_of(4), 0);
    note
}
