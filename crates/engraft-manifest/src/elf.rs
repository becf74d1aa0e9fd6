//! Where the record stands in a file: an ELF note, found through the program headers that the kernel and `dlopen` use.
//!
//! A note in an allocated section belongs to a `PT_NOTE` segment: `strip` keeps it, and it is found
//! without section headers. Facts about ELF are from the System V ABI, chapters 4 and 5
//! (<https://gabi.xinuos.com/>).

use crate::file_kind::{Undecided, classify};
use crate::note::{Note, Notes, is_of_go};
use crate::{FORMAT, FileKind, MAX_LEN, NOTE_HEADER};
use core::fmt;
use core::ops::Range;
use object::LittleEndian;
use object::elf::{EM_X86_64, ET_DYN, ET_EXEC, FileHeader64, PT_DYNAMIC, PT_INTERP, PT_LOAD, PT_NOTE};
use object::read::elf::{FileHeader, ProgramHeader};

/// The most that is read of note segments, in bytes: the largest record, and room for what else may be there.
const MAX_SEGMENT: u64 = MAX_LEN as u64 + (1 << 16);

/// The most program headers that are read. Linkers write about ten. (And 65535 would stand for another number, in the first section header.)
const MAX_SEGMENTS: u16 = 512;

/// How far into a file notes are looked for, in bytes.
pub(crate) const FARTHEST: u64 = 2 * MAX_SEGMENT;

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
/// Linkers put notes in front; the identities of some three hundred packages fit too. And a file is read and hashed in pieces of so many bytes.
pub const HEAD: usize = 16 << 10;

/// Finds the note of a file that is `len` bytes long, given its beginning: [`HEAD`] bytes are enough for most.
///
/// # Errors
///
/// The file is no complete ELF file for this kind of machine, or Engraft did not link it; or
/// [`NotARecord::Beyond`]: more of it must be looked at.
pub fn find_note(head: &[u8], len: u64) -> Result<Note<'_>, NotARecord> {
    Ok(find_in(Beginning { head, behind: &[] }, len)?)
}

fn find_in(seen: Beginning<'_>, len: u64) -> Result<Note<'_>, Unfound> {
    let head = seen.head;
    let least = len.min(size_of::<FileHeader64<LittleEndian>>() as u64);
    if (head.len() as u64) < least {
        return Err(NotARecord::Beyond(least).into());
    }
    let layout = Layout::read(head, len)?;
    let (mut found, mut unseen): (Option<Note<'_>>, bool) = (None, false);
    for segment in &layout.notes {
        let mut left = segment.file.clone();
        for part in seen.parts() {
            let mut notes = Notes::new(part(&left), left);
            while let Some(note) = notes.next()? {
                // Segments may lie over each other: that is one note, seen twice.
                if found.as_ref().is_some_and(|found| found.build_id_offset != note.build_id_offset) {
                    return Err(NotARecord::Corrupt("it has two of Engraft's notes").into());
                }
                if !layout.is_loaded(segment, &note) {
                    return Err(NotARecord::Corrupt("Engraft's note is not where its segment is loaded").into());
                }
                found = Some(Note { is_program: layout.is_program, ..note });
            }
            left = notes.left();
        }
        unseen |= left.end.saturating_sub(left.start) >= NOTE_HEADER as u64;
    }
    match (found, layout.notes.iter().map(|segment| segment.file.end).max()) {
        (_, Some(end)) if unseen && end > FARTHEST => Err(NotARecord::Corrupt("its notes are farther behind than any").into()),
        (_, Some(end)) if unseen && end > head.len() as u64 => Err(Unfound::Notes(end)),
        (Some(note), _) => Ok(note),
        _ if layout.kind == FileKind::SharedObject && layout.notes.iter().any(|segment| is_of_go(within(head, 0, &segment.file))) => {
            Err(NotARecord::Other(FileKind::GoSharedObject).into())
        }
        _ => Err(NotARecord::Other(layout.kind).into()),
    }
}

/// Finds the note of a file that is `len` bytes long, and looks at more of it for as long as its beginning is not enough.
///
/// `read` gives the file's bytes in a range, and `take` is given the note.
///
/// # Errors
///
/// Those of `read`, and within, those of [`find_note`] but for [`NotARecord::Beyond`].
pub fn find_note_by<T, E>(
    head: &[u8],
    len: u64,
    mut read: impl FnMut(Range<u64>) -> Result<Vec<u8>, E>,
    take: impl FnOnce(Note<'_>) -> T,
) -> Result<Result<T, NotARecord>, E> {
    let (behind, mut whole): (Vec<u8>, Vec<u8>);
    let mut note = match find_in(Beginning { head, behind: &[] }, len) {
        Err(Unfound::Notes(end)) => {
            // Mostly it is the end of a record that nobody needs yet, and a note of somebody else's behind it.
            behind = read(head.len() as u64..end)?;
            find_in(Beginning { head, behind: &behind }, len).map_err(|_| NotARecord::Beyond(end))
        }
        found => found.map_err(NotARecord::from),
    };
    while let Err(NotARecord::Beyond(end)) = note {
        whole = read(0..end)?;
        note = find_note(&whole, len);
    }
    Ok(note.map(take))
}

/// Why there is no note yet.
enum Unfound {
    Told(NotARecord),
    /// The headers were read, and say that notes stand beyond what was given, but within this many bytes from the beginning.
    Notes(u64),
}

impl From<NotARecord> for Unfound {
    fn from(found: NotARecord) -> Self {
        Self::Told(found)
    }
}

impl From<Unfound> for NotARecord {
    fn from(unfound: Unfound) -> Self {
        match unfound {
            Unfound::Told(found) => found,
            Unfound::Notes(end) => Self::Beyond(end),
        }
    }
}

/// What is given of a file, from its first byte on: `behind` comes right behind `head`. Headers are read in the first only.
#[derive(Clone, Copy)]
struct Beginning<'a> {
    head: &'a [u8],
    behind: &'a [u8],
}

impl<'a> Beginning<'a> {
    /// What each part has of a range of the file, from that range's start on.
    fn parts(self) -> [impl Fn(&Range<u64>) -> &'a [u8]; 2] {
        [(self.head, 0), (self.behind, self.head.len() as u64)].map(|(bytes, start)| move |range: &Range<u64>| within(bytes, start, range))
    }
}

/// The beginning of a range of a file that is in these bytes, which stand there in the file.
fn within<'a>(bytes: &'a [u8], start: u64, range: &Range<u64>) -> &'a [u8] {
    let at = |offset: u64| usize::try_from(offset.saturating_sub(start)).unwrap_or(usize::MAX).min(bytes.len());
    if range.start < start { &[] } else { &bytes[at(range.start)..at(range.end)] }
}

/// A segment, as far as its header tells.
struct Segment {
    /// Where in the file it stands.
    file: Range<u64>,
    /// The addresses that the linker gave it.
    memory: Range<u64>,
}

impl Segment {
    /// How much farther addresses are than offsets.
    fn distance(&self) -> u64 {
        self.memory.start.wrapping_sub(self.file.start)
    }

    /// Whether the pages that are mapped for it hold any of these addresses.
    fn covers(&self, addresses: &Range<u64>) -> bool {
        self.memory.start & !(PAGE - 1) < addresses.end
            && addresses.start < self.memory.end.checked_next_multiple_of(PAGE).unwrap_or(u64::MAX)
    }
}

/// Bytes of a page: the system maps no less.
const PAGE: u64 = 4096;

/// What the headers say.
pub(crate) struct Layout {
    /// Where notes stand.
    notes: Vec<Segment>,
    /// What is mapped.
    loads: Vec<Segment>,
    /// The addresses of dynamic sections: one, or none in a file that the system's loader does not bind.
    pub(crate) dynamic: Vec<Range<u64>>,
    /// Whether the file is there to be run: it has fixed addresses, or names an interpreter.
    is_program: bool,
    /// What the file is if Engraft's note is not among the notes.
    kind: FileKind,
}

impl Layout {
    /// Reads a file's headers from its beginning, and checks that everything they describe is within `len` bytes.
    pub(crate) fn read(head: &[u8], len: u64) -> Result<Self, NotARecord> {
        let header = parse_header(head, len)?;
        let endian = LittleEndian;
        let end = |offset: u64, size: u64| offset.checked_add(size).ok_or(NotARecord::Corrupt("a header describes more than 2^64 bytes"));
        let complete = |needed: u64| if needed <= len { Ok(()) } else { Err(NotARecord::Truncated { len, needed }) };
        let table = |offset: u64, count: u16, size: u16| end(offset, u64::from(count) * u64::from(size));

        complete(table(header.e_phoff(endian), header.e_phnum(endian), header.e_phentsize(endian))?)?;
        if header.e_phnum(endian) > MAX_SEGMENTS {
            return Err(NotARecord::Corrupt("it has more program headers than any"));
        }
        let segments = header.program_headers(endian, head).map_err(|_| NotARecord::Corrupt("its program headers can't be read"))?;
        let (mut notes, mut loads, mut dynamic, mut notes_len) = (Vec::new(), Vec::new(), Vec::new(), 0_u64);
        let mut is_program = header.e_type(endian) == ET_EXEC;
        for segment in segments {
            let kind = segment.p_type(endian);
            is_program |= kind == PT_INTERP;
            if kind == PT_DYNAMIC {
                let start = segment.p_vaddr(endian);
                dynamic.push(start..start.saturating_add(segment.p_filesz(endian)));
            }
            if !matches!(kind, PT_LOAD | PT_NOTE) {
                continue;
            }
            let file = segment.p_offset(endian)..end(segment.p_offset(endian), segment.p_filesz(endian))?;
            complete(file.end)?;
            let (address, size) = (segment.p_vaddr(endian), segment.p_memsz(endian).max(segment.p_filesz(endian)));
            let segment = Segment { memory: address..end(address, size)?, file };
            if kind == PT_LOAD {
                loads.push(segment);
                continue;
            }
            // All of them together: segments may lie over each other, and each is looked through.
            notes_len = notes_len.saturating_add(segment.file.end - segment.file.start);
            if notes_len > MAX_SEGMENT {
                return Err(NotARecord::Corrupt("its notes are larger than any"));
            }
            notes.push(segment);
        }
        // Linkers put the section headers last, so this is what tells that the end of a file is missing.
        complete(table(header.e_shoff(endian), header.e_shnum(endian), header.e_shentsize(endian))?)?;
        Ok(Self {
            notes,
            loads,
            dynamic,
            is_program,
            kind: if is_shared_object(header) { FileKind::SharedObject } else { FileKind::Executable },
        })
    }

    /// The bytes of the file from the one that is loaded to this address, to the end of its segment; none if it is not from the file,
    /// or if several segments are loaded to its page.
    pub(crate) fn from_address(&self, address: u64) -> Option<Range<u64>> {
        let mut there = self.loads.iter().filter(|load| load.covers(&(address..address.saturating_add(1))));
        let load = there.next().filter(|load| address >= load.memory.start)?;
        let start = load.file.start.checked_add(address - load.memory.start)?;
        (there.next().is_none() && start < load.file.end).then_some(start..load.file.end)
    }

    /// Whether a note is loaded to where its segment says, and nothing else is.
    fn is_loaded(&self, segment: &Segment, note: &Note<'_>) -> bool {
        let (start, end) = (note.build_id_offset, note.record_range.end);
        let addresses = start.wrapping_add(segment.distance())..end.wrapping_add(segment.distance());
        let mut there = self.loads.iter().filter(|load| load.covers(&addresses));
        let load = there.next().filter(|load| load.file.start <= start && end <= load.file.end && load.distance() == segment.distance());
        load.is_some() && there.next().is_none()
    }
}

fn parse_header(head: &[u8], len: u64) -> Result<&FileHeader64<LittleEndian>, NotARecord> {
    let start = &head[..head.len().min(64)];
    if !start.is_empty() && start.len() as u64 == len && b"\x7fELF".starts_with(start) {
        return Err(NotARecord::Truncated { len, needed: 64 });
    }
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
