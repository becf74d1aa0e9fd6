//! C code within rlibs: linked as without Engraft, plus whatever of it Rust declares, and that exported.
//!
//! A generic Rust wrapper that a plugin instantiates calls its C function directly. The host must have
//! that function even if nothing in the host calls it, and must export it even if it was compiled with
//! hidden visibility (`zstd-sys` and `ring` do that). Which ones Rust declares is known from compiled
//! metadata: it contains the names.

use super::content::{Members, is_metadata, is_rust_object};
use super::libraries::Library;
use super::{archive, symbols};
use crate::place;
use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};
use object::read::ReadCache;
use object::read::archive::ArchiveFile;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::ops::Range;
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

/// Splits a library into `directory`; none if it holds no C code, and none of its members is replaced.
///
/// `metadata` is the compiled metadata of every package in the link. `replaced` has new content for members, by where the old one stands.
pub fn split(
    library: &Library,
    metadata: &[Vec<u8>],
    mut replaced: HashMap<Range<usize>, Vec<u8>>,
    directory: &Path,
) -> Result<Option<Split>> {
    let path = Path::new(&library.argument);
    if library.record.is_none() || (replaced.is_empty() && !has_native_member(path)?) {
        return Ok(None);
    }
    let split = || -> Result<Split> {
        let bytes = std::fs::read(path)?;
        let Members { rust, native, .. } = Members::of(path, &bytes)?;
        let mut defined = BTreeSet::new();
        for range in &native {
            defined.extend(
                symbols::globals(&bytes[range.clone()])?.iter().filter(|symbol| symbol.defined).map(|symbol| symbol.name.to_owned()),
            );
        }
        let declared = declared(&defined, metadata)?;

        let mut copy = bytes.clone();
        for range in native {
            let object = replaced.get_mut(&range).map_or(&mut copy[range], Vec::as_mut_slice);
            symbols::make_visible(object, |name| declared.contains(name))?;
            symbols::make_unique_weak(object)?;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let copied = directory.join(format!("{stem}.a"));
        let mut objects = Vec::new();
        for (index, range) in rust.into_iter().enumerate() {
            let object = directory.join(format!("{stem}.{index}.o"));
            let content = replaced.remove(&range);
            place::write_unseen(&object, content.as_deref().unwrap_or(&bytes[range]))?;
            objects.push(object);
        }
        // What is left of them are C objects.
        place::write_unseen(&copied, if replaced.is_empty() { copy } else { archive::replace(&copy, replaced)? })?;
        Ok(Split { rust: objects, archive: copied, declared: declared.into_iter().collect() })
    };
    split().map(Some).with_context(|| format!("failed to take apart the library {}", path.display()))
}

/// Reads only the members' headers: most libraries have no C code.
pub(super) fn has_native_member(path: &Path) -> Result<bool> {
    let read = || -> Result<bool> {
        let cache = ReadCache::new(File::open(path)?);
        for member in ArchiveFile::parse(&cache)?.members() {
            let member = member?;
            if !is_rust_object(path, member.name()) && !is_metadata(member.name()) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    read().with_context(|| format!("failed to read the library {}", path.display()))
}

/// Which of these symbols compiled metadata names.
pub(super) fn declared(defined: &BTreeSet<String>, metadata: &[Vec<u8>]) -> Result<BTreeSet<String>> {
    let names: Vec<&String> = defined.iter().collect();
    let automaton = AhoCorasick::new(&names)?;
    let mut found = BTreeSet::new();
    for text in metadata {
        let named = automaton.find_overlapping_iter(text).filter(|found| is_whole_text(text, found.start(), found.end()));
        found.extend(named.map(|found| names[found.pattern().as_usize()].clone()));
    }
    Ok(found)
}

/// Whether bytes of compiled metadata are a text of it and not a part of one: rustc writes a text with its length before
/// it (LEB128) and the byte C1 behind it (`rustc_serialize::opaque`).
fn is_whole_text(metadata: &[u8], start: usize, end: usize) -> bool {
    let len = end - start;
    let length_fits = match start.checked_sub(1).and_then(|before| metadata.get(before)) {
        Some(&before) => {
            if len < 128 {
                usize::from(before) == len
            } else {
                usize::from(before) == len >> 7
            }
        }
        None => false,
    };
    length_fits && metadata.get(end) == Some(&0xc1)
}

/// The compiled metadata that [`split`] wants: of all packages of the link, if a library that is carried holds C code.
pub fn metadata_for(carried: &[&Library], libraries: &[Library]) -> Result<Vec<Vec<u8>>> {
    let mut any = false;
    for library in carried.iter().filter(|library| library.record.is_some()) {
        any |= has_native_member(Path::new(&library.argument))?;
    }
    if !any {
        return Ok(Vec::new());
    }
    let records = libraries.iter().filter_map(|library| library.record.as_ref());
    let metadata = records.map(|record| {
        let archive = std::fs::read(&record.library).with_context(|| format!("failed to read the library {}", record.library.display()))?;
        Ok(Members::of(&record.library, &archive)?.metadata.map_or_else(Vec::new, |range| archive[range].to_vec()))
    });
    metadata.collect()
}
