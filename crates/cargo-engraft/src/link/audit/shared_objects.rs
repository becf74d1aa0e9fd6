//! Shared objects that hold Rust packages: rustc links them for `crate-type = ["dylib"]` and `-C prefer-dynamic`, and no manifest has them.

use crate::link::undefined;
use anyhow::{Context, Result};
use object::read::ReadCache;
use object::{Object, ObjectSection};
use std::fs::File;
use std::path::Path;

/// The section of compiled metadata in a Rust shared object (`rustc_codegen_ssa::back::metadata`).
const METADATA: &str = ".rustc";

/// Libraries that the C compiler links into every file. Nobody has to look for them.
const OF_THE_SYSTEM: [&str; 8] = ["libc.so", "libm.so", "libgcc_s.so", "libdl.so", "libpthread.so", "librt.so", "libutil.so", "ld-linux-"];

/// The first of these libraries that holds Rust packages. They are looked for where the linker found them.
pub fn first_of_rust<'l>(libraries: &'l [String], linker: &Path, arguments: &[String]) -> Result<Option<&'l str>> {
    let of_others = libraries.iter().filter(|library| !OF_THE_SYSTEM.iter().any(|system| library.starts_with(system)));
    for library in of_others {
        let path = if library.contains('/') { Some(library.into()) } else { undefined::locate(library, linker, arguments) };
        if let Some(path) = path.filter(|path| path.is_file())
            && has_metadata(&path).with_context(|| format!("failed to read the sections of {}", path.display()))?
        {
            return Ok(Some(library));
        }
    }
    Ok(None)
}

/// Whether a file is a Rust shared object. What is no ELF file, such as a linker's script, is none.
fn has_metadata(path: &Path) -> Result<bool> {
    let cache = ReadCache::new(File::open(path)?);
    let Ok(file) = object::File::parse(&cache) else { return Ok(false) };
    Ok(file.section_by_name(METADATA).is_some_and(|section| section.size() > 0))
}
