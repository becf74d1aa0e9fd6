//! What a host exports that does not export everything: a list for the linker, of all that plugins may need of its packages.
//!
//! What is listed the linker keeps. So of packages that are there in part can only be listed what is there anyway, and that a first link
//! tells: it exports nothing of them, and what it has of them all the same is needed.
//!
//! What shared libraries need of a program (an allocator's `malloc`, for one) linkers export without being told.

use super::content::Members;
use super::libraries::Library;
use super::nodes::Nodes;
use super::origins::Origins;
use super::plan::{Facts, Treatment};
use super::{arguments, symbols};
use crate::place;
use anyhow::{Context, Result, bail};
use engraft_manifest::Origin;
use object::{Object, ObjectSymbol, SymbolScope};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What plugins may need.
#[derive(Debug, Default)]
pub struct Exported {
    /// It is exported, needed or not.
    whole: BTreeSet<String>,
    /// It is exported if it is linked.
    partial: BTreeSet<String>,
}

impl Exported {
    /// Gathers it; none if everything is exported.
    pub fn of(libraries: &[Library], origins: &Origins, given: &[String], facts: &Facts, nodes: &Nodes) -> Result<Option<Self>> {
        if origins.are_all_whole() {
            return Ok(None);
        }
        let mut found = Self::default();
        for (library, origin) in origins.carried(libraries) {
            let names = if origin == Origin::Partial { &mut found.partial } else { &mut found.whole };
            of_library(library, origin, facts, names).with_context(|| format!("failed to read the library {}", library.argument))?;
        }
        // Of C code that is not declared it is exported what is needed, as far as it can be: by these names.
        found.whole.extend(nodes.names().filter(|name| !found.partial.contains(*name)).map(str::to_owned));
        // The allocator's shim is an object beside the libraries.
        for path in given.iter().filter_map(|argument| match arguments::kind(argument) {
            arguments::Kind::Object(path) => Some(path),
            _ => None,
        }) {
            if let Ok(object) = std::fs::read(path) {
                visible(&object, symbols::is_allocator_symbol, &mut found.whole)?;
            }
        }
        Ok(Some(found))
    }

    /// Writes the list for the first link, in which nothing is there but what is needed.
    pub fn write(&self, to: &Path) -> Result<PathBuf> {
        write(&self.whole, to)
    }

    /// Writes the list for the second link: with what the first has of what is there in part.
    pub fn write_linked(mut self, linked: &Path, to: &Path) -> Result<PathBuf> {
        let read = || -> Result<BTreeSet<String>> {
            let bytes = std::fs::read(linked)?;
            let file = object::File::parse(&*bytes)?;
            if file.symbol_table().is_none() {
                bail!(
                    "the linker was told to leave out symbols, which tell what is needed\n\
                     help: instead of a linker's argument, use `strip = true` below the profile in Cargo.toml"
                );
            }
            let defined = file.symbols().filter(|symbol| !symbol.is_undefined() && symbol.scope() == SymbolScope::Dynamic);
            Ok(defined.filter_map(|symbol| symbol.name().ok().map(str::to_owned)).filter(|name| self.partial.contains(name)).collect())
        };
        let needed = read().with_context(|| format!("failed to read the symbols of {}", linked.display()))?;
        self.whole.extend(needed);
        write(&self.whole, to)
    }
}

fn write(names: &BTreeSet<String>, to: &Path) -> Result<PathBuf> {
    let path = to.join("exported.list");
    place::write_unseen(&path, script(names))?;
    Ok(path)
}

fn of_library(library: &Library, origin: Origin, facts: &Facts, names: &mut BTreeSet<String>) -> Result<()> {
    let archive = std::fs::read(&library.argument)?;
    let members = Members::of(Path::new(&library.argument), &archive)?;
    // Whoever has the program's allocator, all allocate by it.
    let chosen = |name: &str| origin != Origin::Private || symbols::is_allocator_symbol(name);
    let mut objects = members.rust;
    match facts.treatments.get(&library.argument) {
        // Of C code plugins reach what Rust declares.
        Some(Treatment::Split(split) | Treatment::Partial(Some(split))) => names.extend(split.declared.iter().cloned()),
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
