//! What an object file adds to the program that it is linked into, as a digest: two with one digest do the same when linked, wherever
//! they were compiled.
//!
//! Debug information is left out: it names places, and would make each checkout another package. Section numbers are too, because
//! the debug sections count in them. `docs/manifest.md` says what is hashed, byte by byte.

use anyhow::{Context, Result};
use object::elf::{
    SHF_ALLOC, SHF_LINK_ORDER, SHN_ABS, SHN_COMMON, SHN_UNDEF, SHT_CREL, SHT_GROUP, SHT_NULL, SHT_REL, SHT_RELA, SHT_STRTAB, SHT_SYMTAB,
    SHT_SYMTAB_SHNDX, SectionType,
};
use object::read::elf::{ElfFile64, ElfSection64, ElfSymbol64, FileHeader};
use object::{LittleEndian, Object, ObjectSection, ObjectSymbol, RelocationFlags, RelocationTarget, SectionIndex, SymbolIndex};
use std::collections::HashMap;

const LE: LittleEndian = LittleEndian;

/// Sections of which others say what is in them, or that only have numbers of symbols, for the order in which code stands and for
/// merging equal functions (`SHT_LLVM_ADDRSIG`, `SHT_LLVM_CALL_GRAPH_PROFILE`, of now and formerly).
const OF_THE_FORMAT: [SectionType; 11] = [
    SHT_NULL,
    SHT_SYMTAB,
    SHT_STRTAB,
    SHT_SYMTAB_SHNDX,
    SHT_REL,
    SHT_RELA,
    SHT_CREL,
    SHT_GROUP,
    SectionType(0x6fff_4c03),
    SectionType(0x6fff_4c02),
    SectionType(0x6fff_4c09),
];

/// How the names of sections begin that are not in memory and say something about the compilation: debug information, the
/// compiler's version and command line.
const ABOUT: [&[u8]; 6] = [b".debug_", b".zdebug_", b".stab", b".comment", b".line", b".GCC.command.line"];

/// How the names of sections begin in which compilers leave bytecode for link-time optimization, and what belongs to it.
const BYTECODE: [&[u8]; 5] = [b".gnu.lto_", b".gnu.debuglto_", b".llvm.lto", b".llvmbc", b".llvmcmd"];

/// Whether a section of this name holds bytecode, of which code is made when it is linked with link-time optimization.
pub(super) fn is_bytecode(name: &[u8]) -> bool {
    BYTECODE.iter().any(|start| name.starts_with(start))
}

/// Adds an object file to a digest.
pub(super) fn hash_object(hasher: &mut blake3::Hasher, bytes: &[u8]) -> Result<()> {
    let Ok(object) = ElfFile64::<LittleEndian>::parse(bytes) else {
        // Not an object: all of it counts.
        part(hasher, bytes);
        return Ok(());
    };
    let mut counted = Vec::new();
    let (mut has_code, mut has_bytecode) = (false, false);
    for section in object.sections() {
        let name = section.name_bytes()?;
        has_bytecode |= is_bytecode(name);
        if counts(&section, name) {
            has_code |= section.size() > 0;
            counted.push(section);
        }
    }
    if has_bytecode && !has_code {
        // What is linked is made of it.
        part(hasher, bytes);
        return Ok(());
    }
    let header = object.elf_header();
    let ident = header.e_ident();
    numbers(
        hasher,
        &[ident.os_abi.0.into(), header.e_type.get(LE).0.into(), header.e_machine.get(LE).0.into(), header.e_flags.get(LE).0.into()],
    );
    let places = Places(counted.iter().map(ObjectSection::index).zip(0..).collect());
    for section in &counted {
        let header = section.elf_section_header();
        part(hasher, section.name_bytes()?);
        let (kind, flags) = (header.sh_type.get(LE).0.into(), header.sh_flags.get(LE));
        // The size stands for itself: what begins as zeros has no content.
        numbers(hasher, &[kind, flags.0, header.sh_addralign.get(LE), header.sh_entsize.get(LE), header.sh_size.get(LE)]);
        if flags.contains(SHF_LINK_ORDER) {
            numbers(hasher, &[places.of(SectionIndex(header.sh_link.get(LE) as usize))]);
        }
        part(hasher, section.data()?);
        for (offset, relocation) in section.relocations() {
            let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
            numbers(hasher, &[offset, r_type.0.into(), relocation.addend().cast_unsigned()]);
            if let RelocationTarget::Symbol(index) = relocation.target() {
                // A section's symbol has no name, and names of local symbols need not be unique.
                places.symbol(hasher, &object.symbol_by_index(index)?)?;
            }
        }
    }
    for group in object.sections().filter(|section| section.elf_section_header().sh_type.get(LE) == SHT_GROUP) {
        places.group(hasher, &object, &group)?;
    }
    // With `-flto -g`, GCC names the debug information of an object by a symbol that differs each time.
    let is_of_others =
        |symbol: &ElfSymbol64<'_, '_, LittleEndian>| symbol.section_index().is_some_and(|section| places.of(section) == NOT_COUNTED);
    for symbol in object.symbols().filter(|symbol| symbol.is_global() && !is_of_others(symbol)) {
        places.symbol(hasher, &symbol)?;
    }
    Ok(())
}

/// Whether a section may change what is linked. Of one that is not known, it is so.
fn counts(section: &ElfSection64<'_, '_, LittleEndian>, name: &[u8]) -> bool {
    let header = section.elf_section_header();
    let is_about = || ABOUT.iter().any(|start| name.starts_with(start)) || is_bytecode(name);
    header.sh_flags.get(LE).contains(SHF_ALLOC) || !(OF_THE_FORMAT.contains(&header.sh_type.get(LE)) || is_about())
}

/// Adds something to a digest; lengths keep one part's end from passing for another one's beginning.
pub(super) fn part(hasher: &mut blake3::Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

fn numbers(hasher: &mut blake3::Hasher, numbers: &[u64]) {
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    part(hasher, &bytes);
}

/// The sections that count, numbered.
struct Places(HashMap<SectionIndex, u64>);

/// What stands for the first of them: it is behind the numbers that ELF gives to what is in no section, and those that it can't write in
/// 16 bits.
const FIRST: u64 = 1 << 16;
/// What stands for a section that does not count.
const NOT_COUNTED: u64 = FIRST - 1;

impl Places {
    fn of(&self, section: SectionIndex) -> u64 {
        self.0.get(&section).map_or(NOT_COUNTED, |place| FIRST + place)
    }

    /// Of all groups with one symbol the linker takes the sections of one.
    fn group(
        &self,
        hasher: &mut blake3::Hasher,
        object: &ElfFile64<'_, LittleEndian>,
        group: &ElfSection64<'_, '_, LittleEndian>,
    ) -> Result<()> {
        let words = group.data()?.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word));
        let (flags, sections) = (words.clone().next().context("a group of sections is empty")?, words.skip(1));
        let members: Vec<u64> = sections.map(|index| self.of(SectionIndex(index as usize))).filter(|place| *place != NOT_COUNTED).collect();
        // Debug information may be in groups too.
        if !members.is_empty() {
            let symbol = SymbolIndex(group.elf_section_header().sh_info.get(LE) as usize);
            self.symbol(hasher, &object.symbol_by_index(symbol)?)?;
            numbers(hasher, &[&[flags.into()], &members[..]].concat());
        }
        Ok(())
    }

    fn symbol(&self, hasher: &mut blake3::Hasher, symbol: &ElfSymbol64<'_, '_, LittleEndian>) -> Result<()> {
        let entry = symbol.elf_symbol();
        let index = entry.st_shndx.get(LE);
        let place = match symbol.section_index() {
            _ if [SHN_UNDEF, SHN_ABS, SHN_COMMON].contains(&index) => index.0.into(),
            Some(section) => self.of(section),
            None => NOT_COUNTED,
        };
        part(hasher, symbol.name_bytes()?);
        let (info, other) = (entry.st_info.0.into(), entry.st_other.0.into());
        numbers(hasher, &[info, other, place, entry.st_value.get(LE), entry.st_size.get(LE)]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::process::Command;

    fn digest_in(directory: &Path, source: &str, more: &[&str]) -> blake3::Hash {
        std::fs::write(directory.join("code.c"), source).unwrap();
        let mut cc = Command::new("cc");
        cc.args(["-c", "-O0", "-ffunction-sections", "code.c", "-o", "code.o"]).args(more).current_dir(directory);
        assert!(cc.status().unwrap().success());
        let mut hasher = blake3::Hasher::new();
        hash_object(&mut hasher, &std::fs::read(directory.join("code.o")).unwrap()).unwrap();
        hasher.finalize()
    }

    fn digest(source: &str) -> blake3::Hash {
        digest_in(tempfile::tempdir().unwrap().path(), source, &[])
    }

    #[test]
    fn swapped_calls_of_static_functions_are_another_package() {
        let source = |first: &str, second: &str| {
            format!(
                "static void one(void) {{}} static void two(void) {{ one(); }}\n\
                 void (*table[2])(void) = {{ {first}, {second} }}; void run(void) {{ {first}(); {second}(); }}"
            )
        };
        assert_ne!(digest(&source("one", "two")), digest(&source("two", "one")));
    }

    #[test]
    fn zeroed_memory_of_another_size_is_another_package() {
        let source = |size: u32| format!("static char memory[{size}]; char *at(void) {{ return memory; }}");
        assert_ne!(digest(&source(64)), digest(&source(128)));
    }

    #[test]
    fn a_variable_that_may_no_longer_be_written_is_another_package() {
        assert_ne!(digest("int a = 7, b = 8;"), digest("const int a = 7, b = 8;"));
        assert_ne!(digest("__attribute__((section(\"x\"))) int a = 7;"), digest("__attribute__((section(\"x\"))) const int a = 7;"));
    }

    #[test]
    fn zeroed_memory_of_another_alignment_is_another_package() {
        let source = |align: u32| format!("char memory[64] __attribute__((aligned({align})));");
        assert_ne!(digest(&source(32)), digest(&source(64)));
    }

    /// Slim objects were hashed as empty: their sections are not in memory.
    #[test]
    fn bytecode_without_machine_code_is_hashed() {
        let directory = tempfile::tempdir().unwrap();
        let slim = |source| digest_in(directory.path(), source, &["-flto", "-fno-fat-lto-objects", "-frandom-seed=1"]);
        let (one, other) = ("int next(void) { return 1; }", "int next(void) { return 2; }");
        assert_ne!(slim(one), slim(other));
        assert_eq!(slim(one), slim(one));
    }

    /// Bytecode has names of GCC's that differ each time, and is not linked.
    #[test]
    fn bytecode_beside_machine_code_is_none_of_a_package() {
        let fat = |source: &str, more: &[&str]| {
            let flags = [&["-flto", "-ffat-lto-objects"], more].concat();
            digest_in(tempfile::tempdir().unwrap().path(), source, &flags)
        };
        let (one, other) = ("int next(void) { return 1; }", "int next(void) { return 2; }");
        assert_eq!(fat(one, &[]), fat(one, &["-g"]));
        assert_eq!(fat(one, &[]), digest(one));
        assert_ne!(fat(one, &[]), fat(other, &[]));
    }

    /// What is in no memory may change a program all the same.
    #[test]
    fn sections_that_are_not_in_memory_are_hashed() {
        let source = |more: &str| format!("int next(void) {{ return 1; }}\n{more}");
        let own = |flags: &str, word: &str| {
            source(&format!("__asm__(\".section own,\\\"{flags}\\\",@progbits\\n.ascii \\\"{word}\\\"\\n.text\");\n"))
        };
        assert_ne!(digest(&own("", "one")), digest(&own("", "two")));
        // An executable stack.
        let stack = "__asm__(\".section .note.GNU-stack,\\\"x\\\",@progbits\\n.text\");\n";
        assert_ne!(digest(&source("")), digest(&source(stack)));
        // In a group or not: there may be several then.
        let group =
            |name: &str| source(&format!("__asm__(\".section .rodata.own,\\\"aG\\\",@progbits,{name},comdat\\n.byte 1\\n.text\");\n"));
        assert_ne!(digest(&group("one")), digest(&group("two")));
    }

    #[test]
    fn debug_information_and_its_directory_are_none_of_a_package() {
        let source = "static int one(void) { static int n; return n++; } static const char *word = \"x\"; int common;\n\
            int two(int a) { switch (a) { case 1: return one(); case 2: return word[0]; default: return common; } }";
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(digest_in(one.path(), source, &[]), digest_in(other.path(), source, &["-g"]));
        assert_eq!(digest_in(one.path(), source, &["-g", "-fcommon"]), digest_in(other.path(), source, &["-g3", "-fcommon"]));
    }
}
