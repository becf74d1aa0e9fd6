//! Where the record stands in a file: an ELF note, found through the program headers that the kernel and `dlopen` use.
//!
//! A note in an allocated section belongs to a `PT_NOTE` segment: `strip` keeps it, and it is found
//! without section headers. Facts about ELF are from the System V ABI, chapters 4 and 5
//! (<https://gabi.xinuos.com/>).

use crate::file_kind::{Undecided, classify};
use crate::{BuildId, FORMAT, FileKind, MAX_LEN};
use core::fmt;
use core::ops::Range;
use object::LittleEndian;
use object::elf::{EM_X86_64, ET_DYN, ET_EXEC, FileHeader64, PT_LOAD, PT_NOTE};
use object::read::elf::{FileHeader, ProgramHeader};

/// The owner named in the note, as it stands there.
const NAME: &[u8; 8] = b"Engraft\0";

/// The section that the linker puts the note into.
pub const SECTION: &str = ".note.engraft";

/// Bytes of the note's description before the record, which [`seal`](crate::seal) fills in when the file is complete: its [`BuildId`]
/// and its length.
pub const SEAL: usize = 32 + LEN;

/// Bytes of the length.
const LEN: usize = 8;

/// The most that is read of note segments, in bytes: the largest record, and room for what else may be there.
const MAX_SEGMENT: u64 = MAX_LEN as u64 + (1 << 16);

/// How far into a file notes are looked for, in bytes.
pub(crate) const FARTHEST: u64 = 2 * MAX_SEGMENT;

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
}

/// Why no record was found in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotARecord {
    /// The file is something else.
    Other(FileKind),
    /// The file ends before what its headers describe: how long it is, and has to be at least, in bytes.
    Truncated {
        /// Length of the file.
        len: u64,
        /// Length that its headers ask for.
        needed: u64,
    },
    /// A header or the note contradicts itself.
    Corrupt(&'static str),
    /// The record is of a format that this version does not read.
    Format(u32),
    /// Notes stand beyond what was looked at, but within this many bytes from the beginning.
    Beyond(u64),
}

/// Bytes at the beginning of a file in which [`find_note`] finds what it needs: the headers, and the note's beginning.
/// Linkers put notes in front; the identities of some eighty packages fit too.
pub const HEAD: usize = 4 << 10;

/// Finds the note of a file that is `len` bytes long, given its beginning: [`HEAD`] bytes are enough for most.
///
/// # Errors
///
/// The file is no complete ELF file for this kind of machine, or Engraft did not link it; or
/// [`NotARecord::Beyond`]: more of it must be looked at.
pub fn find_note(head: &[u8], len: u64) -> Result<Note<'_>, NotARecord> {
    let least = len.min(size_of::<FileHeader64<LittleEndian>>() as u64);
    if (head.len() as u64) < least {
        return Err(NotARecord::Beyond(least));
    }
    let layout = Layout::read(head, len)?;
    for segment in &layout.notes {
        if let Some(note) = note_of_segment(within(head, segment), segment)? {
            return Ok(note);
        }
    }
    match layout.notes.iter().map(|segment| segment.end).max() {
        Some(end) if end > FARTHEST => Err(NotARecord::Corrupt("its notes are farther behind than any")),
        Some(end) if end > head.len() as u64 => Err(NotARecord::Beyond(end)),
        _ if layout.kind == FileKind::SharedObject && layout.notes.iter().any(|segment| is_of_go(within(head, segment))) => {
            Err(NotARecord::Other(FileKind::GoSharedObject))
        }
        _ => Err(NotARecord::Other(layout.kind)),
    }
}

/// The part of a segment that is in a file's beginning.
fn within<'a>(head: &'a [u8], segment: &Range<u64>) -> &'a [u8] {
    let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(head.len());
    &head[at(segment.start)..at(segment.end)]
}

/// What the headers say.
struct Layout {
    /// Where in the file notes stand.
    notes: Vec<Range<u64>>,
    /// What the file is if Engraft's is not among them.
    kind: FileKind,
}

impl Layout {
    /// Reads a file's headers from its beginning, and checks that everything they describe is within `len` bytes.
    fn read(head: &[u8], len: u64) -> Result<Self, NotARecord> {
        let header = parse_header(head, len)?;
        let endian = LittleEndian;
        let end = |offset: u64, size: u64| offset.checked_add(size).ok_or(NotARecord::Corrupt("a header describes more than 2^64 bytes"));
        let complete = |needed: u64| if needed <= len { Ok(()) } else { Err(NotARecord::Truncated { len, needed }) };
        let table = |offset: u64, count: u16, size: u16| end(offset, u64::from(count) * u64::from(size));

        complete(table(header.e_phoff(endian), header.e_phnum(endian), header.e_phentsize(endian))?)?;
        let segments = header.program_headers(endian, head).map_err(|_| NotARecord::Corrupt("its program headers can't be read"))?;
        let (mut notes, mut notes_len) = (Vec::new(), 0_u64);
        for segment in segments.iter().filter(|segment| matches!(segment.p_type(endian), PT_LOAD | PT_NOTE)) {
            let (start, end) = (segment.p_offset(endian), end(segment.p_offset(endian), segment.p_filesz(endian))?);
            complete(end)?;
            if segment.p_type(endian) == PT_NOTE {
                // All of them together: segments may lie over each other, and each is looked through.
                notes_len = notes_len.saturating_add(end - start);
                if notes_len > MAX_SEGMENT {
                    return Err(NotARecord::Corrupt("its notes are larger than any"));
                }
                notes.push(start..end);
            }
        }
        // Linkers put the section headers last, so this is what tells that the end of a file is missing.
        complete(table(header.e_shoff(endian), header.e_shnum(endian), header.e_shentsize(endian))?)?;
        Ok(Self { notes, kind: if is_shared_object(header) { FileKind::SharedObject } else { FileKind::Executable } })
    }
}

/// Engraft's note among those of a segment, of which the beginning is given.
fn note_of_segment<'a>(bytes: &'a [u8], segment: &Range<u64>) -> Result<Option<Note<'a>>, NotARecord> {
    let mut rest = bytes;
    while let Some((header, behind)) = rest.split_first_chunk::<NOTE_HEADER>() {
        let (name_len, desc_len) = note_parts(*header);
        let at = segment.end.min(segment.start + (bytes.len() - behind.len()) as u64);
        if name_len.saturating_add(desc_len) as u64 > segment.end - at {
            return Err(NotARecord::Corrupt("a note reaches past its segment"));
        }
        let Some((name, behind)) = behind.split_at_checked(name_len) else { break };
        if name != NAME {
            let Some(next) = behind.get(desc_len..) else { break };
            rest = next;
            continue;
        }
        let format = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
        if format != FORMAT {
            return Err(NotARecord::Format(format));
        }
        let unpadded = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let seal = behind.split_first_chunk().and_then(|(build_id, behind)| Some((build_id, behind.split_first_chunk::<LEN>()?)));
        let (Some(record_len), Some((build_id, (file_len, record)))) = (unpadded.checked_sub(SEAL), seal) else {
            return Err(NotARecord::Corrupt("Engraft's note is too short"));
        };
        if record_len > MAX_LEN {
            return Err(NotARecord::Corrupt("Engraft's note is larger than any record"));
        }
        let build_id_offset = at + name_len as u64;
        let start = build_id_offset + SEAL as u64;
        return Ok(Some(Note {
            build_id: BuildId(*build_id),
            build_id_offset,
            file_len: u64::from_le_bytes(*file_len),
            record: &record[..record.len().min(record_len)],
            record_range: start..start + record_len as u64,
        }));
    }
    Ok(None)
}

/// Whether Go's linker put a note (its build id) into a segment.
fn is_of_go(mut rest: &[u8]) -> bool {
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

fn parse_header(head: &[u8], len: u64) -> Result<&FileHeader64<LittleEndian>, NotARecord> {
    let start = &head[..head.len().min(64)];
    if !start.starts_with(b"\x7fELF") {
        return Err(classify(head, len).map_or_else(|Undecided(end)| NotARecord::Beyond(end), NotARecord::Other));
    }
    if len < 64 {
        return Err(NotARecord::Truncated { len, needed: 64 });
    }
    let machine = u16::from_le_bytes([start[18], start[19]]);
    let Ok(header) = FileHeader64::<LittleEndian>::parse(head) else {
        return Err(NotARecord::Other(FileKind::OtherMachine(machine)));
    };
    if machine != EM_X86_64.0 || !header.is_little_endian() {
        return Err(NotARecord::Other(FileKind::OtherMachine(machine)));
    }
    match header.e_type(LittleEndian) {
        ET_DYN | ET_EXEC => Ok(header),
        other => Err(NotARecord::Other(FileKind::OtherElf(other.0))),
    }
}

/// Position-independent executables have the type of shared objects too; only they name an interpreter or an entry point.
fn is_shared_object(header: &FileHeader64<LittleEndian>) -> bool {
    header.e_type(LittleEndian) == ET_DYN && header.e_entry(LittleEndian) == 0
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
    let segment = 0..note.len() as u64;
    let note = note_of_segment(note, &segment).ok()??;
    Some((note.build_id, note.record))
}

/// The bytes of a note: what the linker puts into [`SECTION`].
///
/// Digest and length are left zero: [`seal`](crate::seal) fills them in.
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

impl fmt::Display for NotARecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(kind) => write!(f, "{kind}"),
            Self::Truncated { len, needed } => write!(f, "a truncated ELF file: it has {len} bytes and describes {needed}"),
            Self::Corrupt(what) => write!(f, "a corrupt ELF file: {what}"),
            Self::Beyond(end) => write!(f, "a file whose notes end at byte {end}"),
            Self::Format(format) => write!(f, "a file whose record has format {format}; this version reads format {FORMAT}"),
        }
    }
}
