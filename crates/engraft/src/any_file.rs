//! Reads files that may be anything: bytes in ranges, and whole files that Engraft linked. However long a file is or says it is, a process
//! that has no memory for it goes on.

use crate::{Found, sys};
use engraft_manifest::{BuildId, Dynamic, HEAD, LONGEST, NotARecord, find_note_by};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

/// The bytes of a file in a range.
pub(crate) fn read_range(file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = room((range.end - range.start) as usize)?;
    sys::read_exact_at(file, &mut bytes, range.start)?;
    Ok(bytes)
}

/// Memory for so many bytes.
pub(crate) fn room(len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.resize(len, 0);
    Ok(bytes)
}

/// How many bytes of a piece are a file's of which so many are left.
pub(crate) fn part_of(left: u64) -> usize {
    usize::try_from(left).unwrap_or(HEAD).min(HEAD)
}

/// What a file asks of the system's loader.
pub(crate) fn dynamic(file: &File) -> io::Result<Result<Dynamic, NotARecord>> {
    let len = file.metadata()?.len();
    let head = read_range(file, 0..part_of(len) as u64)?;
    Dynamic::read_by(&head, len, |range| read_range(file, range))
}

/// A file that Engraft linked, whose content is not proven.
pub(crate) struct LinkedFile {
    file: File,
    len: u64,
    /// The digest that stands in it.
    pub(crate) build_id: BuildId,
    #[cfg(feature = "tools")]
    record: Range<u64>,
}

impl LinkedFile {
    /// Opens the file at a path, and reads as little of it as that takes.
    ///
    /// # Errors
    ///
    /// It can't be read; and within, what it is instead.
    pub(crate) fn open(path: &Path) -> io::Result<Result<Self, Found>> {
        let (file, data) = match sys::open_file(path)? {
            Ok(opened) => opened,
            Err(found) => return Ok(Err(found)),
        };
        let len = data.len();
        let head = read_range(&file, 0..part_of(len) as u64)?;
        let about = find_note_by(&head, len, |range| read_range(&file, range), |note| (note.build_id, note.record_range))?;
        Ok(match about {
            Ok((build_id, _record)) => Ok(Self {
                file,
                len,
                build_id,
                #[cfg(feature = "tools")]
                record: _record,
            }),
            Err(found) => Err(Found::Other(found)),
        })
    }

    /// Its record.
    #[cfg(feature = "tools")]
    pub(crate) fn record(&self) -> io::Result<Vec<u8>> {
        read_range(&self.file, self.record.clone())
    }

    /// All of its bytes.
    pub(crate) fn bytes(&self) -> io::Result<Vec<u8>> {
        if self.len > LONGEST {
            return Err(io::Error::other(format!("it has {} bytes, and no more than {LONGEST} are read", self.len)));
        }
        read_range(&self.file, 0..self.len)
    }
}

/// Reads a whole file that Engraft linked: a host or a plugin. Whether it is as it was linked is for the caller to say
/// ([`Damage::of`](engraft_manifest::Damage::of)).
///
/// Nothing but a regular file is opened, and only the beginning is read of what Engraft did not link. Only with the feature `tools`.
///
/// # Errors
///
/// The file can't be read, or is longer than 4 GiB; and within, what it is instead.
///
/// # Examples
///
/// ```
/// use engraft::Found;
///
/// assert_eq!(engraft::read_linked("/dev/null").unwrap(), Err(Found::Special));
/// ```
#[cfg(feature = "tools")]
pub fn read_linked(path: impl AsRef<Path>) -> io::Result<Result<Vec<u8>, Found>> {
    match LinkedFile::open(path.as_ref())? {
        Ok(file) => file.bytes().map(Ok),
        Err(found) => Ok(Err(found)),
    }
}
