//! The table by which the loader finds a shared object's symbols, for objects whose symbols get other names.
//!
//! `DT_GNU_HASH`, as glibc reads it (`elf/dl-lookup.c`): a filter, then buckets, then a hash for each symbol. Symbols stand in the order of
//! their buckets, and are left there; so a new name has to fall into the old one's bucket.

use std::ops::Range;

use anyhow::{Context, Result};
use object::LittleEndian as LE;
use object::elf::{FileHeader64, SHT_DYNSYM, SHT_GNU_HASH};
use object::read::elf::{FileHeader, SectionHeader, Sym};

/// Where the table stands in a file, and what is in it.
pub(crate) struct SymbolTable {
    /// Names of the symbols that can be found, in the order of the table.
    names: Vec<Vec<u8>>,
    buckets: u32,
    shift: u32,
    filter: Range<usize>,
    hashes: Range<usize>,
}

impl SymbolTable {
    /// Reads a file's.
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

    /// Whether symbols that are renamed so stay where they are.
    pub(crate) fn has_room_for(&self, renamed: impl Fn(&[u8]) -> Vec<u8>) -> bool {
        self.names.iter().all(|name| hash(name) % self.buckets == hash(&renamed(name)) % self.buckets)
    }

    /// Puts the new names' hashes into a copy of the file.
    pub(crate) fn rewrite(&self, file: &mut [u8], renamed: impl Fn(&[u8]) -> Vec<u8>) {
        file[self.filter.clone()].fill(0);
        for (name, at) in self.names.iter().zip(self.hashes.clone().step_by(4)) {
            let hash = hash(&renamed(name));
            // The lowest bit tells that a bucket ends here.
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

/// The loader's hash of a name.
fn hash(name: &[u8]) -> u32 {
    name.iter().fold(5381, |hash: u32, &byte| hash.wrapping_mul(33).wrapping_add(byte.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_loaders() {
        // From the description of the format by Roland McGrath and Ulrich Drepper.
        for (name, expected) in [("", 0x0000_1505), ("printf", 0x156b_2bb8), ("exit", 0x7c96_7e3f), ("syscall", 0xbac2_12a0)] {
            assert_eq!(hash(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn a_table_that_is_written_anew_for_the_same_names_is_the_same() -> Result<()> {
        // The C library of this process: it has thousands of symbols.
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
