//! The Rust libraries of a link: each rlib with the record of its package.

use super::content::package_hash;
use super::request::LinkRequest;
use crate::rustc::key::key;
use crate::rustc::record::PackageRecord;
use crate::size::crate_name;
use anyhow::{Context, Result, bail};
use engraft_manifest::{Hash, Key};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One rlib among the linker's arguments, and what is known of it.
#[derive(Debug, Clone)]
pub struct Library {
    /// As it stands in the arguments.
    pub argument: String,
    /// The crate's name.
    pub crate_name: String,
    /// What type identity is made from.
    pub key: Key,
    /// What was compiled.
    pub hash: Hash,
    /// rustc's number for it, where another library has its name and its objects are named by the number.
    pub crate_id: Option<u64>,
    /// cargo's record; none for the toolchain's own libraries.
    pub record: Option<PackageRecord>,
    /// The libraries it depends on, as indices into the same list. Empty for the toolchain's own.
    pub dependencies: Vec<usize>,
}

impl Library {
    /// `compiler_builtins` is linked as always: its symbols are hidden, and every file has those it needs.
    #[must_use]
    pub fn is_compiler_builtins(&self) -> bool {
        self.record.is_none() && self.crate_name == "compiler_builtins"
    }

    /// Whether only std's backtraces use this: it is one of the toolchain's packages that std's interface has nothing of, neither types
    /// nor generic code.
    #[must_use]
    pub fn is_of_backtraces(&self) -> bool {
        const NAMES: [&str; 6] = ["addr2line", "gimli", "object", "miniz_oxide", "adler2", "rustc_demangle"];
        self.record.is_none() && NAMES.contains(&self.crate_name.as_str())
    }

    /// Whether this is the library `engraft`.
    #[must_use]
    pub fn is_engraft(&self) -> bool {
        self.record.as_ref().is_some_and(PackageRecord::is_engraft)
    }

    /// How it is called in what people read.
    #[must_use]
    pub fn label(&self) -> String {
        self.record.as_ref().map_or_else(|| self.crate_name.clone(), |record| format!("{} {}", record.name, record.version))
    }

    /// Whether this is a package of this name, or of this name and version (`rand@0.9.1`).
    #[must_use]
    pub fn is_named(&self, spec: &str) -> bool {
        let (name, version) = spec.split_once('@').map_or((spec, None), |(name, version)| (name, Some(version)));
        self.record.as_ref().is_some_and(|record| record.name == name && version.is_none_or(|version| record.version == version))
    }

    /// Whether this is the library that cargo wrote to a path, under any of its extensions.
    #[must_use]
    pub fn is_of(&self, path: &Path) -> bool {
        self.record.as_ref().is_some_and(|record| record.library.with_extension("") == path.with_extension(""))
    }
}

/// Which libraries these are and depend on, directly or not: whether so, for each.
pub fn with_dependencies(libraries: &[Library], roots: impl Fn(&Library) -> bool) -> Vec<bool> {
    let mut reached = vec![false; libraries.len()];
    let mut left: Vec<usize> = (0..libraries.len()).filter(|&index| roots(&libraries[index])).collect();
    while let Some(index) = left.pop() {
        if !std::mem::replace(&mut reached[index], true) {
            left.extend(&libraries[index].dependencies);
        }
    }
    reached
}

/// Identifies every rlib of a link, in the order of the arguments.
pub fn identify(request: &LinkRequest, arguments: &[String]) -> Result<Vec<Library>> {
    let mut libraries = Vec::new();
    for argument in arguments {
        if let super::arguments::Kind::Library(path) = super::arguments::kind(argument) {
            libraries.push(identify_one(request, argument, path)?);
        }
    }
    let index: HashMap<PathBuf, usize> = libraries
        .iter()
        .enumerate()
        .filter_map(|(index, library)| Some((library.record.as_ref()?.library.with_extension(""), index)))
        .collect();
    let mut names: HashMap<String, usize> = HashMap::new();
    libraries.iter().for_each(|library| *names.entry(library.crate_name.clone()).or_default() += 1);
    for library in &mut libraries {
        if names[&library.crate_name] > 1
            && let super::arguments::Kind::Library(path) = super::arguments::kind(&library.argument)
        {
            library.crate_id = crate_id(path);
        }
        let externs = library.record.iter().flat_map(|record| &record.externs);
        library.dependencies = externs.filter_map(|path| index.get(&path.with_extension("")).copied()).collect();
        library.dependencies.sort_unstable();
        library.dependencies.dedup();
    }
    Ok(libraries)
}

fn identify_one(request: &LinkRequest, argument: &str, path: &Path) -> Result<Library> {
    let file_name = path.file_name().context("an rlib has no file name")?;
    // rustc may link a copy from its own temporary directory, under the same name.
    let known = std::iter::once(path.to_owned()).chain(request.libraries.iter().map(|dir| dir.join(file_name)));
    for candidate in known {
        if let Some(record) = PackageRecord::read(&candidate)? {
            let hash = parse_hash(&record.hash).with_context(|| format!("the record of {} has no valid hash", candidate.display()))?;
            return Ok(Library {
                argument: argument.to_owned(),
                crate_name: record.crate_name.clone(),
                key: key(&record.crate_name, &record.metadata),
                hash,
                crate_id: None,
                record: Some(record),
                dependencies: Vec::new(),
            });
        }
    }
    if !request.toolchain.has(path) {
        bail!(
            "{} was not compiled under Engraft, so nothing is known of it\nhelp: build the whole workspace with `cargo engraft build`",
            path.display()
        );
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let (crate_name, disambiguator) = stem.strip_prefix("lib").unwrap_or(&stem).rsplit_once('-').unwrap_or((&stem, ""));
    Ok(Library {
        argument: argument.to_owned(),
        crate_name: crate_name.to_owned(),
        key: key(crate_name, &[disambiguator.to_owned()]),
        hash: Hash(*package_hash(path)?.as_bytes()),
        crate_id: None,
        record: None,
        dependencies: Vec::new(),
    })
}

/// The number in the names of a library's objects: `memchr-HASH.memchr.9343cd8e79ecdca0-cgu.0.rcgu.o`.
fn crate_id(library: &Path) -> Option<u64> {
    let bytes = std::fs::read(library).ok()?;
    let archive = object::read::archive::ArchiveFile::parse(bytes.as_slice()).ok()?;
    let names = archive.members().filter_map(|member| std::str::from_utf8(member.ok()?.name()).ok());
    names.filter_map(|name| crate_name::of_unit(name.split_once('.')?.1)?.id).next()
}

fn parse_hash(hex: &str) -> Option<Hash> {
    blake3::Hash::from_hex(hex).ok().map(|hash| Hash(*hash.as_bytes()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A library of this name; the toolchain's, if it has no version.
    pub(in crate::link) fn library(name: &str, version: &str, dependencies: &[usize]) -> Library {
        let (text, path) = (String::new, PathBuf::new);
        let record = PackageRecord {
            crate_name: name.to_owned(),
            name: name.to_owned(),
            version: version.to_owned(),
            source: text(),
            metadata: Vec::new(),
            place: text(),
            generated: None,
            hash: text(),
            features: Vec::new(),
            flags: Vec::new(),
            sources: Vec::new(),
            externs: Vec::new(),
            native_search: Vec::new(),
            link_options: Vec::new(),
            compiler: path(),
            library: path(),
        };
        Library {
            argument: format!("lib{name}.rlib"),
            crate_name: name.to_owned(),
            key: Key([0; 16]),
            hash: Hash([0; 32]),
            crate_id: None,
            record: (!version.is_empty()).then_some(record),
            dependencies: dependencies.to_vec(),
        }
    }
}
