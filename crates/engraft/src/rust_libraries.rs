//! Refuses plugins that need a Rust shared object (`crate-type = ["dylib"]`, `-C prefer-dynamic`): no manifest has the packages in it.
//!
//! Engraft's linker links no such plugin, but a library that a plugin needs may be replaced later. So whenever a plugin is to be mapped, the
//! libraries that it needs are looked for where the system's loader would look (`ld.so(8)`), and their section headers are read. Not
//! searched is `/etc/ld.so.cache`.

use crate::any_file::read_range;
use crate::candidate::Candidate;
use crate::{OpenError, sys};
use engraft_manifest::{Dynamic, has_section};
use std::path::{Path, PathBuf};

/// Libraries of the C compiler and the C library, which nearly every plugin needs; nobody has to look for them.
const OF_THE_SYSTEM: [&[u8]; 8] =
    [b"libc.so", b"libm.so", b"libgcc_s.so", b"libdl.so", b"libpthread.so", b"librt.so", b"libutil.so", b"ld-linux-"];

/// Where the loader looks last, on systems of this kind.
const DIRECTORIES: [&str; 6] = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"];

/// The section of compiled metadata in a Rust shared object (`rustc_codegen_ssa::back::metadata`).
const METADATA: &[u8] = b".rustc";

/// Refuses a plugin that needs one.
pub(crate) fn refuse(candidate: &Candidate) -> Result<(), OpenError> {
    let dynamic = candidate.dynamic()?;
    for library in &dynamic.needed {
        if is_of_the_c_library(library) {
            continue;
        }
        let library = sys::path_of(library.clone());
        if let Some(found) = find(&library, &dynamic, candidate).filter(|path| is_rust_library(path)) {
            return Err(OpenError::RustLibrary { path: candidate.path.clone(), library: found });
        }
    }
    Ok(())
}

/// The file that the loader would take for a library.
fn find(library: &Path, dynamic: &Dynamic, candidate: &Candidate) -> Option<PathBuf> {
    if library.components().count() > 1 {
        return Some(library.to_owned());
    }
    let given = std::env::var_os("LD_LIBRARY_PATH").filter(|_| !sys::is_privileged()).unwrap_or_default();
    let origin = candidate.path.parent().filter(|_| !candidate.is_copy);
    let own = dynamic.directories().filter_map(|directory| expand(&sys::path_of(directory.to_vec()), origin));
    let directories = own.chain(std::env::split_paths(&given)).chain(DIRECTORIES.map(PathBuf::from));
    directories.map(|directory| directory.join(library)).find(|path| path.is_file())
}

/// A directory of `DT_RUNPATH` with the plugin's own directory for `$ORIGIN`; none if the plugin is in none.
fn expand(directory: &Path, origin: Option<&Path>) -> Option<PathBuf> {
    let mut components = directory.components();
    match components.next()?.as_os_str().to_str() {
        Some("$ORIGIN" | "${ORIGIN}") => Some(origin?.join(components.as_path())),
        _ => Some(directory.to_owned()),
    }
}

/// Returns whether a needed library (`DT_NEEDED`) is one of those that the C compiler links into nearly every file.
///
/// Only with the feature `tools`.
#[must_use]
pub fn is_of_the_c_library(library: &[u8]) -> bool {
    OF_THE_SYSTEM.iter().any(|system| library.starts_with(system))
}

/// Returns whether the file at a path is a shared object with Rust packages (`crate-type = ["dylib"]`). False if it can't be read.
///
/// Only with the feature `tools`.
#[must_use]
pub fn is_rust_library(path: &Path) -> bool {
    let Ok(Ok((file, data))) = sys::open_file(path) else { return false };
    has_section(data.len(), METADATA, |range| read_range(&file, range)).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_stands_for_the_plugins_directory() {
        let expanded = |directory: &str, origin: Option<&str>| expand(Path::new(directory), origin.map(Path::new));
        assert_eq!(expanded("$ORIGIN/../lib", Some("/p")), Some("/p/../lib".into()));
        assert_eq!(expanded("${ORIGIN}", Some("/p")), Some("/p".into()));
        assert_eq!(expanded("/opt/lib", None), Some("/opt/lib".into()));
        assert_eq!(expanded("$ORIGIN", None), None);
    }

    #[test]
    fn library_without_metadata_is_no_rust_library() {
        assert!(!is_rust_library(&std::env::current_exe().unwrap()));
        assert!(!is_rust_library(Path::new("/dev/null")) && !is_rust_library(Path::new("/nowhere")));
    }
}
