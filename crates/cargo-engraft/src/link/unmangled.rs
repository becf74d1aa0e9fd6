//! Unmangled names, which say nothing of the package they stand in: C functions and variables, and Rust's `#[no_mangle]` items.

use super::in_memory::hash_object;
use super::symbols;
use anyhow::{Context, Result};
use object::read::archive::ArchiveFile;
use object::read::{ReadCache, ReadRef};
use std::collections::BTreeSet;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// That an object file defines an unmangled name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// Whether another definition may stand for this one.
    pub weak: bool,
    /// Whether it is kept within the file that the object is linked into.
    pub hidden: bool,
    /// Where in the library the object file stands.
    pub object: Range<u64>,
}

/// What a library defines. The index of the archive tells which objects are worth a look: of most libraries, none.
pub fn of_library(path: &Path) -> Result<Vec<Definition>> {
    let read = || -> Result<Vec<Definition>> {
        let cache = ReadCache::new(File::open(path)?);
        let archive = ArchiveFile::parse(&cache)?;
        let Some(index) = archive.symbols()? else { return Ok(Vec::new()) };
        let mut objects = BTreeSet::new();
        for symbol in index {
            let symbol = symbol?;
            if std::str::from_utf8(symbol.name()).is_ok_and(is_unmangled) {
                objects.insert(symbol.offset().0);
            }
        }
        let mut found = Vec::new();
        for offset in objects {
            let member = archive.member(object::read::archive::ArchiveOffset(offset))?;
            let (start, size) = member.file_range();
            found.extend(definitions(member.data(&cache)?, start..start + size)?);
        }
        Ok(found)
    };
    read().with_context(|| format!("failed to read the symbols of the library {}", path.display()))
}

/// What an object file defines.
pub fn of_object(path: &Path) -> Result<Vec<Definition>> {
    let read = || -> Result<Vec<Definition>> {
        let cache = ReadCache::new(File::open(path)?);
        let len = (&cache).len().map_err(|()| anyhow::anyhow!("its length is unknown"))?;
        let bytes = (&cache).read_bytes_at(0, len).map_err(|()| anyhow::anyhow!("it ends early"))?;
        definitions(bytes, 0..len)
    };
    read().with_context(|| format!("failed to read the symbols of the object file {}", path.display()))
}

fn definitions(object: &[u8], place: Range<u64>) -> Result<Vec<Definition>> {
    let globals = symbols::globals(object)?;
    let unmangled = globals.iter().filter(|symbol| symbol.defined && is_unmangled(symbol.name));
    let definition = |symbol: &symbols::Symbol<'_>| Definition {
        name: symbol.name.to_owned(),
        weak: symbol.weak,
        hidden: symbol.hidden,
        object: place.clone(),
    };
    Ok(unmangled.map(definition).collect())
}

/// A digest of an object file within a file: of what it has in memory, so that it is the same in every directory.
pub fn digest(path: &Path, object: &Range<u64>) -> Result<blake3::Hash> {
    let read = || -> Result<blake3::Hash> {
        let mut bytes = vec![0; usize::try_from(object.end - object.start)?];
        File::open(path)?.read_exact_at(&mut bytes, object.start)?;
        let mut hasher = blake3::Hasher::new();
        hash_object(&mut hasher, &bytes)?;
        Ok(hasher.finalize())
    };
    read().with_context(|| format!("failed to read an object file in {}", path.display()))
}

/// Whether a name is one that two packages could both have chosen, and that can be told to a linker.
fn is_unmangled(name: &str) -> bool {
    // Between quotes lld and mold still take these for patterns; a name with `@` has a version already.
    let can_be_told = |byte: u8| !byte.is_ascii_control() && !br#""\*?[]@"#.contains(&byte);
    !is_rust_mangled(name) && !is_of_the_toolchain(name) && !is_of_memory(name) && !name.is_empty() && name.bytes().all(can_be_told)
}

/// Rust's own names contain which package they are of. C leaves names that begin with an underscore and a capital letter to compilers.
pub(super) fn is_rust_mangled(name: &str) -> bool {
    if let Some(path) = name.strip_prefix("_R") {
        return path.starts_with(|first: char| first.is_ascii_digit() || "BCIMNXY".contains(first));
    }
    // C++ begins names as the older mangling does. Rust's last part is a hash: `17h`, sixteen digits, `E`.
    name.starts_with("_ZN") && name.rfind("17h").is_some_and(|at| name.as_bytes().get(at + 19) == Some(&b'E'))
}

/// What the toolchain and Engraft put into every file, for that file alone.
fn is_of_the_toolchain(name: &str) -> bool {
    const NAMES: [&str; 7] = ["main", "_start", "_init", "_fini", "rust_eh_personality", "engraft_plugin_entry", "engraft_note"];
    // References to the personality, marks of sections, and what tells a file's profiler where to write (`-C profile-generate`).
    const STARTS: [&str; 5] = ["DW.ref.", "__start_", "__stop_", "__rustc_debug_gdb_scripts_section__", "__llvm_profile_"];
    // LTO moves constants between objects, under names that it makes.
    NAMES.contains(&name)
        || STARTS.iter().any(|start| name.starts_with(start))
        || name.contains(".llvm.")
        || symbols::is_allocator_symbol(name)
}

/// Whether a name is one of those that replace the C library's memory allocation. All of a process must agree on them: what the C
/// library allocates is freed by others, and its own calls ask for these names in its own version, which another node would not match.
fn is_of_memory(name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "malloc",
        "calloc",
        "realloc",
        "reallocarray",
        "free",
        "cfree",
        "memalign",
        "posix_memalign",
        "aligned_alloc",
        "valloc",
        "pvalloc",
        "malloc_usable_size",
        "malloc_size",
    ];
    // C++'s `operator new`, `new[]`, `delete` and `delete[]`.
    const OPERATORS: [&str; 4] = ["_Znw", "_Zna", "_Zdl", "_Zda"];
    NAMES.contains(&name) || name.starts_with("__libc_") || OPERATORS.iter().any(|operator| name.starts_with(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_packages_choose_are_told_from_those_that_compilers_make() {
        for name in [
            "sqlite3_open",
            "_ZN3foo3barEv",
            "_ZTV3Foo",
            "_Reserved",
            "zlib.1",
            "domain",
            "go/path.Name:of",
            "größe",
            "a17h0123456789abcdefE",
        ] {
            assert!(is_unmangled(name), "{name}");
        }
        for name in [
            "_ZN3foo3bar17h0123456789abcdefE",
            "_ZN3foo3bar17h0123456789abcdefE.llvm.99",
            "_RNvC3foo3bar",
            "_RINvC3foo3bar",
            "main",
            "malloc",
            "_Znwm",
            "__llvm_profile_raw_version",
            "memcpy@GLIBC_2.14",
            "say \"it\"",
            "glob*",
            "",
        ] {
            assert!(!is_unmangled(name), "{name}");
        }
    }
}
