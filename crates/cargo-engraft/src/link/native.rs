//! C code within rlibs: linked as without Engraft, plus whatever of it Rust declares, and that exported.
//!
//! A generic Rust wrapper that a plugin instantiates calls its C function directly. The host must have
//! that function even if nothing in the host calls it, and must export it even if it was compiled with
//! hidden visibility (`zstd-sys` and `ring` do that). Which ones Rust declares is known from compiled
//! metadata: it contains the names.

use super::libraries::Library;
use super::symbols;
use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};
use object::read::ReadCache;
use object::read::archive::ArchiveFile;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What a library with C code is replaced by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Its Rust object files, to be linked all.
    pub rust: Vec<PathBuf>,
    /// A copy of it, with the declared symbols visible, from which the linker takes the C code that it needs.
    pub archive: PathBuf,
    /// Declared symbols that it defines: the linker is told to need them.
    pub declared: Vec<String>,
}

/// Splits a library into `directory`; none if it holds no C code.
///
/// `metadata` is the compiled metadata of every package in the link.
pub fn split(library: &Library, metadata: &[Vec<u8>], directory: &Path) -> Result<Option<Split>> {
    let path = Path::new(&library.argument);
    if library.record.is_none() || !has_native_member(path)? {
        return Ok(None);
    }
    let split = || -> Result<Split> {
        let bytes = std::fs::read(path)?;
        let (rust, native) = members(&bytes)?;
        let mut defined = BTreeSet::new();
        for range in &native {
            defined.extend(
                symbols::globals(&bytes[range.clone()])?.iter().filter(|symbol| symbol.defined).map(|symbol| symbol.name.to_owned()),
            );
        }
        let declared = declared(&defined, metadata)?;

        let mut copy = bytes.clone();
        for range in native {
            symbols::make_visible(&mut copy[range], |name| declared.contains(name))?;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let archive = directory.join(format!("{stem}.a"));
        std::fs::write(&archive, copy)?;
        let mut objects = Vec::new();
        for (index, range) in rust.into_iter().enumerate() {
            let object = directory.join(format!("{stem}.{index}.o"));
            std::fs::write(&object, &bytes[range])?;
            objects.push(object);
        }
        Ok(Split { rust: objects, archive, declared: declared.into_iter().collect() })
    };
    split().map(Some).with_context(|| format!("failed to take apart the library {}", path.display()))
}

/// rustc's own objects end in this (`rustc_codegen_ssa::back::link::looks_like_rust_object_file`).
fn is_rust_object(name: &[u8]) -> bool {
    name.ends_with(b".rcgu.o")
}

fn is_metadata(name: &[u8]) -> bool {
    name == b"lib.rmeta"
}

/// Reads only the members' headers: most libraries have no C code.
fn has_native_member(path: &Path) -> Result<bool> {
    let read = || -> Result<bool> {
        let cache = ReadCache::new(File::open(path)?);
        for member in ArchiveFile::parse(&cache)?.members() {
            let member = member?;
            if !is_rust_object(member.name()) && !is_metadata(member.name()) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    read().with_context(|| format!("failed to read the library {}", path.display()))
}

type Ranges = Vec<std::ops::Range<usize>>;

/// Where in an archive its Rust members and its C members stand.
fn members(bytes: &[u8]) -> Result<(Ranges, Ranges)> {
    let mut rust = Vec::new();
    let mut native = Vec::new();
    for member in ArchiveFile::parse(bytes)?.members() {
        let member = member?;
        let (offset, size) = member.file_range();
        let range = usize::try_from(offset)?..usize::try_from(offset + size)?;
        if is_rust_object(member.name()) {
            rust.push(range);
        } else if !is_metadata(member.name()) {
            native.push(range);
        }
    }
    Ok((rust, native))
}

/// Which of these symbols occur in compiled metadata. A name that is part of a longer one counts too: that only exports more.
fn declared(defined: &BTreeSet<String>, metadata: &[Vec<u8>]) -> Result<BTreeSet<String>> {
    let names: Vec<&String> = defined.iter().collect();
    let automaton = AhoCorasick::new(&names)?;
    let mut found = BTreeSet::new();
    for text in metadata {
        found.extend(automaton.find_overlapping_iter(text).map(|found| names[found.pattern().as_usize()].clone()));
    }
    Ok(found)
}

/// The compiled metadata of all packages that cargo compiled, if any library holds C code; that is what [`split`] wants.
pub fn metadata_of(libraries: &[Library]) -> Result<Vec<Vec<u8>>> {
    let recorded = || libraries.iter().filter_map(|library| library.record.as_ref().map(|record| (library, record)));
    let mut any = false;
    for (library, _) in recorded() {
        any |= has_native_member(Path::new(&library.argument))?;
    }
    if !any {
        return Ok(Vec::new());
    }
    recorded()
        .map(|(_, record)| {
            let path = record.library.with_extension("rmeta");
            std::fs::read(&path).with_context(|| format!("failed to read the compiled metadata {}", path.display()))
        })
        .collect()
}
