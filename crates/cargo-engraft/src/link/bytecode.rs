//! C objects that were compiled for link-time optimization (`-flto`).
//!
//! Such an object holds the compiler's own bytecode, of which code is made at each link: each file would have code of its own, and
//! the symbols of the object are not in its symbol table, so that Engraft could neither export nor compare them. Some have
//! machine code beside the bytecode (`-ffat-lto-objects`): then that is hashed, and linked.

use super::content::Members;
use super::in_memory::is_bytecode;
use super::libraries::Library;
use super::native::has_native_member;
use super::symbols;
use crate::start::Incompatible;
use anyhow::{Context, Result};
use object::read::elf::ElfFile64;
use object::{LittleEndian, Object, ObjectSection};
use std::path::Path;

/// Has the C compiler that links use the machine code of objects that have both.
pub const USE_MACHINE_CODE: &str = "-fno-lto";

/// What GCC defines in objects that have no machine code (`lto-plugin.c`).
const WITHOUT_CODE: &str = "__gnu_lto_slim";

/// How LLVM's bitcode begins, and with a header of its own (LLVM Bitcode File Format, "Magic Numbers" and "Wrapper Magic").
const BITCODE: [&[u8]; 2] = [b"BC\xc0\xde", b"\xde\xc0\x17\x0b"];

/// Where an object has bytecode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bytecode {
    None,
    /// Beside machine code.
    Beside,
    /// In place of machine code.
    Alone,
}

/// Whether C objects of a library have bytecode beside machine code.
///
/// # Errors
///
/// Some have bytecode alone.
pub fn is_beside_code(library: &Library) -> Result<bool> {
    let path = Path::new(&library.argument);
    if library.record.is_none() || !has_native_member(path)? {
        return Ok(false);
    }
    let read = || -> Result<Bytecode> {
        let archive = std::fs::read(path)?;
        let mut most = Bytecode::None;
        for range in Members::of(path, &archive)?.native {
            most = most.max(of_object(&archive[range])?);
        }
        Ok(most)
    };
    match read().with_context(|| format!("failed to read the library {}", path.display()))? {
        Bytecode::None => Ok(false),
        Bytecode::Beside => Ok(true),
        Bytecode::Alone => Err(Incompatible(format!(
            "the C code of `{}` was compiled for link-time optimization (`-flto`), to no machine code that host and plugins could share\n\
             help: compile it without: `CFLAGS=-fno-lto CXXFLAGS=-fno-lto cargo engraft build`",
            library.label(),
        ))
        .into()),
    }
}

fn of_object(object: &[u8]) -> Result<Bytecode> {
    if BITCODE.iter().any(|magic| object.starts_with(magic)) {
        return Ok(Bytecode::Alone);
    }
    let Ok(file) = ElfFile64::<LittleEndian>::parse(object) else { return Ok(Bytecode::None) };
    if symbols::globals(object)?.iter().any(|symbol| symbol.name == WITHOUT_CODE) {
        return Ok(Bytecode::Alone);
    }
    let has_some = file.sections().any(|section| section.name_bytes().is_ok_and(is_bytecode));
    Ok(if has_some { Bytecode::Beside } else { Bytecode::None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn compiled(source: &str, flags: &[&str]) -> Bytecode {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("code.c"), source).unwrap();
        let mut cc = Command::new("cc");
        assert!(cc.args(["-c", "code.c", "-o", "code.o"]).args(flags).current_dir(&directory).status().unwrap().success());
        of_object(&std::fs::read(directory.path().join("code.o")).unwrap()).unwrap()
    }

    #[test]
    fn bytecode_is_found() {
        // An object may well have no code because its source has none.
        for source in ["int next(void) { static int n; return ++n; }", ""] {
            assert_eq!(compiled(source, &[]), Bytecode::None);
            assert_eq!(compiled(source, &["-flto", "-ffat-lto-objects", "-g"]), Bytecode::Beside);
            assert_eq!(compiled(source, &["-flto", "-fno-fat-lto-objects"]), Bytecode::Alone);
        }
        for object in [&b"BC\xc0\xde5\x14"[..], b"\xde\xc0\x17\x0b\0\0\0\0"] {
            assert_eq!(of_object(object).unwrap(), Bytecode::Alone);
        }
        assert_eq!(of_object(b"INPUT(other.o)").unwrap(), Bytecode::None);
    }
}
