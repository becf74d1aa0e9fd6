//! What a linked file says of itself.

use object::{Object, ObjectSection};
use std::path::Path;

/// Which linker made a file, as far as it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linker {
    /// LLVM's.
    Lld,
    /// Another that leaves its name.
    Other,
    /// None that leaves its name: GNU ld does not.
    Unnamed,
}

/// The linker of a file.
pub fn linker(path: &Path) -> Linker {
    let bytes = read(path);
    let file = parse(&bytes, path);
    let comment = file.section_by_name_bytes(b".comment").and_then(|section| section.data().ok()).unwrap_or_default();
    let has = |words: &[u8]| comment.windows(words.len()).any(|window| window == words);
    if has(b"Linker: LLD") {
        Linker::Lld
    } else if has(b"mold ") || has(b"wild ") || file.section_by_name(".note.gnu.gold-version").is_some() {
        Linker::Other
    } else {
        Linker::Unnamed
    }
}

/// Whether a file has symbols beside those that the loader needs.
pub fn has_symbol_table(path: &Path) -> bool {
    let bytes = read(path);
    parse(&bytes, path).symbol_table().is_some_and(|table| object::ObjectSymbolTable::symbols(&table).next().is_some())
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("failed to read {}: {error}", path.display()))
}

fn parse<'data>(bytes: &'data [u8], path: &Path) -> object::File<'data> {
    object::File::parse(bytes).unwrap_or_else(|error| panic!("{} is no object file: {error}", path.display()))
}
