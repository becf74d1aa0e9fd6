//! Where fixtures are, and where they are built.

use std::fs::File;
use std::path::{Path, PathBuf};

/// A workspace of `fixtures/`.
pub fn fixture(name: &str) -> PathBuf {
    repository().join("fixtures").join(name)
}

/// The repository's root.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this crate is in `crates/`")
}

/// The target directory in which all fixtures are built, so that what they have in common is compiled once; below the
/// repository's own, so that it goes away with that.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("fixtures")
}

/// Makes a directory this caller's, until the file is dropped: others wait, in other threads and other processes.
///
/// cargo and the tool keep builds apart by themselves; this is for those who still need the result when the build is over.
pub fn lock(directory: &Path) -> File {
    std::fs::create_dir_all(directory).expect("the target directory can be written");
    let file = File::create(directory.join(".lock")).expect("the target directory can be written");
    file.lock().expect("the file system knows locks");
    file
}
