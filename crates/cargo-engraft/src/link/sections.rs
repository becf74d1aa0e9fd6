//! Sections of object files: their names, and copies of object files in which some have other names.

use anyhow::{Context, Result};
use object::LittleEndian as LE;
use object::elf::{ELFOSABI_GNU, FileHeader64, SHF_ALLOC, SHF_GNU_RETAIN, SHF_WRITE, SHT_NOBITS, SHT_PROGBITS, SectionHeader64};
use object::read::SectionIndex;
use object::read::elf::{FileHeader, SectionHeader, SectionTable};
use std::mem::offset_of;

/// A section that is in memory at run time and has content.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    pub name: &'a str,
    index: usize,
}

/// The sections of an ELF object file that are in memory at run time and are not empty. None of anything that is no ELF file (the
/// metadata member of an rlib).
pub fn allocated(object: &[u8]) -> Result<Vec<Section<'_>>> {
    let Some((_, sections)) = table(object)? else { return Ok(Vec::new()) };
    let in_memory = sections
        .enumerate()
        .filter(|(_, section)| section.sh_flags(LE).contains(SHF_ALLOC) && section.sh_size(LE) != 0 && section.sh_type(LE) != SHT_NOBITS);
    let named = in_memory.map(|(index, section)| {
        let name = std::str::from_utf8(sections.section_name(LE, section)?).unwrap_or_default();
        Ok(Section { name, index: index.0 })
    });
    named.collect()
}

/// A copy of an object file in which these sections have these names. They are plain data there, and garbage collection keeps them.
///
/// The names go into a copy of the table of names, behind everything else: in the old one names may be parts of other names.
pub fn rename(object: &[u8], names: &[(Section<'_>, String)]) -> Result<Vec<u8>> {
    let (header, sections) = table(object)?.context("an object file is not ELF")?;
    let mut copy = object.to_vec();
    // SHF_GNU_RETAIN means something only in objects of this ABI.
    copy[offset_of!(FileHeader64<LE>, e_ident.os_abi)] = ELFOSABI_GNU.0;
    let start = usize::try_from(header.e_shoff(LE))?;
    let mut set = |section: usize, field: usize, value: &[u8]| {
        let at = start + section * size_of::<SectionHeader64<LE>>() + field;
        copy[at..at + value.len()].copy_from_slice(value);
    };
    let table_of_names = SectionIndex(header.shstrndx(LE, object)? as usize);
    let mut strings = sections.section(table_of_names)?.data(LE, object)?.to_vec();
    for (section, name) in names {
        let flags = sections.section(SectionIndex(section.index))?.sh_flags(LE) | SHF_GNU_RETAIN | SHF_WRITE;
        set(section.index, offset_of!(SectionHeader64<LE>, sh_name), &u32::try_from(strings.len())?.to_le_bytes());
        set(section.index, offset_of!(SectionHeader64<LE>, sh_type), &SHT_PROGBITS.0.to_le_bytes());
        set(section.index, offset_of!(SectionHeader64<LE>, sh_flags), &flags.0.to_le_bytes());
        strings.extend_from_slice(name.as_bytes());
        strings.push(0);
    }
    set(table_of_names.0, offset_of!(SectionHeader64<LE>, sh_offset), &(object.len() as u64).to_le_bytes());
    set(table_of_names.0, offset_of!(SectionHeader64<LE>, sh_size), &(strings.len() as u64).to_le_bytes());
    copy.extend(strings);
    Ok(copy)
}

type Table<'a> = (&'a FileHeader64<LE>, SectionTable<'a, FileHeader64<LE>>);

fn table(object: &[u8]) -> Result<Option<Table<'_>>> {
    if !object.starts_with(b"\x7fELF") {
        return Ok(None);
    }
    let header = FileHeader64::<LE>::parse(object).context("an object file is not 64-bit little-endian ELF")?;
    Ok(Some((header, header.sections(LE, object)?)))
}
