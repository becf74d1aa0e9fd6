//! A file that may be a plugin: read and taken apart, not mapped.

use crate::{OpenError, search, sys};
use engraft_manifest::{BuildId, FileKind, Identity, Manifest, NotARecord, Role, read_note};
use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The part of a file that tells what it is.
pub(crate) struct Candidate {
    /// The file's absolute path.
    pub(crate) path: PathBuf,
    /// The file itself: whatever its path leads to later, this is what was judged.
    pub(crate) file: File,
    /// Device and inode: by these the loader tells whether it has mapped a file already.
    pub(crate) inode: (u64, u64),
    /// The digest of its content.
    pub(crate) build_id: BuildId,
    /// Its record's bytes.
    pub(crate) record: Box<[u8]>,
}

impl Candidate {
    /// Looks for a plugin where it may be, reads the first file that is there, and finds its record.
    pub(crate) fn find(asked: &Path) -> Result<Self, OpenError> {
        let tried = search::candidates(asked);
        for path in &tried {
            match open_regular(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(OpenError::Unreadable { path: path.clone(), source }),
                Ok((file, data)) => return Self::read(path.clone(), file, &data),
            }
        }
        Err(OpenError::NotFound { path: asked.to_owned(), tried, working_directory: std::env::current_dir().ok() })
    }

    fn read(path: PathBuf, file: File, data: &Metadata) -> Result<Self, OpenError> {
        if !data.is_file() {
            let found = if data.is_dir() { "a directory" } else { "no regular file" };
            return Err(OpenError::NotAPlugin { path, found: found.to_owned() });
        }
        let part = |range: Range<u64>| {
            let mut bytes = vec![0; (range.end - range.start) as usize];
            file.read_exact_at(&mut bytes, range.start).map(|()| bytes)
        };
        match read_note(data.len(), part, |note| (note.build_id, Box::from(note.record))) {
            Ok(Ok((build_id, record))) => Ok(Self { inode: (data.dev(), data.ino()), build_id, record, path, file }),
            Ok(Err(found)) => Err(OpenError::NotAPlugin { path, found: describe(found) }),
            Err(source) => Err(OpenError::Unreadable { path, source }),
        }
    }

    /// The packages that the file says it consists of. Only a plugin has any to offer.
    pub(crate) fn identity(&self) -> Result<Identity<'_>, OpenError> {
        let identity = Identity::read(&self.record).map_err(|source| OpenError::Manifest { path: self.path.clone(), source })?;
        match identity.role {
            Role::Plugin => Ok(identity),
            Role::Host => Err(OpenError::NotAPlugin { path: self.path.clone(), found: "a host that Engraft linked".to_owned() }),
        }
    }

    /// The whole record.
    pub(crate) fn manifest(&self) -> Result<Manifest<'_>, OpenError> {
        Manifest::decode(&self.record).map_err(|source| OpenError::Manifest { path: self.path.clone(), source })
    }
}

/// Opens a file without waiting for anybody: a pipe would otherwise block until somebody writes into it.
fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    let file = File::options().read(true).custom_flags(sys::O_NONBLOCK).open(path)?;
    let data = file.metadata()?;
    Ok((file, data))
}

fn describe(found: NotARecord) -> String {
    match found {
        NotARecord::Other(FileKind::SharedObject) => format!("{found} (a C library, a cdylib built by cargo, a Go plugin)"),
        found => found.to_string(),
    }
}
