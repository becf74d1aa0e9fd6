//! Updates the hash table by which the loader finds symbols, for objects whose symbols are renamed.
//!
//! `DT_GNU_HASH` has, as glibc reads it (`elf/dl-lookup.c`), a filter, buckets, and a hash for each symbol. Symbols are sorted by bucket and
//! are not moved here, so a new name must be in the same bucket as the old one.

use std::ops::Range;

use anyhow::{Context, Result};
use object::LittleEndian as LE;
use object::elf::{FileHeader64, SHT_DYNSYM, SHT_GNU_HASH};
use object::read::elf::{FileHeader, SectionHeader, Sym};

/// The position of the table in a file, and its content.
pub(crate) struct SymbolTable {
    /// The names of the symbols in the table, in order.
    names: Vec<Vec<u8>>,
    buckets: u32,
    shift: u32,
    filter: Range<usize>,
    hashes: Range<usize>,
}

impl SymbolTable {
    /// Reads the table of a file.
    pub(crate) fn of(file: &[u8]) -> Result<Self> {
        let header = FileHeader64::<LE>::parse(file)?;
        let sections = header.sections(LE, file)?;
        let table = sections.iter().find(|section| section.sh_type(LE) == SHT_GNU_HASH).context("it has no DT_GNU_HASH")?;
        let start = usize::try_from(table.sh_offset.get(LE))?;
        let field = |index: usize| -> Result<u32> {
            let bytes = file.get(start + 4 * index..).and_then(<[u8]>::first_chunk).context("the table ends too early")?;
            Ok(u32::from_le_bytes(*bytes))
        };
        let (buckets, first, words, shift) = (field(0)?, field(1)?, field(2)?, field(3)?);
        let filter = start + 16..start + 16 + 8 * words as usize;
        let symbols = sections.symbols(LE, file, SHT_DYNSYM)?;
        let names = symbols.iter().skip(first as usize).map(|symbol| Ok(symbol.name(LE, symbols.strings())?.to_vec()));
        let names = names.collect::<Result<Vec<_>>>()?;
        let hashes = filter.end + 4 * buckets as usize;
        Ok(Self { buckets, shift, hashes: hashes..hashes + 4 * names.len(), names, filter })
    }

    /// Whether renamed symbols stay in their buckets.
    pub(crate) fn has_room_for(&self, renamed: impl Fn(&[u8]) -> Vec<u8>) -> bool {
        self.names.iter().all(|name| hash(name) % self.buckets == hash(&renamed(name)) % self.buckets)
    }

    /// Writes the hashes of the new names into a copy of the file.
    pub(crate) fn rewrite(&self, file: &mut [u8], renamed: impl Fn(&[u8]) -> Vec<u8>) {
        file[self.filter.clone()].fill(0);
        for (name, at) in self.names.iter().zip(self.hashes.clone().step_by(4)) {
            let hash = hash(&renamed(name));
            // The lowest bit marks the end of a bucket.
            let end = u32::from(file[at] & 1);
            file[at..at + 4].copy_from_slice(&(hash & !1 | end).to_le_bytes());
            let words = self.filter.len() / 8;
            let word = self.filter.start + 8 * (hash as usize / 64 % words);
            for bit in [hash, hash >> self.shift].map(|bits| bits as usize % 64) {
                file[word + bit / 8] |= 1 << (bit % 8);
            }
        }
    }
}

/// The hash function of the loader.
fn hash(name: &[u8]) -> u32 {
    name.iter().fold(5381, |hash: u32, &byte| hash.wrapping_mul(33).wrapping_add(byte.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_equals_published_values() {
        // Values from the description of the format by Roland McGrath and Ulrich Drepper.
        for (name, expected) in [("", 0x0000_1505), ("printf", 0x156b_2bb8), ("exit", 0x7c96_7e3f), ("syscall", 0xbac2_12a0)] {
            assert_eq!(hash(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn rewriting_with_same_names_changes_nothing() -> Result<()> {
        // Test with the C library of this process, which has thousands of symbols.
        let maps = std::fs::read_to_string("/proc/self/maps")?;
        let path = maps.lines().find_map(|line| Some(&line[line.find('/')?..]).filter(|path| path.contains("/libc.so")));
        let file = std::fs::read(path.context("this process has no C library")?)?;
        let table = SymbolTable::of(&file)?;
        assert!(table.names.len() > 1000);
        assert!(table.has_room_for(<[u8]>::to_vec));
        let mut copy = file.clone();
        table.rewrite(&mut copy, <[u8]>::to_vec);
        assert!(copy == file);
        Ok(())
    }
}
