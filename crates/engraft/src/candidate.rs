//! A file that may be a plugin: read and taken apart, not mapped.

use crate::file_state::Stamp;
use crate::{Found, OpenError, search, sys};
use engraft_manifest::{BuildId, HEAD, Identity, Manifest, NotARecord, Role, find_note};
use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The part of a file that tells what it is.
pub(crate) struct Candidate<'b> {
    /// The file's absolute path.
    pub(crate) path: PathBuf,
    /// The file itself: whatever its path leads to later, this is what was judged.
    pub(crate) file: File,
    /// Which file it is, and what tells later whether it was replaced or written to.
    pub(crate) stamp: Stamp,
    /// The digest of its content.
    pub(crate) build_id: BuildId,
    /// Bytes of the file with the record, or at least the identity that it begins with.
    bytes: Cow<'b, [u8]>,
    /// Where in `bytes` that stands.
    record: Range<usize>,
    /// Where in the file the whole record stands.
    whole_record: Range<u64>,
}

impl<'b> Candidate<'b> {
    /// Looks for a plugin where it may be, reads the first file that is there, and finds its record.
    ///
    /// `head` is room for a file's first bytes, which are enough for most: on the caller's stack it costs nothing.
    pub(crate) fn find(asked: &Path, head: &'b mut [u8; HEAD]) -> Result<Self, OpenError> {
        let tried = search::candidates(asked);
        for path in &tried {
            match open(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(OpenError::Unreadable { path: path.clone(), source }),
                Ok((file, data)) => return Self::read(path.clone(), file, &data, head),
            }
        }
        Err(OpenError::NotFound { path: asked.to_owned(), tried, working_directory: std::env::current_dir().ok() })
    }

    /// Reads the file at this path and finds its record.
    #[cfg(feature = "rehearsal")]
    pub(crate) fn at(path: PathBuf, head: &'b mut [u8; HEAD]) -> Result<Self, OpenError> {
        match open(&path) {
            Ok((file, data)) => Self::read(path, file, &data, head),
            Err(source) => Err(OpenError::Unreadable { path, source }),
        }
    }

    fn read(path: PathBuf, file: File, data: &Metadata, head: &'b mut [u8; HEAD]) -> Result<Self, OpenError> {
        if !data.is_file() {
            let found = if data.is_dir() { Found::Directory } else { Found::Special };
            return Err(OpenError::NotAPlugin { path, found });
        }
        match read_identity(&file, data.len(), head) {
            Ok(Ok((build_id, bytes, record, whole_record))) => {
                Ok(Self { stamp: Stamp::of(data), path, file, build_id, bytes, record, whole_record })
            }
            Ok(Err(found)) => Err(OpenError::NotAPlugin { path, found: Found::Other(found) }),
            Err(source) => Err(OpenError::Unreadable { path, source }),
        }
    }

    /// The packages that the file says it consists of. Only a plugin has any to offer.
    pub(crate) fn identity(&self) -> Result<Identity<'_>, OpenError> {
        let identity = Identity::read(&self.bytes[self.record.clone()]);
        let identity = identity.map_err(|source| OpenError::Manifest { path: self.path.clone(), source })?;
        match identity.role {
            Role::Plugin => Ok(identity),
            Role::Host => Err(OpenError::NotAPlugin { path: self.path.clone(), found: Found::Host }),
        }
    }

    /// Gives the whole manifest to those who ask why the file does not fit.
    pub(crate) fn with_manifest<T>(&self, ask: impl FnOnce(&Manifest<'_>) -> T) -> Result<T, OpenError> {
        let record = self.record().map_err(|source| OpenError::Unreadable { path: self.path.clone(), source })?;
        let manifest = Manifest::decode(&record).map_err(|source| OpenError::Manifest { path: self.path.clone(), source })?;
        Ok(ask(&manifest))
    }

    /// The whole record.
    pub(crate) fn record(&self) -> io::Result<Vec<u8>> {
        read_range(&self.file, self.whole_record.clone())
    }
}

fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let file = sys::open_without_waiting(path)?;
    let data = file.metadata()?;
    Ok((file, data))
}

/// The digest of a file's content, bytes with its identity, and where in them and in the file the record stands.
type Parts<'b> = (BuildId, Cow<'b, [u8]>, Range<usize>, Range<u64>);

/// Reads as little of a file as its identity takes: for most plugins that is one page.
fn read_identity<'b>(file: &File, len: u64, head: &'b mut [u8; HEAD]) -> io::Result<Result<Parts<'b>, NotARecord>> {
    let head = &mut head[..usize::try_from(len).unwrap_or(HEAD).min(HEAD)];
    sys::read_exact_at(file, head, 0)?;
    let mut bytes = Cow::Borrowed(&*head);
    let mut note = find_note(&bytes, len);
    while let Err(NotARecord::Beyond(end)) = note {
        bytes = Cow::Owned(read_range(file, 0..end)?);
        note = find_note(&bytes, len);
    }
    let (build_id, whole) = match note {
        Ok(note) => (note.build_id, note.record_range),
        Err(found) => return Ok(Err(found)),
    };
    // Within what was read, or the note would not have been found there.
    let start = whole.start as usize;
    let record = start..bytes.len().min(whole.end as usize);
    if Identity::read(&bytes[record.clone()]).is_err() && record.end < whole.end as usize {
        bytes = Cow::Owned(read_range(file, whole.clone())?);
        return Ok(Ok((build_id, bytes, 0..(whole.end - whole.start) as usize, whole)));
    }
    Ok(Ok((build_id, bytes, record, whole)))
}

fn read_range(file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; (range.end - range.start) as usize];
    sys::read_exact_at(file, &mut bytes, range.start)?;
    Ok(bytes)
}
