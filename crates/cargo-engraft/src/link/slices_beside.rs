//! What stands beside packages (`rustc-link-arg`, `static:-bundle`) and has to do with slices.
//!
//! Of an archive a linker takes the objects that define what others need. A plugin's arguments name the archives of the packages that its
//! host has, too, of which it needs nothing. So what linkers do is done here before: the linked file doesn't show it, because linkers leave
//! out the elements of a slice that nothing in the file reads.

use super::content::Members;
use super::libraries::Library;
use super::slices::Slices;
use super::symbols;
use anyhow::{Context, Result};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// An archive or an object file, of which something is linked.
#[derive(Debug, PartialEq, Eq)]
pub struct Beside {
    /// Where it is.
    pub path: PathBuf,
    /// The names of the slices that it adds to.
    pub adds: BTreeSet<String>,
    /// The names of those that it reads.
    pub reads: BTreeSet<String>,
}

/// An object file in one of them.
#[derive(Debug)]
struct Object {
    file: usize,
    defines: Vec<String>,
    needs: Vec<String>,
    adds: BTreeSet<String>,
    reads: BTreeSet<String>,
    is_linked: bool,
}

/// What of these files is linked and has to do with slices, in a link with these arguments and libraries.
pub fn linked<'l>(files: &[PathBuf], given: &[String], libraries: impl Iterator<Item = &'l Library>) -> Result<Vec<Beside>> {
    let takes_all = given.iter().any(|argument| argument.contains("whole-archive"));
    let mut objects = Vec::new();
    for (index, path) in files.iter().enumerate() {
        read(index, path, takes_all, &mut objects).with_context(|| format!("failed to read {}", path.display()))?;
    }
    if objects.iter().all(|object| object.adds.is_empty() && object.reads.is_empty()) {
        return Ok(Vec::new());
    }
    // Whatever argument asks for a symbol, it names it.
    let mut needed: HashSet<String> = given.iter().flat_map(|argument| argument.split([',', '='])).map(str::to_owned).collect();
    for library in libraries {
        let bytes = std::fs::read(&library.argument).with_context(|| format!("failed to read the library {}", library.argument))?;
        let Members { rust, native, .. } = Members::of(Path::new(&library.argument), &bytes)?;
        for range in rust.into_iter().chain(native) {
            needed.extend(names(&bytes[range], false)?);
        }
    }
    take_needed(&mut objects, needed);
    let mut found: Vec<Beside> =
        files.iter().map(|path| Beside { path: path.clone(), adds: BTreeSet::new(), reads: BTreeSet::new() }).collect();
    for object in objects.into_iter().filter(|object| object.is_linked) {
        found[object.file].adds.extend(object.adds);
        found[object.file].reads.extend(object.reads);
    }
    found.retain(|file| !file.adds.is_empty() || !file.reads.is_empty());
    Ok(found)
}

/// Takes what defines something that is needed, until nothing more is.
fn take_needed(objects: &mut [Object], mut needed: HashSet<String>) {
    needed.extend(objects.iter().filter(|object| object.is_linked).flat_map(|object| object.needs.iter().cloned()));
    while let Some(object) = objects.iter_mut().find(|object| !object.is_linked && object.defines.iter().any(|name| needed.contains(name)))
    {
        object.is_linked = true;
        needed.extend(object.needs.iter().cloned());
    }
}

fn read(file: usize, path: &Path, takes_all: bool, objects: &mut Vec<Object>) -> Result<()> {
    let bytes = std::fs::read(path)?;
    let mut push = |object: &[u8], is_linked| -> Result<()> {
        let mut slices = Slices::default();
        slices.look(0, object, &symbols::globals(object)?)?;
        let (adds, reads) = slices.into_names();
        objects.push(Object { file, defines: names(object, true)?, needs: names(object, false)?, adds, reads, is_linked });
        Ok(())
    };
    // Linkers read more than is understood here: thin archives, scripts.
    match Members::of(path, &bytes) {
        Ok(Members { rust, native, .. }) => rust.into_iter().chain(native).try_for_each(|range| push(&bytes[range], takes_all)),
        Err(_) => push(&bytes, true),
    }
}

/// The symbols that an object file defines, or those that it needs.
fn names(object: &[u8], defined: bool) -> Result<Vec<String>> {
    let globals = symbols::globals(object)?.into_iter().filter(|symbol| symbol.defined == defined);
    Ok(globals.map(|symbol| symbol.name.to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_an_archive_are_linked_for_what_they_define() {
        let object = |defines: &str, needs: &str| {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
            let (adds, reads) = (BTreeSet::new(), BTreeSet::new());
            Object { file: 0, defines: words(defines), needs: words(needs), adds, reads, is_linked: defines == "main" }
        };
        let mut objects = [
            object("third", ""),
            object("other", "fourth"),
            object("first", "second x"),
            object("second", "third"),
            object("main", "first"),
        ];
        take_needed(&mut objects, HashSet::from(["asked".to_owned()]));
        assert_eq!(objects.map(|object| object.is_linked), [true, false, true, true, true]);
        let mut objects = [object("asked", ""), object("unasked", "asked")];
        take_needed(&mut objects, HashSet::from(["asked".to_owned()]));
        assert_eq!(objects.map(|object| object.is_linked), [true, false]);
    }
}
