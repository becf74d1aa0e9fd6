//! What is in an rlib: its Rust objects, its C objects, its metadata, and the digest of what makes it this package.

use super::in_memory::{hash_object, part};
use crate::rustc::{metadata, supported};
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
            if member.name() == METADATA {
                members.metadata = Some(range);
            } else if is_metadata(member.name()) {
                // It says which members are objects, by the names that they have.
            } else if is_rust_object(library, member.name()) {
                members.rust.push(range);
            } else {
                members.native.push(range);
            }
        }
        Ok(members)
    }

    /// The name of the member whose content begins at this byte.
    pub fn name_at(archive: &[u8], start: usize) -> Option<String> {
        let members = ArchiveFile::parse(archive).ok()?.members();
        let found = members.flatten().find(|member| member.file_range().0 == start as u64)?;
        Some(String::from_utf8_lossy(found.name()).into_owned())
    }
}

/// Whether a member is an object that rustc made of this package. Its name begins with the library's, without `lib`, and ends as those
/// of all of rustc's objects do (`rustc_codegen_ssa::back::link::looks_like_rust_object_file`).
pub fn is_rust_object(library: &Path, name: &[u8]) -> bool {
    let stem = library.file_stem().unwrap_or_default().as_encoded_bytes();
    let own = name.strip_prefix(stem.strip_prefix(b"lib").unwrap_or(stem));
    own.is_some_and(|rest| rest.starts_with(b".") && rest.ends_with(b".rcgu.o"))
}

/// The member that holds the compiled metadata (`rustc_codegen_ssa::back::metadata`, `METADATA_FILENAME`).
const METADATA: &[u8] = b"lib.rmeta";

/// A member that names the archive's objects, since rustc 1.97. It follows from them, and names them as cargo's files are called, so that
/// it is none of what makes the package.
const LINK_METADATA: &[u8] = b"lib.rmeta-link";

/// Whether a member is rustc's and no object.
pub fn is_metadata(name: &[u8]) -> bool {
    name == METADATA || name == LINK_METADATA
}

/// Refuses metadata of which the library has only the beginning, as with `-Z embed-metadata=no`: it does not name the C functions that the
/// crate declares, nor say all that is hashed.
///
/// Metadata begins with `rust`, the number of its format, and where in it its root stands, which is behind all else
/// (`rustc_metadata::rmeta`). Without anything else the root comes right behind the compiler's version.
fn check_metadata(member: &[u8]) -> Result<()> {
    const MAGIC: &[u8] = b"rust\0\0\0";
    /// More than the compiler's version and the crate's name take, and less than the least crate.
    const LEAST: u64 = 512;
    let start = member.windows(MAGIC.len()).take(4096).position(|window| window == MAGIC);
    let root = start.and_then(|start| Some(u64::from_le_bytes(member.get(start + 8..start + 16)?.try_into().ok()?)));
    match root {
        None => Err(supported::this_one_differs("writes a library's metadata in a form that Engraft does not know")),
        Some(root) if root < LEAST || root > member.len() as u64 => {
            Err(supported::this_one_differs("leaves the metadata out of libraries (`-Z embed-metadata=no`)"))
        }
        Some(_) => Ok(()),
    }
}

/// The hash of a package that cargo compiled: of its compiled metadata, and of its C code, of which the metadata says nothing.
pub fn package_hash(library: &Path) -> Result<blake3::Hash> {
    hash_of(library, true)
}

/// The hash of one of the toolchain's packages. Its metadata stands beside the library, which has only the beginning, with the compiler's
/// own hash of the crate.
pub fn toolchain_hash(library: &Path) -> Result<blake3::Hash> {
    hash_of(library, false)
}

fn hash_of(library: &Path, has_metadata: bool) -> Result<blake3::Hash> {
    let hash = || -> Result<blake3::Hash> {
        let archive = std::fs::read(library)?;
        let members = Members::of(library, &archive)?;
        let missing = || supported::this_one_differs("keeps a library's metadata elsewhere than in its member `lib.rmeta`");
        let metadata = &archive[members.metadata.ok_or_else(missing)?];
        if has_metadata {
            check_metadata(metadata)?;
        }
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

    #[test]
    fn metadata_that_is_not_there_is_refused() {
        let metadata = |magic: &[u8], root: u64, len: usize| {
            let mut bytes = [&[0x7f; 96][..], magic, &root.to_le_bytes()].concat();
            bytes.resize(len, 1);
            check_metadata(&bytes).map_err(|error| error.to_string())
        };
        const MAGIC: &[u8] = b"rust\0\0\0\x0a";
        assert_eq!(metadata(MAGIC, 1708, 2640), Ok(()));
        for (found, words) in [
            (metadata(MAGIC, 61, 688), "leaves the metadata out of libraries"),
            (metadata(MAGIC, 9999, 2640), "leaves the metadata out of libraries"),
            (metadata(b"tsur\0\0\0\x0a", 1708, 2640), "in a form that Engraft does not know"),
            (metadata(MAGIC, 1708, 104), "in a form that Engraft does not know"),
        ] {
            let found = found.unwrap_err();
            assert!(found.contains(words) && found.contains("Engraft supports rustc 1.95 to ") && found.contains("\nhelp: "), "{found}");
        }
    }

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
