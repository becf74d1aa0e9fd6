//! Takes the constructors and destructors of what a plugin brings out of the dynamic loader's hands.
//!
//! The loader runs all of them in each file that it maps. But two files that bring one package share its variables, so what its
//! constructors have made would be made again, over the first. Engraft's library runs them once, and so has to find them: in copies of
//! the object files their lists get sections of Engraft's own, and a table in the plugin says whose each is (`engraft::registration`).
//!
//! A file may bring less of a package than another: of C code only what is needed is linked. So what runs once is each object file's
//! list. A host's lists stay where they are, since no other file brings what the host has.

use super::content::Members;
use super::in_memory::hash_object;
use super::libraries::Library;
use super::{archive, sections};
use crate::place;
use crate::start::Incompatible;
use anyhow::{Context, Result};
use engraft_manifest::Key;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The lists of functions that a plugin brings.
#[derive(Debug, Default)]
pub struct Constructors(Vec<List>);

/// A list of functions: the sections of one name in one object file.
#[derive(Debug)]
pub struct List {
    /// What its section is called in the link.
    pub section: String,
    /// Which list it is: the same in every file that brings that object file.
    pub id: [u8; 16],
    /// The package that the object file belongs to.
    pub package: Key,
    /// What kind of list it is.
    pub kind: Kind,
    /// The package's place in the order of dependencies, and whether the object file is rustc's: those come after C code.
    place: (usize, bool),
}

/// When a list is called, and from which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// When the process exits, and not when the package comes into it.
    pub at_exit: bool,
    /// From the last function to the first.
    pub backwards: bool,
    /// Lists with a lower number are called before those with a higher one; at exit after them.
    priority: u32,
}

/// Whose object files are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    pub package: Key,
    /// Its place in the order of dependencies, from 1; what stands beside packages comes before them.
    pub place: usize,
}

impl Constructors {
    /// Copies of a library's members that have constructors, by where these stand in the library.
    pub fn take(&mut self, library: &Library, bytes: &[u8], place: usize) -> Result<HashMap<Range<usize>, Vec<u8>>> {
        if library.record.is_none() {
            // The toolchain's packages are the host's, but for runtimes that each file has for itself.
            return Ok(HashMap::new());
        }
        let owner = Owner { package: library.key, place };
        let Members { rust, native, .. } = Members::of(library.argument.as_ref(), bytes)?;
        let objects = native.into_iter().map(|range| (range, false)).chain(rust.into_iter().map(|range| (range, true)));
        let mut copies = HashMap::new();
        for (number, (range, is_rust)) in objects.enumerate() {
            let identity = || Ok([&library.hash.0[..], &number.to_le_bytes()].concat());
            if let Some(copy) =
                self.take_object(&bytes[range.clone()], owner, is_rust, identity).with_context(|| library.argument.clone())?
            {
                copies.insert(range, copy);
            }
        }
        Ok(copies)
    }

    /// A copy of an object file or an archive that stands beside packages; none if it has no constructors. All of it is linked for the
    /// plugin's own package.
    pub fn take_beside(&mut self, path: &Path, own: Key, directory: &Path) -> Result<Option<PathBuf>> {
        let owner = Owner { package: own, place: 0 };
        let mut take = || -> Result<Option<Vec<u8>>> {
            let bytes = std::fs::read(path)?;
            // Linkers read more than is understood here: thin archives, scripts.
            let Ok(Members { rust, native, .. }) = Members::of(path, &bytes) else {
                return self.take_object(&bytes, owner, false, || identity_of_content(&bytes));
            };
            let mut copies = HashMap::new();
            for range in native.into_iter().chain(rust) {
                let object = &bytes[range.clone()];
                if let Some(copy) = self.take_object(object, owner, false, || identity_of_content(object))? {
                    copies.insert(range, copy);
                }
            }
            if copies.is_empty() { Ok(None) } else { archive::replace(&bytes, copies).map(Some) }
        };
        let Some(copy) = take().with_context(|| format!("failed to read {}", path.display()))? else { return Ok(None) };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let to = directory.join(format!("beside.{}.{name}", self.0.len()));
        place::write_unseen(&to, copy)?;
        Ok(Some(to))
    }

    fn take_object(
        &mut self,
        object: &[u8],
        owner: Owner,
        is_rust: bool,
        identity: impl Fn() -> Result<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>> {
        // Several sections of one name are one list, and so is what the linker makes of them.
        let mut own: BTreeMap<&str, String> = BTreeMap::new();
        let mut names = Vec::new();
        for section in sections::allocated(object)? {
            if matches!(section.name, ".init" | ".fini") {
                return Err(Incompatible(fragment(section.name)).into());
            }
            let Some(kind) = Kind::of(section.name) else { continue };
            if !own.contains_key(section.name) {
                let id = blake3::hash(&[&identity()?[..], section.name.as_bytes()].concat());
                let (id, _) = id.as_bytes().split_first_chunk().context("a digest has 32 bytes")?;
                let list = List {
                    section: format!("engraft_list_{}", self.0.len()),
                    id: *id,
                    package: owner.package,
                    kind,
                    place: (owner.place, is_rust),
                };
                own.insert(section.name, list.section.clone());
                self.0.push(list);
            }
            names.push((section, own[section.name].clone()));
        }
        if names.is_empty() { Ok(None) } else { sections::rename(object, &names).map(Some) }
    }

    /// The lists in the order in which they are called, or are registered to be called at exit: that is all of these first, so that
    /// what constructors register themselves is called before.
    #[must_use]
    pub fn in_order(mut self) -> Vec<List> {
        self.0.sort_by_key(|list| (!list.kind.at_exit, list.place.0, list.kind.priority, list.place.1));
        self.0
    }
}

/// What an object file is to every plugin that is linked with it, wherever it was compiled.
fn identity_of_content(object: &[u8]) -> Result<Vec<u8>> {
    let mut hasher = blake3::Hasher::new();
    hash_object(&mut hasher, object)?;
    Ok(hasher.finalize().as_bytes().to_vec())
}

fn fragment(section: &str) -> String {
    format!(
        "an object file has code in the section `{section}`, which the dynamic loader would run in every file that brings it\n\
         help: make a function of it, and have the compiler list that (`__attribute__((constructor))`, `destructor`)"
    )
}

impl Kind {
    /// The kind of list that a section of this name is (System V ABI, "Special Sections"; `.ctors` and `.dtors` are GCC's older ones). A
    /// number behind the name is a priority.
    fn of(section: &str) -> Option<Self> {
        const UNNUMBERED: u32 = 1 << 16;
        let (name, number) = match section.strip_prefix('.')?.split_once('.') {
            Some((name, number)) => (name, number.parse::<u16>().map_or(UNNUMBERED, u32::from)),
            None => (&section[1..], UNNUMBERED),
        };
        // GCC counts these down, and has them called from their end.
        let older = if number == UNNUMBERED { UNNUMBERED } else { u32::from(u16::MAX) - number };
        let (at_exit, backwards, priority) = match name {
            "preinit_array" => (false, false, 0),
            "init_array" => (false, false, 1 + number),
            "ctors" => (false, true, 1 + older),
            "fini_array" => (true, true, 1 + number),
            "dtors" => (true, false, 1 + older),
            _ => return None,
        };
        Some(Self { at_exit, backwards, priority })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_known_by_the_names_of_their_sections() {
        let of = |name| Kind::of(name).map(|kind| (kind.at_exit, kind.backwards, kind.priority));
        for (name, expected) in [
            (".preinit_array", Some((false, false, 0))),
            (".init_array", Some((false, false, 65537))),
            (".init_array.00099", Some((false, false, 100))),
            (".init_array.x", Some((false, false, 65537))),
            (".ctors", Some((false, true, 65537))),
            (".ctors.65436", Some((false, true, 100))),
            (".fini_array", Some((true, true, 65537))),
            (".fini_array.101", Some((true, true, 102))),
            (".dtors.65434", Some((true, false, 102))),
            ("init_array", None),
            (".init_arrays", None),
            (".text.init_array", None),
            (".rela.init_array", None),
            ("", None),
        ] {
            assert_eq!(of(name), expected, "{name}");
        }
    }

    #[test]
    fn lists_are_in_order_of_dependencies_then_priority() {
        let list = |section: &str, name: &str, place, is_rust| List {
            section: section.to_owned(),
            id: [0; 16],
            package: Key([0; 16]),
            kind: Kind::of(name).unwrap(),
            place: (place, is_rust),
        };
        let lists = Constructors(vec![
            list("g", ".init_array.1", 2, false),
            list("f", ".init_array", 1, true),
            list("e", ".init_array", 1, false),
            list("d", ".init_array.9", 1, true),
            list("c", ".preinit_array", 1, false),
            list("b", ".fini_array", 2, false),
            list("a", ".fini_array.7", 2, true),
        ]);
        let order: String = lists.in_order().into_iter().map(|list| list.section).collect();
        assert_eq!(order, "abcdefg");
    }
}
