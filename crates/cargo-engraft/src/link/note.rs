//! The object file through which the record comes into a link, and the digest that is filled in when the link is done.

use super::constructors::List;
use anyhow::{Context, Result};
use engraft_manifest::{BuildId, NotARecord, SECTION, note_bytes};
use object::elf::{STB_GLOBAL, STV_HIDDEN, SymbolInfo, SymbolOther};
use object::write::{Object, Relocation, Symbol, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, FileFlags, RelocationEncoding, RelocationFlags, RelocationKind, SectionFlags, SectionKind,
    SymbolFlags, SymbolKind, SymbolScope,
};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// The symbol on a plugin's note, which its stub refers to. It stays within the plugin.
const PLUGIN_SYMBOL: &str = "engraft_note";

/// The section in which the library `engraft` finds the address of its host's note.
const HOST_SECTION: &str = "engraft_host";

/// The section with the table of constructors and destructors.
const LISTS_SECTION: &str = "engraft_lists";

/// Functions that the C compiler's start files call if anybody has them: of profilers, and of transactional memory. A plugin leaves them
/// out itself. Otherwise the loader would look for each of them in all that is loaded, at each open, and find none.
const HOOKS: [&str; 3] = ["__gmon_start__", "_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable"];

/// An object file that holds the note, and what is needed to find it in memory.
///
/// A host's library `engraft` was compiled before anybody knew of the note, and must link without one too. So it looks
/// into a section that is there in any case, and that is larger when Engraft's linker adds to it.
///
/// `lists` are the constructors and destructors that a plugin brings.
pub fn object_file(record: &[u8], host: bool, lists: &[List]) -> Result<Vec<u8>> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    // SHF_GNU_RETAIN means something only in objects of this ABI.
    object.flags = FileFlags::Elf { os_abi: object::elf::ELFOSABI_GNU, abi_version: 0, e_flags: object::elf::FileFlags(0) };
    let section = object.add_section(Vec::new(), SECTION.as_bytes().to_vec(), SectionKind::Note);
    let note = note_bytes(record);
    object.append_section_data(section, &note, 4);
    // Allocated and retained: it must reach memory and outlive garbage collection and `strip`.
    let sh_flags = object::elf::SHF_ALLOC | object::elf::SHF_GNU_RETAIN;
    object.section_mut(section).flags = SectionFlags::Elf { sh_type: object::elf::SHT_NOTE, sh_flags };
    let symbol = object.add_symbol(Symbol {
        name: PLUGIN_SYMBOL.into(),
        value: 0,
        size: note.len() as u64,
        kind: SymbolKind::Data,
        scope: SymbolScope::Linkage,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    });
    if host {
        let section = object.add_section(Vec::new(), HOST_SECTION.as_bytes().to_vec(), SectionKind::Data);
        object.append_section_data(section, &[0; 8], 8);
        let sh_flags = object::elf::SHF_ALLOC | object::elf::SHF_WRITE | object::elf::SHF_GNU_RETAIN;
        object.section_mut(section).flags = SectionFlags::Elf { sh_type: object::elf::SHT_PROGBITS, sh_flags };
        let flags = RelocationFlags::Generic { kind: RelocationKind::Absolute, encoding: RelocationEncoding::Generic, size: 64 };
        object.add_relocation(section, Relocation { offset: 0, symbol, addend: 0, flags })?;
    } else {
        add_lists(&mut object, lists)?;
        for name in HOOKS {
            object.add_symbol(Symbol {
                name: name.into(),
                value: 0,
                size: 0,
                kind: SymbolKind::Text,
                scope: SymbolScope::Linkage,
                weak: false,
                section: SymbolSection::Absolute,
                flags: SymbolFlags::None,
            });
        }
    }
    // Without this section GNU ld takes the object for one that wants an executable stack.
    let stack = object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Other);
    object.section_mut(stack).flags = SectionFlags::Elf { sh_type: object::elf::SHT_PROGBITS, sh_flags: object::elf::SectionFlags(0) };
    object.write().context("failed to make the object file with the manifest")
}

/// Adds the table of constructors and destructors, which has the form that `engraft::registration::FunctionList` says.
fn add_lists(object: &mut Object<'_>, lists: &[List]) -> Result<()> {
    let sh_flags = object::elf::SHF_ALLOC | object::elf::SHF_WRITE | object::elf::SHF_GNU_RETAIN;
    let section = |object: &mut Object<'_>, name: &str| {
        let section = object.add_section(Vec::new(), name.into(), SectionKind::Data);
        object.section_mut(section).flags = SectionFlags::Elf { sh_type: object::elf::SHT_PROGBITS, sh_flags };
        section
    };
    let table = section(object, LISTS_SECTION);
    for list in lists {
        // Where the object file with the list is not needed, the linker knows its ends all the same.
        let empty = section(object, &list.section);
        object.append_section_data(empty, &[], 8);
        let mut row = [&list.id[..], &list.package.0, &[0; 16]].concat();
        row.extend([u32::from(list.kind.at_exit), u32::from(list.kind.backwards)].iter().flat_map(|flag| flag.to_le_bytes()));
        let row = object.append_section_data(table, &row, 8);
        for (offset, end) in [(32, "__start_"), (40, "__stop_")] {
            let symbol = object.add_symbol(Symbol {
                name: format!("{end}{}", list.section).into_bytes(),
                value: 0,
                size: 0,
                kind: SymbolKind::Data,
                scope: SymbolScope::Linkage,
                weak: false,
                section: SymbolSection::Undefined,
                flags: SymbolFlags::Elf { st_info: SymbolInfo(STB_GLOBAL.0 << 4), st_other: SymbolOther(STV_HIDDEN.0) },
            });
            let flags = RelocationFlags::Generic { kind: RelocationKind::Absolute, encoding: RelocationEncoding::Generic, size: 64 };
            object.add_relocation(table, Relocation { offset: row + offset, symbol, addend: 0, flags })?;
        }
    }
    Ok(())
}

/// Fills in length and digest of a linked file.
pub fn seal(file: &Path) -> Result<BuildId> {
    let seal = || -> Result<BuildId> {
        let mut bytes = std::fs::read(file)?;
        let dropped = |found: NotARecord| anyhow::anyhow!("the linker dropped the manifest: it made {found}");
        let build_id = engraft_manifest::seal(&mut bytes).map_err(dropped)?;
        // All of it, and in one go: linkers write page by page into a mapping, and so it lies in the page cache. What is written in one go
        // lies there in large folios, and is mapped with fewer, cheaper faults: the first `open` of a process takes a quarter less, and
        // hosts start sooner. It keeps the linker's permissions, and must still be there: where an earlier build was killed, the next one
        // may have begun to remove what its linker, if that lives on, works on.
        File::options().write(true).truncate(true).open(file)?.write_all(&bytes)?;
        Ok(build_id)
    };
    seal().with_context(|| format!("failed to seal {}", file.display()))
}
