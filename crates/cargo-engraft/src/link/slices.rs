//! Slices that linkers make: sections of one name, whose ends code finds by `__start_NAME` and `__stop_NAME`, as `linkme` does.
//!
//! A linker makes them file by file. What a plugin adds to a slice that its host reads is in no slice that anybody reads, and what a plugin
//! reads has nothing of what the host's packages add. Both would be silent, so both are refused. Of packages that only plugins have, the
//! first plugin to bring the reader has the slice; `engraft_manifest::judge` refuses a later one that would add to it.
//!
//! Archives and objects beside packages count too ([`super::slices_beside`]).

use super::content::Members;
use super::libraries::Library;
use super::origins::Origins;
use super::request::LinkRequest;
use super::sections;
use super::slices_beside::Beside;
use super::symbols::{self, Symbol};
use crate::start::Incompatible;
use anyhow::{Context, Result};
use engraft_manifest::{Key, Origin};
use object::{Object, ObjectSection, ObjectSymbol};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

/// The names of slices, each with the packages that add to it or read it, as indices of libraries.
type Users = BTreeMap<String, BTreeSet<usize>>;

/// Who uses which slices.
#[derive(Debug, Default)]
pub struct Slices {
    adds: Users,
    reads: Users,
    /// What files beside packages have of slices.
    pub beside: Vec<Beside>,
}

impl Slices {
    /// Looks into an object file of a library. `globals` are its symbols.
    pub fn look(&mut self, library: usize, object: &[u8], globals: &[Symbol<'_>]) -> Result<()> {
        for section in sections::allocated(object)?.into_iter().filter(|section| is_slice(section.name)) {
            add(&mut self.adds, section.name, library);
        }
        for symbol in globals.iter().filter(|symbol| !symbol.defined) {
            let name = symbol.name.strip_prefix("__start_").or_else(|| symbol.name.strip_prefix("__stop_"));
            if let Some(name) = name.filter(|name| is_slice(name)) {
                add(&mut self.reads, name, library);
            }
        }
        Ok(())
    }

    /// Refuses a plugin of which, and of whose host, both have packages that add to a slice or read it. `self` knows what is carried.
    pub fn check(&self, request: &LinkRequest, libraries: &[Library], origins: &Origins) -> Result<()> {
        if self.adds.is_empty() && self.reads.is_empty() && self.beside.is_empty() {
            return Ok(());
        }
        let hosted = Self::of_hosts(libraries, origins)?;
        let of = |users: &Users, name: &str| users.get(name).map(|users| libraries_of(libraries, users));
        let mut faults = Vec::new();
        for (name, adding) in &self.adds {
            if let Some(readers) = of(&hosted.reads, name) {
                let elements = adding.iter().map(|&index| elements(&libraries[index], name)).collect::<Result<Vec<_>>>()?;
                faults.push(format!(
                    "  {name}\n    read by {readers}, which the host has\n    the plugin would add: {}",
                    elements.concat().join(", ")
                ));
            }
        }
        for (name, reading) in self.reads.iter().filter(|(name, _)| !hosted.reads.contains_key(*name)) {
            if let Some(adding) = of(&hosted.adds, name) {
                let readers = libraries_of(libraries, reading);
                faults.push(format!(
                    "  {name}\n    read by {readers}, which the plugin brings along\n    the host has the elements of {adding}"
                ));
            }
        }
        for Beside { path, adds, reads } in &self.beside {
            let path = path.display();
            for (name, readers) in adds.iter().filter_map(|name| Some((name, of(&hosted.reads, name)?))) {
                faults.push(format!("  {name}\n    read by {readers}, which the host has\n    the plugin would add: an element of {path}"));
            }
            let of_hosts = reads.iter().filter(|name| !hosted.reads.contains_key(*name));
            for (name, adding) in of_hosts.filter_map(|name| Some((name, of(&hosted.adds, name)?))) {
                faults.push(format!(
                    "  {name}\n    read by {path}, with which the plugin is linked\n    the host has the elements of {adding}"
                ));
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Incompatible(format!(
            "the plugin `{}` and its host would each have a part of one slice: linkers make slices file by file\n{}\n\
             help: register elements when the plugin opens: with `#[engraft::init]`, or the crates `inventory` or `ctor`; or keep all of \
             the slice in one file",
            request.name,
            faults.join("\n"),
        ))
        .into())
    }

    fn of_hosts(libraries: &[Library], origins: &Origins) -> Result<Self> {
        let mut hosted = Self::default();
        for (index, library) in libraries.iter().enumerate() {
            if origins.each[index] == Origin::Hosted && library.record.is_some() {
                hosted.look_into(index, library)?;
            }
        }
        Ok(hosted)
    }

    /// Of packages that the plugin brings: of one that reads a slice, and one that adds to it. Whoever brings the reader first has the slice.
    ///
    /// What files beside packages add, the plugin's own package adds, whose key is `own`.
    #[must_use]
    pub fn within(&self, libraries: &[Library], own: Key) -> Vec<(Key, Key)> {
        let key = |index: &usize| libraries[*index].key;
        let both = self.reads.iter().filter_map(|(name, reading)| Some((reading, self.adds.get(name)?)));
        let pairs =
            both.flat_map(|(reading, adding)| reading.iter().flat_map(move |reads| adding.iter().map(move |adds| (key(reads), key(adds)))));
        let reading = self.beside.iter().flat_map(|beside| &beside.adds).filter_map(|name| self.reads.get(name)).flatten();
        pairs.chain(reading.map(|reads| (key(reads), own))).filter(|(reads, adds)| reads != adds).collect()
    }

    /// The names of the slices that were seen: those that something adds to, and those that something reads.
    #[must_use]
    pub fn into_names(self) -> (BTreeSet<String>, BTreeSet<String>) {
        (self.adds.into_keys().collect(), self.reads.into_keys().collect())
    }

    fn look_into(&mut self, index: usize, library: &Library) -> Result<()> {
        let mut look = || -> Result<()> {
            let bytes = std::fs::read(&library.argument)?;
            let Members { rust, native, .. } = Members::of(Path::new(&library.argument), &bytes)?;
            rust.into_iter().chain(native).try_for_each(|range| {
                let object = &bytes[range];
                self.look(index, object, &symbols::globals(object)?)
            })
        };
        look().with_context(|| format!("failed to read the library {}", library.argument))
    }
}

fn add(users: &mut Users, name: &str, library: usize) {
    users.entry(name.to_owned()).or_default().insert(library);
}

/// Whether a section of this name is a slice that packages share. Linkers define the ends of sections whose names are identifiers of C.
/// Engraft has its own in each file, and so have compilers: C leaves them names that begin with two underscores, and the runtimes of
/// sanitizers register each file by itself.
fn is_slice(name: &str) -> bool {
    let is_identifier =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with(|first: char| first.is_ascii_digit());
    is_identifier && !name.is_empty() && !["__", "engraft_", "asan_", "hwasan_"].iter().any(|start| name.starts_with(start))
}

fn libraries_of(libraries: &[Library], users: &BTreeSet<usize>) -> String {
    users.iter().map(|&index| format!("`{}`", libraries[index].label())).collect::<Vec<_>>().join(", ")
}

/// What a library adds to a slice, as people call it.
fn elements(library: &Library, section: &str) -> Result<Vec<String>> {
    let bytes = std::fs::read(&library.argument)?;
    let Members { rust, native, .. } = Members::of(Path::new(&library.argument), &bytes)?;
    let mut found = Vec::new();
    for range in rust.into_iter().chain(native) {
        let file = object::File::parse(&bytes[range])?;
        let own: HashSet<_> = file.sections().filter(|own| own.name() == Ok(section)).map(|own| own.index()).collect();
        let symbols = file.symbols().filter(|symbol| symbol.section_index().is_some_and(|index| own.contains(&index)));
        let named = symbols.filter_map(|symbol| symbol.name().ok()).filter(|name| !name.is_empty() && *name != section);
        found.extend(named.map(|name| format!("`{:#}` of `{}`", rustc_demangle::demangle(name), library.label())));
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        found.push(format!("an element of `{}`", library.label()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_sections_that_packages_name() {
        for name in ["linkme_COMMANDS", "linkm2_COMMANDS", "registry", "_x1"] {
            assert!(is_slice(name), "{name}");
        }
        for name in [".init_array", "", "1st", "a.b", "engraft_exports", "__llvm_prf_cnts", "__sancov_guards", "asan_globals"] {
            assert!(!is_slice(name), "{name}");
        }
    }
}
