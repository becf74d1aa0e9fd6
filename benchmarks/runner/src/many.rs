//! Creates thousands of plugins from one, because linking that many takes longer than measuring them.
//!
//! Each plugin equals the result of linking a renamed package. It has its own package name in symbols and texts, its own key and hash
//! in the record, its own symbol hash table, and its own seal. All names have the same length, so that no offset changes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use engraft_manifest::{Hash, Key, Manifest, find_note, seal};

use crate::symbol_table::SymbolTable;

/// The letters that change in the names of crate, package and file.
const LETTERS: &str = "aaaaaa";
/// The text before these letters in each name.
const BEFORE: [&str; 2] = ["many_", "many-"];

/// Writes a number of plugins into a directory, created from the file of the plugin `many-aaaaaa`.
pub(crate) fn make(template: &Path, directory: &Path, count: usize) -> Result<Vec<PathBuf>> {
    let file = std::fs::read(template).with_context(|| format!("failed to read {}", template.display()))?;
    let table = SymbolTable::of(&file).with_context(|| format!("failed to read the symbols of {}", template.display()))?;
    std::fs::create_dir_all(directory).with_context(|| format!("failed to make {}", directory.display()))?;
    let fitting = (1..).map(letters).filter(|letters| table.has_room_for(|name| renamed(name, letters)));
    fitting
        .take(count)
        .map(|letters| {
            let path = directory.join(format!("many-{letters}.so"));
            let bytes = copy(&file, &table, &letters).with_context(|| format!("failed to make {}", path.display()))?;
            std::fs::write(&path, bytes).with_context(|| format!("failed to write {}", path.display()))?;
            Ok(path)
        })
        .collect()
}

/// Creates one plugin.
fn copy(file: &[u8], table: &SymbolTable, letters: &str) -> Result<Vec<u8>> {
    let mut copy = renamed(file, letters);
    table.rewrite(&mut copy, |name| renamed(name, letters));
    let note = find_note(&copy, copy.len() as u64).map_err(|found| anyhow!("it is {found}"))?;
    let range = note.record_range.start as usize..note.record_range.end as usize;
    let mut manifest = Manifest::decode(note.record)?;
    let name = format!("many-{letters}");
    let own =
        manifest.packages.iter_mut().find(|package| package.name == name).context("the record does not have the plugin's own package")?;
    own.key = Key(digest(own.key.0, letters));
    own.hash = Hash(digest(own.hash.0, letters));
    let record = manifest.encode();
    ensure!(record.len() == range.len(), "its record would have another length");
    copy[range].copy_from_slice(&record);
    seal(&mut copy).map_err(|found| anyhow!("it is {found}"))?;
    Ok(copy)
}

/// A different digest for each name.
fn digest<const N: usize>(mut of: [u8; N], letters: &str) -> [u8; N] {
    of.iter_mut().zip(letters.bytes()).for_each(|(byte, letter)| *byte ^= letter);
    of
}

/// Replaces the letters in all names.
fn renamed(bytes: &[u8], letters: &str) -> Vec<u8> {
    let mut renamed = bytes.to_vec();
    for before in BEFORE {
        let name = format!("{before}{LETTERS}");
        let mut at = 0;
        while let Some(found) = find(&renamed[at..], name.as_bytes()) {
            at += found + name.len();
            renamed[at - LETTERS.len()..at].copy_from_slice(letters.as_bytes());
        }
    }
    renamed
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

/// The letters for a number, padded to a fixed length.
fn letters(mut number: usize) -> String {
    let mut letters = [b'a'; LETTERS.len()];
    for letter in letters.iter_mut().rev() {
        *letter += (number % 26) as u8;
        number /= 26;
    }
    letters.iter().map(|&letter| char::from(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_unique_letters() {
        for (number, expected) in [(0, "aaaaaa"), (25, "aaaaaz"), (26, "aaaaba"), (26 * 26 + 1, "aaabab")] {
            assert_eq!(letters(number), expected);
        }
    }

    #[test]
    fn all_occurrences_of_names_are_replaced() {
        assert_eq!(renamed(b"11many_aaaaaa7\0many-aaaaaa.so aaaaaa", "xyzxyz"), b"11many_xyzxyz7\0many-xyzxyz.so aaaaaa");
    }
}
