//! Symbols of object files: which an object defines, and how visible they are. Only their visibility and binding are ever changed, in copies.

use anyhow::{Context, Result};
use object::LittleEndian as LE;
use object::elf::{
    FileHeader64, SHN_COMMON, SHN_UNDEF, STB_GLOBAL, STB_GNU_UNIQUE, STB_WEAK, STT_FUNC, STT_NOTYPE, STV_DEFAULT, STV_HIDDEN, STV_INTERNAL,
    Sym64,
};
use object::read::elf::{FileHeader, SectionHeader, Sym, SymbolTable};

/// A global symbol of an object file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbol<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether the object defines it.
    pub defined: bool,
    /// Whether it is kept within the file that the object is linked into.
    pub hidden: bool,
    /// Whether another definition may stand for this one: weak, as C++'s inline functions are, or tentative, as C's `int x;`.
    pub weak: bool,
    /// Whether the loader would make it one for the whole process, by its name alone: so GCC marks C++'s variables in
    /// inline functions and templates.
    unique: bool,
    /// Where in the object file the bytes with its binding and with its visibility stand.
    info_at: usize,
}

/// The global symbols of an ELF object file; empty for anything that is not one (the metadata member of an rlib).
pub fn globals(object: &[u8]) -> Result<Vec<Symbol<'_>>> {
    let Some((table, start)) = table(object)? else { return Ok(Vec::new()) };
    let mut symbols = Vec::new();
    for (index, symbol) in table.enumerate() {
        if !matches!(symbol.st_bind(), STB_GLOBAL | STB_WEAK | STB_GNU_UNIQUE) {
            continue;
        }
        let name = symbol.name(LE, table.strings())?;
        let Ok(name) = std::str::from_utf8(name) else { continue };
        symbols.push(Symbol {
            name,
            defined: symbol.st_shndx(LE) != SHN_UNDEF,
            hidden: matches!(symbol.st_visibility(), STV_HIDDEN | STV_INTERNAL),
            weak: symbol.st_bind() != STB_GLOBAL || symbol.st_shndx(LE) == SHN_COMMON,
            unique: symbol.st_bind() == STB_GNU_UNIQUE,
            // st_name is four bytes, st_info one, then comes st_other (System V ABI, "Symbol Table").
            info_at: start + index.0 * size_of::<Sym64<LE>>() + 4,
        });
    }
    Ok(symbols)
}

/// The functions that an ELF object file defines, for itself too: all symbols of code, of which assembly may not say more. Empty for
/// anything else.
pub fn functions(object: &[u8]) -> Result<Vec<&str>> {
    let Some((table, _)) = table(object)? else { return Ok(Vec::new()) };
    let is_code = |symbol: &Sym64<LE>| matches!(symbol.st_type(), STT_FUNC | STT_NOTYPE) && symbol.st_shndx(LE) != SHN_UNDEF;
    let names = table.iter().filter(|symbol| is_code(symbol)).map(|symbol| symbol.name(LE, table.strings()));
    Ok(names.filter_map(|name| name.ok().and_then(|name| std::str::from_utf8(name).ok())).collect())
}

/// The symbol table of an ELF object file, and at which byte of the file it begins; none of anything else.
fn table(object: &[u8]) -> Result<Option<(SymbolTable<'_, FileHeader64<LE>>, usize)>> {
    if !object.starts_with(b"\x7fELF") {
        return Ok(None);
    }
    let header = FileHeader64::<LE>::parse(object).context("an object file is not 64-bit little-endian ELF")?;
    let sections = header.sections(LE, object)?;
    let table = sections.symbols(LE, object, object::elf::SHT_SYMTAB)?;
    let start = sections.section(table.section()).map_or(0, |section| section.sh_offset(LE) as usize);
    Ok(Some((table, start)))
}

/// Makes the chosen symbols visible to other files, wherever this object names them. True if that changed anything.
///
/// References count too: among all mentions of a symbol the most constraining visibility wins.
pub fn make_visible(object: &mut [u8], chosen: impl Fn(&str) -> bool) -> Result<bool> {
    let places: Vec<usize> =
        globals(object)?.iter().filter(|symbol| symbol.hidden && chosen(symbol.name)).map(|symbol| symbol.info_at).collect();
    for &place in &places {
        // The visibility is the low two bits.
        object[place + 1] = (object[place + 1] & !3) | STV_DEFAULT.0;
    }
    Ok(!places.is_empty())
}

/// Makes unique symbols weak, as `-fno-gnu-unique` would have: the loader pays no heed to the versions of unique ones.
pub fn make_unique_weak(object: &mut [u8]) -> Result<()> {
    let places: Vec<usize> = globals(object)?.iter().filter(|symbol| symbol.unique).map(|symbol| symbol.info_at).collect();
    for place in places {
        // The binding is the high four bits.
        object[place] = (object[place] & 0xf) | (STB_WEAK.0 << 4);
    }
    Ok(())
}

/// Whether a symbol is one of those by which std reaches the allocator: `__rust_alloc` and its siblings.
///
/// They stand in the shim that rustc makes for every link, or where `#[global_allocator]` is. The names
/// are mangled as if in a crate `__rustc` (`rustc_symbol_mangling::mangle_internal_symbol`).
#[must_use]
pub fn is_allocator_symbol(name: &str) -> bool {
    allocator_name(name).is_some()
}

/// The name without its mangling of a symbol by which std reaches the allocator. The error handler is none: std itself has it, in every
/// link.
#[must_use]
pub fn allocator_name(name: &str) -> Option<&str> {
    const NAMES: [&str; 4] = ["__rust_alloc", "__rust_dealloc", "__rust_realloc", "__rust_alloc_zeroed"];
    // In the v0 mangling a name's length stands before it, and an underscore where the name begins with one.
    let own = name.strip_prefix("_R").and_then(|path| path.rsplit_once("7___rustc"));
    let plain = own.map_or(Some(name), |(_, own)| own.trim_start_matches(|digit: char| digit.is_ascii_digit()).strip_prefix('_'))?;
    // Whose version rustc counts.
    (NAMES.contains(&plain) || plain.starts_with("__rust_no_alloc_shim_is_unstable")).then_some(plain)
}

/// Whether the object with these symbols holds the allocator that std reaches, or a part of it.
#[must_use]
pub fn define_allocator(globals: &[Symbol<'_>]) -> bool {
    globals.iter().any(|symbol| symbol.defined && is_allocator_symbol(symbol.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocators_are_told_from_what_is_called_alike() {
        for (name, plain) in [
            ("_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc", Some("__rust_alloc")),
            ("_RNvCsfLfy6EI15iL_7___rustc19___rust_alloc_zeroed", Some("__rust_alloc_zeroed")),
            ("_RNvCsfLfy6EI15iL_7___rustc35___rust_no_alloc_shim_is_unstable_v2", Some("__rust_no_alloc_shim_is_unstable_v2")),
            ("__rust_dealloc", Some("__rust_dealloc")),
            ("_RNvCsfLfy6EI15iL_7___rustc26___rust_alloc_error_handler", None),
            ("_RNvCsfLfy6EI15iL_7___rustc11___rdl_alloc", None),
            ("_RNvCsfLfy6EI15iL_3api12___rust_alloc", None),
            ("my__rust_alloc", None),
            ("_ZN3api12__rust_alloc17h0123456789abcdefE", None),
        ] {
            assert_eq!(allocator_name(name), plain, "{name}");
        }
    }
}
