//! What is in an rlib: its Rust objects, its C objects, its metadata, and the digest of what makes it this package.

use super::in_memory::{hash_object, part};
use crate::rustc::metadata;
use anyhow::{Context, Result};
use object::read::archive::ArchiveFile;
use std::ops::Range;
use std::path::Path;

/// Where in an archive its members stand.
#[derive(Debug, Default)]
pub struct Members {
    /// The objects that rustc made of this package.
    pub rust: Vec<Range<usize>>,
    /// All other objects: C code, or what rustc made for a static library that the package contains.
    pub native: Vec<Range<usize>>,
    /// The compiled metadata.
    pub metadata: Option<Range<usize>>,
}

impl Members {
    /// Finds the members of the rlib `library`, whose content is `archive`.
    pub fn of(library: &Path, archive: &[u8]) -> Result<Self> {
        let mut members = Self::default();
        for member in ArchiveFile::parse(archive)?.members() {
            let member = member?;
            let (offset, size) = member.file_range();
            let range = usize::try_from(offset)?..usize::try_from(offset + size)?;
            if is_metadata(member.name()) {
                members.metadata = Some(range);
            } else if is_rust_object(library, member.name()) {
                members.rust.push(range);
            } else {
                members.native.push(range);
            }
        }
        Ok(members)
    }
}

/// Whether a member is an object that rustc made of this package. Its name begins with the library's, without `lib`, and ends as those
/// of all of rustc's objects do (`rustc_codegen_ssa::back::link::looks_like_rust_object_file`).
pub fn is_rust_object(library: &Path, name: &[u8]) -> bool {
    let stem = library.file_stem().unwrap_or_default().as_encoded_bytes();
    let own = name.strip_prefix(stem.strip_prefix(b"lib").unwrap_or(stem));
    own.is_some_and(|rest| rest.starts_with(b".") && rest.ends_with(b".rcgu.o"))
}

/// The member that holds the compiled metadata (`rustc_metadata::METADATA_FILENAME`).
pub fn is_metadata(name: &[u8]) -> bool {
    name == b"lib.rmeta"
}

/// A package's hash: of its compiled metadata, and of its C code, of which the metadata says nothing.
pub fn package_hash(library: &Path) -> Result<blake3::Hash> {
    let hash = || -> Result<blake3::Hash> {
        let archive = std::fs::read(library)?;
        let members = Members::of(library, &archive)?;
        let metadata = &archive[members.metadata.context("it holds no compiled metadata")?];
        if members.native.is_empty() {
            return Ok(metadata::digest(metadata));
        }
        let mut hasher = blake3::Hasher::new();
        part(&mut hasher, metadata::digest(metadata).as_bytes());
        for range in members.native {
            hash_object(&mut hasher, &archive[range])?;
        }
        Ok(hasher.finalize())
    };
    hash().with_context(|| format!("failed to read the library {}", library.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A static library that the package contains may be Rust code too: of that the package's metadata says nothing.
    #[test]
    fn objects_of_rust_are_the_packages_own() {
        let library = Path::new("/t/deps/libapi-34cd.rlib");
        let table = [
            ("api-34cd.api.9343cd8e79ecdca0-cgu.0.rcgu.o", true),
            ("api-34cd.1xyz.rcgu.o", true),
            ("api-34cd.o", false),
            ("api-34cde.api.9343cd8e79ecdca0-cgu.0.rcgu.o", false),
            ("inner.inner.6e8d-cgu.0.rcgu.o", false),
            ("code.o", false),
        ];
        for (name, own) in table {
            assert_eq!(is_rust_object(library, name.as_bytes()), own, "{name}");
        }
    }
}
