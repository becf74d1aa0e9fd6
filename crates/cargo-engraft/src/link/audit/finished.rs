//! What a linked file says of its own symbols, read from its bytes.

use anyhow::{Context, Result};
use object::LittleEndian as LE;
use object::elf::{
    DF_SYMBOLIC, DT_FINI, DT_FLAGS, DT_INIT, DT_SYMBOLIC, FileHeader64, PT_INTERP, SHF_ALLOC, SHT_DYNSYM, STV_DEFAULT, SymbolVisibility,
};
use object::read::elf::{FileHeader, ProgramHeader, Rela, SectionHeader, Sym};
use std::collections::{HashMap, HashSet};

/// A linked file's dynamic symbols.
#[derive(Debug, Default)]
pub struct Finished<'f> {
    /// Whether the loader searches the file itself first (`DF_SYMBOLIC`).
    pub is_symbolic: bool,
    /// Whether the loader runs a function of it by itself that is not of the C library's start files (`DT_INIT`, `DT_FINI`).
    pub has_own_init: bool,
    /// Whether it names the loader that starts it, as programs do.
    pub has_loader: bool,
    /// What it defines and shows, and whether others' definitions may take the place.
    pub exported: HashMap<&'f [u8], bool>,
    /// The symbols that the loader looks up, wherever they are defined.
    pub looked_up: HashSet<&'f [u8]>,
}

impl<'f> Finished<'f> {
    /// Reads an ELF file.
    pub fn read(file: &'f [u8]) -> Result<Self> {
        Self::parse(file).context("the linked file's tables contradict each other")
    }

    fn parse(file: &'f [u8]) -> object::read::Result<Self> {
        let header = FileHeader64::<LE>::parse(file)?;
        let sections = header.sections(LE, file)?;
        let table = sections.symbols(LE, file, SHT_DYNSYM)?;
        let is_loader = |segment: &object::elf::ProgramHeader64<LE>| segment.p_type(LE) == PT_INTERP;
        let mut found = Self { has_loader: header.program_headers(LE, file)?.iter().any(is_loader), ..Self::default() };
        let is_replaceable = |visibility: SymbolVisibility| visibility == STV_DEFAULT;
        for symbol in table.iter().skip(1).filter(|symbol| !symbol.is_undefined(LE)) {
            found.exported.insert(symbol.name(LE, table.strings())?, is_replaceable(symbol.st_visibility()));
        }
        for section in sections.iter().filter(|section| section.sh_flags(LE).contains(SHF_ALLOC)) {
            let Some((relocations, link)) = section.rela(LE, file)? else { continue };
            if link != table.section() {
                continue;
            }
            for index in relocations.iter().filter_map(|relocation| relocation.symbol(LE, false)) {
                found.looked_up.insert(table.symbol(index)?.name(LE, table.strings())?);
            }
        }
        if let Some((dynamic, _)) = sections.dynamic(LE, file)? {
            // The functions of the start files begin these sections.
            let begins = |name: &str, address| {
                let named = sections.section_by_name(LE, name.as_bytes());
                named.is_some_and(|(_, section)| section.sh_addr(LE) == address)
            };
            found.has_own_init = dynamic.iter().any(|entry| match entry.d_tag.get(LE) {
                DT_INIT => !begins(".init", entry.d_val.get(LE)),
                DT_FINI => !begins(".fini", entry.d_val.get(LE)),
                _ => false,
            });
            found.is_symbolic = dynamic.iter().any(|entry| match entry.d_tag.get(LE) {
                DT_SYMBOLIC => true,
                DT_FLAGS => entry.d_val.get(LE) & DF_SYMBOLIC.0 != 0,
                _ => false,
            });
        }
        Ok(found)
    }
}
