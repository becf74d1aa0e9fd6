//! The symbols that a linked file shows to others, and those that it needs from them.

use object::LittleEndian as LE;
use object::elf::{DT_NEEDED, FileHeader64, SHT_DYNSYM, STB_WEAK, VER_NDX_GLOBAL};
use object::read::elf::{FileHeader, Sym};
use std::collections::HashSet;
use std::io;

/// The symbols by which a linked file is bound to others.
///
/// Only with the feature `tools`.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct DynamicSymbols {
    /// Defined and visible.
    pub exported: HashSet<Vec<u8>>,
    /// Undefined, not weak, and without a version: a C library's symbol with a version was seen by the linker.
    pub needed: Vec<Vec<u8>>,
    /// The shared libraries that the file names.
    pub libraries: Vec<String>,
}

impl DynamicSymbols {
    /// Reads those of an ELF file, given all of its bytes: Rust's names may be longer than those that are read piece by piece.
    ///
    /// # Errors
    ///
    /// The file is none, or its tables contradict each other ([`io::ErrorKind::InvalidData`]).
    pub fn read(file: &[u8]) -> io::Result<Self> {
        Self::parse(file).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn parse(file: &[u8]) -> object::read::Result<Self> {
        let header = FileHeader64::<LE>::parse(file)?;
        let sections = header.sections(LE, file)?;
        let table = sections.symbols(LE, file, SHT_DYNSYM)?;
        let versions = sections.versions(LE, file)?;
        let mut found = Self::default();
        for (index, symbol) in table.enumerate().skip(1) {
            let name = symbol.name(LE, table.strings())?.to_vec();
            if !symbol.is_undefined(LE) {
                found.exported.insert(name);
                continue;
            }
            let versioned = versions.as_ref().is_some_and(|versions| versions.version_index(LE, index).index() > VER_NDX_GLOBAL);
            if symbol.st_bind() != STB_WEAK && !versioned {
                found.needed.push(name);
            }
        }
        if let Some((dynamic, link)) = sections.dynamic(LE, file)? {
            let strings = sections.strings(LE, file, link)?;
            for entry in dynamic.iter().filter(|entry| entry.d_tag.get(LE) == DT_NEEDED) {
                let name = u32::try_from(entry.d_val.get(LE)).ok().and_then(|offset| strings.get(offset).ok());
                found.libraries.extend(name.map(|name| String::from_utf8_lossy(name).into_owned()));
            }
        }
        Ok(found)
    }
}
