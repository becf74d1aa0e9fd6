//! The object file through which the record comes into a link, and the digest that is filled in when the link is done.

use anyhow::{Context, Result};
use engraft_manifest::{BuildId, SECTION, find_note, note_bytes};
use object::write::{Object, Symbol, SymbolSection};
use object::{Architecture, BinaryFormat, Endianness, SectionFlags, SectionKind, SymbolFlags, SymbolKind, SymbolScope};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

/// The symbol by which a host finds its own note; the library `engraft` looks it up.
pub const HOST_SYMBOL: &str = "engraft_host_note";

/// An object file that holds the note, and for a host a symbol on it.
pub fn object_file(record: &[u8], host: bool) -> Result<Vec<u8>> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    let section = object.add_section(Vec::new(), SECTION.as_bytes().to_vec(), SectionKind::Note);
    let note = note_bytes(record);
    object.append_section_data(section, &note, 4);
    // Allocated and retained: it must reach memory and outlive garbage collection and `strip`.
    let sh_flags = object::elf::SHF_ALLOC | object::elf::SHF_GNU_RETAIN;
    object.section_mut(section).flags = SectionFlags::Elf { sh_type: object::elf::SHT_NOTE, sh_flags };
    if host {
        object.add_symbol(Symbol {
            name: HOST_SYMBOL.into(),
            value: 0,
            size: note.len() as u64,
            kind: SymbolKind::Data,
            scope: SymbolScope::Dynamic,
            weak: false,
            section: SymbolSection::Section(section),
            flags: SymbolFlags::None,
        });
    }
    // Without this section GNU ld takes the object for one that wants an executable stack.
    let stack = object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Other);
    object.section_mut(stack).flags = SectionFlags::Elf { sh_type: object::elf::SHT_PROGBITS, sh_flags: object::elf::SectionFlags(0) };
    object.write().context("failed to make the object file with the manifest")
}

/// Fills in the digest of a linked file, over its bytes with the digest's own counted as zero.
pub fn seal(file: &Path) -> Result<BuildId> {
    let seal = || -> Result<BuildId> {
        let bytes = std::fs::read(file)?;
        let note = find_note(bytes.as_slice()).map_err(|found| anyhow::anyhow!("the linker dropped the manifest: it made {found}"))?;
        let build_id = BuildId(*blake3::hash(&bytes).as_bytes());
        let mut file = std::fs::OpenOptions::new().write(true).open(file)?;
        file.seek(SeekFrom::Start(note.build_id_offset))?;
        file.write_all(&build_id.0)?;
        Ok(build_id)
    };
    seal().with_context(|| format!("failed to seal {}", file.display()))
}
