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
    /// rustc's objects.
    pub rust: Vec<Range<usize>>,
    /// All other objects: C code.
    pub native: Vec<Range<usize>>,
    /// The compiled metadata.
    pub metadata: Option<Range<usize>>,
}

impl Members {
    /// Finds the members of an rlib.
    pub fn of(archive: &[u8]) -> Result<Self> {
        let mut members = Self::default();
        for member in ArchiveFile::parse(archive)?.members() {
            let member = member?;
            let (offset, size) = member.file_range();
            let range = usize::try_from(offset)?..usize::try_from(offset + size)?;
            if is_metadata(member.name()) {
                members.metadata = Some(range);
            } else if is_rust_object(member.name()) {
                members.rust.push(range);
            } else {
                members.native.push(range);
            }
        }
        Ok(members)
    }
}

/// rustc's own objects end in this (`rustc_codegen_ssa::back::link::looks_like_rust_object_file`).
pub fn is_rust_object(name: &[u8]) -> bool {
    name.ends_with(b".rcgu.o")
}

/// The member that holds the compiled metadata (`rustc_metadata::METADATA_FILENAME`).
pub fn is_metadata(name: &[u8]) -> bool {
    name == b"lib.rmeta"
}

/// A package's hash: of its compiled metadata, and of its C code, of which the metadata says nothing.
pub fn package_hash(library: &Path) -> Result<blake3::Hash> {
    let hash = || -> Result<blake3::Hash> {
        let archive = std::fs::read(library)?;
        let members = Members::of(&archive)?;
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
