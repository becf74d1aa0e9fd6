//! Linked files: when they were made, and what their manifests say.

use engraft_manifest::{BuildId, Hash, Key, Manifest, Package};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Which file this is and when it was last written: changes when it is replaced, and when it is rewritten.
#[track_caller]
pub fn stamp(path: &Path) -> (u64, i64, i64) {
    let data = std::fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (data.ino(), data.mtime(), data.mtime_nsec())
}

/// Reads a file's manifest.
#[track_caller]
pub fn manifest<T>(path: &Path, read: impl FnOnce(&Manifest<'_>) -> T) -> T {
    let bytes = std::fs::read(path).unwrap();
    let note = engraft_manifest::find_note(&bytes, bytes.len() as u64).unwrap_or_else(|found| panic!("{}: {found}", path.display()));
    read(&Manifest::decode(note.record).unwrap())
}

/// Reads which build a file is.
#[track_caller]
pub fn build_id(path: &Path) -> BuildId {
    let bytes = std::fs::read(path).unwrap();
    engraft_manifest::find_note(&bytes, bytes.len() as u64).unwrap().build_id
}

/// Every package in a file, but the file's own: name, key, hash.
#[track_caller]
pub fn packages(path: &Path) -> Vec<(String, Key, Hash)> {
    let describe = |package: &Package<'_>| (package.name.to_owned(), package.key, package.hash);
    manifest(path, |manifest| manifest.packages.iter().filter(|package| package.name != manifest.name).map(describe).collect())
}
