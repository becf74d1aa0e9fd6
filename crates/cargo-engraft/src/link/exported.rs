//! What a host exports that does not export everything: a list for the linker, of all that plugins may need of its packages.
//!
//! What shared libraries need of a program (an allocator's `malloc`, for one) linkers export without being told.

use super::content::Members;
use super::libraries::Library;
use super::nodes::Nodes;
use super::origins::Origins;
use super::plan::{Facts, Treatment};
use super::{arguments, symbols};
use crate::place;
use anyhow::{Context, Result};
use engraft_manifest::Origin;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Writes the list; none if everything is exported.
pub fn write(
    libraries: &[Library],
    origins: &Origins,
    given: &[String],
    facts: &Facts,
    nodes: &Nodes,
    to: &Path,
) -> Result<Option<PathBuf>> {
    if !origins.each.contains(&Origin::Private) {
        return Ok(None);
    }
    let mut names: BTreeSet<String> = nodes.names().map(str::to_owned).collect();
    for (library, private) in origins.carried(libraries) {
        of_library(library, private, facts, &mut names).with_context(|| format!("failed to read the library {}", library.argument))?;
    }
    // The allocator's shim is an object beside the libraries.
    for path in given.iter().filter_map(|argument| match arguments::kind(argument) {
        arguments::Kind::Object(path) => Some(path),
        _ => None,
    }) {
        if let Ok(object) = std::fs::read(path) {
            visible(&object, symbols::is_allocator_symbol, &mut names)?;
        }
    }
    let path = to.join("exported.list");
    place::write_unseen(&path, script(&names))?;
    Ok(Some(path))
}

fn of_library(library: &Library, private: bool, facts: &Facts, names: &mut BTreeSet<String>) -> Result<()> {
    let archive = std::fs::read(&library.argument)?;
    let members = Members::of(&archive)?;
    // Whoever has the program's allocator, all allocate by it.
    let chosen = |name: &str| !private || symbols::is_allocator_symbol(name);
    let mut objects = members.rust;
    match facts.treatments.get(&library.argument) {
        // Of C code plugins reach what Rust declares.
        Some(Treatment::Split(split)) => names.extend(split.declared.iter().cloned()),
        _ => objects.extend(members.native),
    }
    objects.into_iter().try_for_each(|object| visible(&archive[object], chosen, names))
}

/// The names that an object defines and shows.
fn visible(object: &[u8], chosen: impl Fn(&str) -> bool, names: &mut BTreeSet<String>) -> Result<()> {
    let symbols = symbols::globals(object)?;
    // The allocator's are made visible for every link.
    let shown = symbols.iter().filter(|symbol| symbol.defined && (!symbol.hidden || symbols::is_allocator_symbol(symbol.name)));
    names.extend(shown.filter(|symbol| chosen(symbol.name)).map(|symbol| symbol.name.to_owned()));
    Ok(())
}

/// A list for `--dynamic-list`. Quoted names are no patterns; what can't stand between quotes, no Rust or C code calls anything.
fn script(names: &BTreeSet<String>) -> String {
    let mut script = "{\n".to_owned();
    for name in names.iter().filter(|name| !name.contains(['"', '\\', '\n'])) {
        let _ = writeln!(script, "  \"{name}\";");
    }
    script + "};\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_once_and_whole() {
        let names = ["_ZN3std2io5stdio6_print17h0123456789abcdefE", "x", "no\"name"].map(str::to_owned);
        assert_eq!(script(&BTreeSet::from(names)), "{\n  \"_ZN3std2io5stdio6_print17h0123456789abcdefE\";\n  \"x\";\n};\n");
    }
}
