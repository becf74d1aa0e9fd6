//! How the linker lays files out so that opening a plugin waits for the fewest pages.
//!
//! - In a host, the functions that opening takes come first, side by side. The first open of a process touches them all for the first
//!   time. The system maps sixteen pages at each fault, and where linkers leave them, some hundred functions of six packages, nearly each
//!   is a fault of its own.
//! - A plugin's constants are mapped together with its code, as linkers did before they could keep them apart: one mapping less, and both
//!   are there at once.
//!
//! Only lld can be told so; by other linkers files are the same otherwise.

use super::content::Members;
use super::libraries::{Library, with_dependencies};
use super::{linker, symbols};
use crate::place;
use anyhow::{Context, Result};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The functions, as [`plain`] calls them, in their order. Which they are, `tests/tool/instructions.rs` finds out.
const LISTED: &str = include_str!("open_path.txt");

/// The option to which the list is given.
const OPTION: &str = "--symbol-ordering-file";

/// Has lld accept that it is not told of everything that the list has.
const UNWARNED: &str = "--no-warn-symbol-ordering";

/// Has lld map constants together with code.
const TOGETHER: &str = "--no-rosegment";

/// The arguments that tell a linker the order of a host's functions, which is written to a directory; none for one that can't be told.
pub fn of_host(libraries: &[Library], directory: &Path, linker: &Path, given: &[String]) -> Result<Vec<String>> {
    if !linker::knows(linker, given, UNWARNED)? {
        return Ok(Vec::new());
    }
    let path = order(libraries, directory)?;
    // The path is a word of its own, as every input that [`super::save`] copies.
    let words = ["-Xlinker", UNWARNED, "-Xlinker", OPTION, "-Xlinker"].map(str::to_owned);
    Ok(words.into_iter().chain([path.display().to_string()]).collect())
}

/// The arguments that have a linker map a plugin as one; none for one that can't be told.
pub fn of_plugin(linker: &Path, given: &[String]) -> Result<Vec<String>> {
    let known = linker::knows(linker, given, TOGETHER)?;
    Ok(if known { ["-Xlinker", TOGETHER].map(str::to_owned).to_vec() } else { Vec::new() })
}

fn order(libraries: &[Library], directory: &Path) -> Result<PathBuf> {
    let ranks: HashMap<&str, usize> = listed().enumerate().map(|(rank, name)| (name, rank)).collect();
    let mut ordered = BTreeSet::new();
    for library in of_opening(libraries) {
        let archive = std::fs::read(&library.argument)?;
        let mut collect = || -> Result<()> {
            let members = Members::of(Path::new(&library.argument), &archive)?;
            for object in members.rust.into_iter().chain(members.native) {
                for symbol in symbols::functions(&archive[object])? {
                    let rank = ranks.get(&*plain(&format!("{:#}", rustc_demangle::demangle(symbol))));
                    ordered.extend(rank.map(|rank| (*rank, symbol.to_owned())));
                }
            }
            Ok(())
        };
        collect().with_context(|| format!("failed to read the library {}", library.argument))?;
    }
    let path = directory.join("order.txt");
    place::write_unseen(&path, ordered.into_iter().map(|(_, symbol)| symbol + "\n").collect::<String>())?;
    Ok(path)
}

fn listed() -> impl Iterator<Item = &'static str> {
    LISTED.lines().filter(|line| !line.starts_with('#'))
}

/// The libraries that `engraft` consists of: its own, all that it depends on, and the toolchain's.
fn of_opening(libraries: &[Library]) -> impl Iterator<Item = &Library> {
    let is_needed = with_dependencies(libraries, |library| library.is_engraft() || library.record.is_none());
    libraries.iter().zip(is_needed).filter(|(_, is_needed)| *is_needed).map(|(library, _)| library)
}

/// The name of a function without what its mangling decides: hashes, the arguments of generic code, which the legacy mangling does not
/// have, and how an `impl` is written.
#[must_use]
pub fn plain(demangled: &str) -> String {
    if demangled.starts_with("core::ptr::drop_in_place") {
        // Every library has many, and only by their arguments they differ.
        return demangled.replace("::<", "<");
    }
    let (mut plain, mut depth, mut before) = (String::new(), 0, ' ');
    for character in demangled.chars() {
        match character {
            '<' if depth > 0 || plain.ends_with(|end: char| end.is_alphanumeric() || "_:".contains(end)) => depth += 1,
            '>' if before != '-' && depth > 0 => {
                depth -= 1;
                plain.truncate(plain.trim_end_matches("::").len());
            }
            // Of an `impl`, or around what has no name.
            '<' | '>' | '{' | '}' => {}
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
        before = character;
    }
    match plain.find('#') {
        // The number of a closure.
        Some(at) => plain[..at].to_owned() + plain[at + 1..].trim_start_matches(|digit: char| digit.is_ascii_digit()),
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::super::libraries::tests::library;
    use super::*;

    #[test]
    fn a_function_has_one_name_by_either_mangling() {
        for (legacy, v0, expected) in [
            ("engraft::open::open", "engraft::open::open", "engraft::open::open"),
            ("engraft::candidate::Candidate::find", "<engraft::candidate::Candidate>::find", "engraft::candidate::Candidate::find"),
            (
                "engraft::stages::Stages<P,F>::begin",
                "<engraft::stages::Stages<engraft::plugin::Plugin, fn(&str) -> u8>>::begin",
                "engraft::stages::Stages::begin",
            ),
            (
                "<engraft::stages::Opening<P,F> as core::ops::drop::Drop>::drop",
                "<engraft::stages::Opening<engraft::plugin::Plugin, u8> as core::ops::drop::Drop>::drop",
                "engraft::stages::Opening as core::ops::drop::Drop::drop",
            ),
            ("engraft::timings::step", "engraft::timings::step::<(), engraft::open::map::{closure#1}>", "engraft::timings::step"),
            ("std::sync::Once::call::{{closure}}", "<std::sync::Once>::call::<u8>::{closure#12}", "std::sync::Once::call::closure"),
            (
                "core::ptr::drop_in_place<engraft::process::Claim>",
                "core::ptr::drop_in_place::<engraft::process::Claim>",
                "core::ptr::drop_in_place<engraft::process::Claim>",
            ),
            ("blake3_hash_many_avx512", "blake3_hash_many_avx512", "blake3_hash_many_avx512"),
        ] {
            assert_eq!((plain(legacy), plain(v0)), (expected.to_owned(), expected.to_owned()));
        }
    }

    #[test]
    fn what_is_listed_can_be_found() {
        let names: BTreeSet<&str> = listed().collect();
        assert_eq!(names.len(), listed().count(), "a function is listed twice");
        assert!(names.iter().all(|name| plain(name) == **name));
    }

    #[test]
    fn only_libraries_of_opening_are_looked_at() {
        let libraries = [
            library("std", "", &[]),
            library("a", "1.0.0", &[]),
            library("b", "1.0.0", &[1]),
            library("c", "1.0.0", &[2]),
            library("engraft", "0.1.0", &[2]),
        ];
        let names: Vec<_> = of_opening(&libraries).map(|library| &*library.crate_name).collect();
        assert_eq!(names, ["std", "a", "b", "engraft"]);
    }
}
