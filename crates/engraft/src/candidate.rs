//! A file that may be a plugin: read and taken apart, not mapped.

use crate::OpenError;
use engraft_manifest::{BuildId, FileKind, Manifest, NotARecord, Role};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

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
    /// Reads a file and finds its record.
    pub(crate) fn read(path: PathBuf) -> Result<Self, OpenError> {
        let unreadable = |path: &PathBuf, source| OpenError::Unreadable { path: path.clone(), source };
        let mut file = File::open(&path).map_err(|source| unreadable(&path, source))?;
        let data = file.metadata().map_err(|source| unreadable(&path, source))?;
        if !data.is_file() {
            let found = if data.is_dir() { "a directory" } else { "no regular file" };
            return Err(OpenError::NotAPlugin { path, found: found.to_owned() });
        }
        let bytes = read_all(&mut file, data.len()).map_err(|source| unreadable(&path, source))?;
        match engraft_manifest::find_note(bytes.as_slice()) {
            Ok(note) => Ok(Self { inode: (data.dev(), data.ino()), build_id: note.build_id, record: note.record.into(), path, file }),
            Err(found) => Err(OpenError::NotAPlugin { path, found: describe(found) }),
        }
    }

    /// The record, which must be a plugin's.
    pub(crate) fn manifest(&self) -> Result<Manifest<'_>, OpenError> {
        let manifest = Manifest::decode(&self.record).map_err(|source| OpenError::Manifest { path: self.path.clone(), source })?;
        match manifest.role {
            Role::Plugin => Ok(manifest),
            Role::Host => Err(OpenError::NotAPlugin { path: self.path.clone(), found: format!("the host `{}`", manifest.name) }),
        }
    }
}

/// Reads a file of about this length. A length that no memory suffices for is an error, not an abort.
fn read_all(file: &mut File, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte of room more, so that the end is seen without growing.
    let room = usize::try_from(len).unwrap_or(usize::MAX).saturating_add(1);
    bytes.try_reserve_exact(room).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn describe(found: NotARecord) -> String {
    match found {
        NotARecord::Other(FileKind::SharedObject) => format!("{found} (a C library, a cdylib built by cargo, a Go plugin)"),
        found => found.to_string(),
    }
}
