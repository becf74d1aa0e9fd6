//! The dynamic section of a linked file: which shared libraries it needs and where the system's loader looks for them.
//!
//! The loader finds the section and its strings by address, through the segments that it maps, so this reader does too: what it
//! returns is what the loader acts on, whatever file offsets and section headers say. Facts about ELF are from the System V ABI,
//! chapter 5, "Dynamic Section"; which of several entries counts is from glibc (`elf/get-dynamic-info.h`, `elf/dl-load.c`).

use crate::elf::{Layout, NotARecord};
use core::convert::Infallible;
use core::ops::Range;
use object::elf::{DF_SYMBOLIC, DF_TEXTREL, DynamicTag};
use object::elf::{
    DT_AUXILIARY, DT_FILTER, DT_FLAGS, DT_FLAGS_1, DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH, DT_STRTAB, DT_SYMBOLIC, DT_TEXTREL,
};

/// What a file asks of the system's loader.
///
/// Names and paths are bytes, as the loader takes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dynamic {
    /// The shared libraries that the loader maps with the file, in order: `DT_NEEDED`, `DT_FILTER` and `DT_AUXILIARY`.
    pub needed: Vec<Vec<u8>>,
    /// `DT_RPATH`: directories, separated by colons. The loader ignores it in a file that has a `DT_RUNPATH`.
    pub rpath: Option<Vec<u8>>,
    /// `DT_RUNPATH`: directories, separated by colons.
    pub runpath: Option<Vec<u8>>,
    /// `DT_FLAGS`, with the bits `DF_SYMBOLIC` and `DF_TEXTREL` also where the older tags `DT_SYMBOLIC` and `DT_TEXTREL` say the same.
    pub flags: u64,
    /// `DT_FLAGS_1`.
    pub flags_1: u64,
}

/// Bytes of an entry: its tag and its value.
const ENTRY: usize = 16;

/// The longest dynamic section that is read, in bytes. Linkers write some thirty entries, and one for each needed library.
const MAX_SECTION: u64 = 1 << 16;

/// The most bytes of names and paths that are read.
const MAX_STRINGS: usize = 1 << 20;

/// The longest name or path that is read, in bytes, and how many are read first.
const MAX_STRING: u64 = 1 << 16;
const FIRST_READ: u64 = 256;

impl Dynamic {
    /// Reads the dynamic section of a file, given all of its bytes. A file without one gives the default: it needs nothing.
    ///
    /// # Errors
    ///
    /// [`NotARecord`]: the file is no ELF file for this kind of machine, or its dynamic section contradicts itself or its segments.
    ///
    /// # Examples
    ///
    /// ```
    /// use engraft_manifest::{Dynamic, FileKind, NotARecord};
    ///
    /// assert_eq!(Dynamic::read(b"text\n"), Err(NotARecord::Other(FileKind::Text)));
    /// ```
    pub fn read(file: &[u8]) -> Result<Self, NotARecord> {
        let part = |range: Range<u64>| Ok::<_, Infallible>(file[range.start as usize..range.end as usize].to_vec());
        let Ok(found) = Self::read_by(file, file.len() as u64, part);
        found
    }

    /// Reads the dynamic section of a file that is `len` bytes long, given its beginning, as [`find_note_by`](crate::find_note_by)
    /// does: program headers are looked for in `head` only, and `read` gives the file's bytes in a range within `len`.
    ///
    /// Reads at most 64 KiB for the section, and 1 MiB for names.
    ///
    /// # Errors
    ///
    /// Those of `read`, and within, those of [`Dynamic::read`].
    pub fn read_by<E>(
        head: &[u8],
        len: u64,
        mut read: impl FnMut(Range<u64>) -> Result<Vec<u8>, E>,
    ) -> Result<Result<Self, NotARecord>, E> {
        let layout = match Layout::read(head, len) {
            Ok(layout) => layout,
            Err(error) => return Ok(Err(error)),
        };
        let section = match section(&layout) {
            Ok(Some(section)) => section,
            Ok(None) => return Ok(Ok(Self::default())),
            Err(error) => return Ok(Err(error)),
        };
        let bytes = read(section)?;
        let Some(entries) = Entries::read(&bytes) else {
            return Ok(Err(NotARecord::Corrupt("its dynamic section has no end")));
        };
        let mut strings = Strings { layout: &layout, table: entries.last(DT_STRTAB), left: MAX_STRINGS };
        let mut found = Self { flags: entries.flags(), flags_1: entries.last(DT_FLAGS_1).unwrap_or_default(), ..Self::default() };
        for (tag, value) in entries.0 {
            let string = match tag {
                DT_NEEDED | DT_FILTER | DT_AUXILIARY | DT_RPATH | DT_RUNPATH => match strings.at(value, &mut read)? {
                    Ok(string) => string,
                    Err(error) => return Ok(Err(error)),
                },
                _ => continue,
            };
            match tag {
                DT_RPATH => found.rpath = Some(string),
                DT_RUNPATH => found.runpath = Some(string),
                _ => found.needed.push(string),
            }
        }
        Ok(Ok(found))
    }

    /// The directories in which the loader looks for the needed libraries because this file says so, in order. An empty one is the
    /// working directory; `$ORIGIN` in one stands for the directory that the file was mapped from.
    pub fn directories(&self) -> impl Iterator<Item = &[u8]> {
        self.runpath.as_ref().or(self.rpath.as_ref()).into_iter().flat_map(|path| path.split(|byte| *byte == b':'))
    }

    /// Whether the loader looks for a needed library in the directory that the file was mapped from.
    #[must_use]
    pub fn names_origin(&self) -> bool {
        let names = |path: &[u8]| path.windows(7).any(|part| part == b"$ORIGIN") || path.windows(9).any(|part| part == b"${ORIGIN}");
        self.directories().any(names) || self.needed.iter().any(|library| names(library))
    }
}

/// Where in the file the dynamic section stands, of which the loader is told by its segment's address; none if there is none.
fn section(layout: &Layout) -> Result<Option<Range<u64>>, NotARecord> {
    let addresses = match &layout.dynamic[..] {
        [] => return Ok(None),
        [addresses] => addresses,
        _ => return Err(NotARecord::Corrupt("it has two dynamic sections")),
    };
    if addresses.end - addresses.start > MAX_SECTION {
        return Err(NotARecord::Corrupt("its dynamic section is larger than any"));
    }
    let file = layout.from_address(addresses.start).filter(|file| addresses.end - addresses.start <= file.end - file.start);
    let file = file.ok_or(NotARecord::Corrupt("its dynamic section is not in a segment that is loaded"))?;
    Ok(Some(file.start..file.start + (addresses.end - addresses.start)))
}

/// Tags and values, up to the one that ends them.
struct Entries(Vec<(DynamicTag, u64)>);

impl Entries {
    fn read(section: &[u8]) -> Option<Self> {
        let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let entries = section.chunks_exact(ENTRY).map(|entry| (DynamicTag(word(entry).cast_signed()), word(&entry[8..])));
        let mut read = Vec::new();
        for entry in entries {
            if entry.0 == DT_NULL {
                return Some(Self(read));
            }
            read.push(entry);
        }
        None
    }

    /// The value of a tag of which the last entry counts.
    fn last(&self, tag: DynamicTag) -> Option<u64> {
        self.0.iter().rev().find(|(own, _)| *own == tag).map(|(_, value)| *value)
    }

    fn flags(&self) -> u64 {
        let of_tag = |tag, flag| self.last(tag).map_or(0, |_| flag);
        self.last(DT_FLAGS).unwrap_or_default() | of_tag(DT_SYMBOLIC, DF_SYMBOLIC.0) | of_tag(DT_TEXTREL, DF_TEXTREL.0)
    }
}

/// The table of names and paths, of which only those are read that are asked for: the names of exported symbols are in it as well.
struct Strings<'l> {
    layout: &'l Layout,
    /// Its address, if the file says one.
    table: Option<u64>,
    /// How many bytes may still be read.
    left: usize,
}

impl Strings<'_> {
    /// The string at an offset in the table.
    fn at<E>(&mut self, offset: u64, read: &mut impl FnMut(Range<u64>) -> Result<Vec<u8>, E>) -> Result<Result<Vec<u8>, NotARecord>, E> {
        let Some(file) = self.table.and_then(|table| self.layout.from_address(table.checked_add(offset)?)) else {
            return Ok(Err(NotARecord::Corrupt("a name in its dynamic section is not in a segment that is loaded")));
        };
        let most = (file.end - file.start).min(MAX_STRING);
        let mut len = FIRST_READ.min(most);
        loop {
            let mut string = read(file.start..file.start + len)?;
            if let Some(end) = string.iter().position(|byte| *byte == 0) {
                let Some(left) = self.left.checked_sub(end) else {
                    return Ok(Err(NotARecord::Corrupt("the names in its dynamic section are longer than any")));
                };
                self.left = left;
                string.truncate(end);
                string.shrink_to_fit();
                return Ok(Ok(string));
            }
            if len == most {
                return Ok(Err(NotARecord::Corrupt("a name in its dynamic section has no end")));
            }
            len = (len * 4).min(most);
        }
    }
}
