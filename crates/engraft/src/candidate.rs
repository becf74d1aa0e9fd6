//! A file that may be a plugin: found, read and proven whole, not mapped.

use crate::content::Content;
use crate::file_state::Stamp;
use crate::{Found, Keyring, OpenError, any_file, search, sys};
use engraft_manifest::{BuildId, Damage, Dynamic, Identity, KeyId, Manifest, NotARecord, Role};
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// How a file is taken.
#[derive(Clone, Copy, Default)]
pub(crate) struct Access<'k> {
    /// Whether a copy in memory that nobody can change is judged and mapped in its place. Otherwise the caller vouches that nobody
    /// changes the file.
    pub(crate) copies: bool,
    /// Whose signature it must have.
    pub(crate) keyring: Option<&'k Keyring>,
}

/// A file that is what its linker made.
pub(crate) struct Candidate {
    /// The absolute path at which it was found.
    pub(crate) path: PathBuf,
    /// The file itself, or the copy of it: whatever the path leads to later, this is what was judged.
    pub(crate) file: File,
    /// Whether it is a copy.
    pub(crate) is_copy: bool,
    /// Which file was at the path, and what tells later whether it was replaced or written to.
    pub(crate) stamp: Stamp,
    /// Who has signed it, if that was asked.
    pub(crate) signed_by: Option<KeyId>,
    /// What was read of it.
    content: Content,
}

impl Candidate {
    /// Looks for a plugin where it may be, reads the first file that is there, and proves that it is complete and unaltered.
    pub(crate) fn find(asked: &Path, access: Access<'_>) -> Result<Self, OpenError> {
        let tried = search::candidates(asked);
        for path in &tried {
            match sys::open_file(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(OpenError::Unreadable { path: path.clone(), source }),
                Ok(Err(found)) => return Err(OpenError::NotAPlugin { path: path.clone(), found }),
                Ok(Ok((file, data))) => return Self::read(path.clone(), file, &data, access),
            }
        }
        Err(OpenError::NotFound { path: asked.to_owned(), tried, working_directory: std::env::current_dir().ok() })
    }

    fn read(path: PathBuf, mut file: File, data: &Metadata, access: Access<'_>) -> Result<Self, OpenError> {
        let len = data.len();
        let (mut expected, mut signed_by) = (None, None);
        if let Some(keyring) = access.keyring {
            // A signature is over what the file says its digest is. Whether that is so takes longer to find out.
            let build_id = Content::claimed(&path, &file, len)?.build_id;
            signed_by = Some(keyring.vouch(&path, build_id)?);
            expected = Some(build_id);
        }
        let mut content = proven(&path, &file, len, expected)?;
        if access.copies {
            // Only what is as it was linked, and signed if that is asked, is worth memory of its size. The file may change while it is copied.
            file = sys::sealed_copy(&file, len, &path).map_err(|source| OpenError::NotCopied { path: path.clone(), source })?;
            content = proven(&path, &file, len, Some(content.build_id))?;
        }
        Ok(Self { stamp: Stamp::of(data), is_copy: access.copies, path, file, signed_by, content })
    }

    /// The digest of its content.
    pub(crate) fn build_id(&self) -> BuildId {
        self.content.build_id
    }

    /// The packages that the file says it consists of. Only a plugin has any to offer.
    pub(crate) fn identity(&self) -> Result<Identity<'_>, OpenError> {
        let identity = Identity::read(&self.content.record);
        let identity = identity.map_err(|source| OpenError::Manifest { path: self.path.clone(), source })?;
        match identity.role {
            Role::Plugin if self.content.is_program => {
                let found = Found::Other(NotARecord::Corrupt("it can only be run, and its record says that it is a plugin"));
                Err(OpenError::NotAPlugin { path: self.path.clone(), found })
            }
            Role::Plugin => Ok(identity),
            Role::Host => Err(OpenError::NotAPlugin { path: self.path.clone(), found: Found::Host }),
        }
    }

    /// What the file asks of the system's loader.
    pub(crate) fn dynamic(&self) -> Result<Dynamic, OpenError> {
        match any_file::dynamic(&self.file) {
            Ok(Ok(dynamic)) => Ok(dynamic),
            Ok(Err(found)) => Err(OpenError::NotAPlugin { path: self.path.clone(), found: Found::Other(found) }),
            Err(source) => Err(OpenError::Unreadable { path: self.path.clone(), source }),
        }
    }

    /// Gives the whole manifest to those who ask why the file does not fit.
    pub(crate) fn with_manifest<T>(&self, ask: impl FnOnce(&Manifest<'_>) -> T) -> Result<T, OpenError> {
        let path = || self.path.clone();
        let record = self.content.whole_record(&self.file).map_err(|source| OpenError::Unreadable { path: path(), source })?;
        let manifest = Manifest::decode(&record).map_err(|source| OpenError::Manifest { path: path(), source })?;
        Ok(ask(&manifest))
    }

    /// All of its bytes, which were proven.
    #[cfg(feature = "tools")]
    pub(crate) fn bytes(&self) -> io::Result<Vec<u8>> {
        any_file::read_range(&self.file, 0..self.file.metadata()?.len())
    }

    /// The whole record.
    #[cfg(feature = "tools")]
    pub(crate) fn whole_record(&self) -> io::Result<Vec<u8>> {
        self.content.whole_record(&self.file)
    }
}

/// Reads a whole file, which must be what it says it is, and the `expected` build if there is one.
fn proven(path: &Path, file: &File, len: u64, expected: Option<BuildId>) -> Result<Content, OpenError> {
    let content = Content::proven(path, file, len)?;
    match expected.and_then(|expected| Damage::of_content(expected, content.build_id)) {
        None => Ok(content),
        // Another file was written in its place meanwhile.
        Some(damage) => Err(OpenError::Altered { path: path.to_owned(), damage }),
    }
}
