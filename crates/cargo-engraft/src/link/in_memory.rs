//! What an object file has in memory, as a digest: two with one digest do the same when linked, wherever they were compiled.
//!
//! Debug information is left out: it names places, and would make each checkout another package. Section numbers are too, because
//! the debug sections count in them. `docs/manifest.md` says what is hashed, byte by byte.

use anyhow::Result;
use object::elf::{SHF_ALLOC, SHN_ABS, SHN_COMMON, SHN_UNDEF};
use object::read::elf::{ElfFile64, ElfSymbol64};
use object::{LittleEndian, Object, ObjectSection, ObjectSymbol, RelocationFlags, RelocationTarget, SectionIndex};
use std::collections::HashMap;

const LE: LittleEndian = LittleEndian;

/// Adds an object file to a digest.
pub(super) fn hash_object(hasher: &mut blake3::Hasher, bytes: &[u8]) -> Result<()> {
    let Ok(object) = ElfFile64::<LittleEndian>::parse(bytes) else {
        // Not an object: all of it counts.
        part(hasher, bytes);
        return Ok(());
    };
    let in_memory =
        |section: &object::read::elf::ElfSection64<'_, '_, LittleEndian>| section.elf_section_header().sh_flags.get(LE).contains(SHF_ALLOC);
    let places = Places(object.sections().filter(in_memory).map(|section| section.index()).zip(0..).collect());
    for section in object.sections().filter(in_memory) {
        let header = section.elf_section_header();
        part(hasher, section.name_bytes()?);
        let (kind, flags) = (header.sh_type.get(LE).0.into(), header.sh_flags.get(LE).0);
        // The size stands for itself: what begins as zeros has no content.
        numbers(hasher, &[kind, flags, header.sh_addralign.get(LE), header.sh_entsize.get(LE), header.sh_size.get(LE)]);
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
    for symbol in object.symbols().filter(ObjectSymbol::is_global) {
        places.symbol(hasher, &symbol)?;
    }
    Ok(())
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

/// The sections that are in memory, counted.
struct Places(HashMap<SectionIndex, u64>);

impl Places {
    fn symbol(&self, hasher: &mut blake3::Hasher, symbol: &ElfSymbol64<'_, '_, LittleEndian>) -> Result<()> {
        /// Behind the numbers that ELF gives to what is in no section, and those that it can't write in 16 bits.
        const FIRST: u64 = 1 << 16;
        const NOT_IN_MEMORY: u64 = FIRST - 1;
        let entry = symbol.elf_symbol();
        let index = entry.st_shndx.get(LE);
        let place = match symbol.section_index() {
            _ if [SHN_UNDEF, SHN_ABS, SHN_COMMON].contains(&index) => index.0.into(),
            Some(section) => self.0.get(&section).map_or(NOT_IN_MEMORY, |count| FIRST + count),
            None => NOT_IN_MEMORY,
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

    #[test]
    fn debug_information_and_its_directory_are_none_of_a_package() {
        let source = "static int one(void) { static int n; return n++; } static const char *word = \"x\"; int common;\n\
            int two(int a) { switch (a) { case 1: return one(); case 2: return word[0]; default: return common; } }";
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(digest_in(one.path(), source, &[]), digest_in(other.path(), source, &["-g"]));
        assert_eq!(digest_in(one.path(), source, &["-g", "-fcommon"]), digest_in(other.path(), source, &["-g3", "-fcommon"]));
    }
}
