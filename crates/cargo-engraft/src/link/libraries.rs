//! The Rust libraries of a link: each rlib with the record of its package.

use super::content::toolchain_hash;
use super::request::LinkRequest;
use crate::rustc::key::key;
use crate::rustc::record::PackageRecord;
use crate::rustc::supported;
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
    /// Whether each file needs this runtime for itself. It is linked as without Engraft: its symbols are hidden, and each file has those
    /// that it needs. `profiler_builtins` writes what one file has counted (`-C instrument-coverage`, `-C profile-generate`).
    #[must_use]
    pub fn is_per_file_runtime(&self) -> bool {
        const NAMES: [&str; 2] = ["compiler_builtins", "profiler_builtins"];
        self.record.is_none() && NAMES.contains(&self.crate_name.as_str())
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
                key: record.key(),
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
    let named = stem.strip_prefix("lib").unwrap_or(&stem).rsplit_once('-');
    // By this hash packages of two toolchains are told apart.
    let named = named.filter(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let Some((crate_name, disambiguator)) = named else {
        return Err(supported::differs(&request.toolchain, &format!("calls a library of its own `{}`, without a hash", path.display())));
    };
    Ok(Library {
        argument: argument.to_owned(),
        crate_name: crate_name.to_owned(),
        key: key(crate_name, &[disambiguator.to_owned()]),
        hash: Hash(*toolchain_hash(path)?.as_bytes()),
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
    use crate::link::request::Product;
    use crate::rustc::toolchain::Toolchain;

    #[test]
    fn library_of_the_toolchain_without_a_hash_in_its_name_is_refused() {
        let sysroot = tempfile::tempdir().unwrap();
        let text = String::new;
        let toolchain =
            Toolchain { version: "rustc 9.0".into(), release: text(), commit: text(), host: text(), sysroot: sysroot.path().to_owned() };
        let product = Product::Host { own_key: [0; 16], api: None };
        let (name, profile, linker) = (text(), text(), PathBuf::new());
        let request = LinkRequest { product, name, profile, toolchain, target: None, linker, strip: None, libraries: Vec::new() };
        for name in ["libstd.rlib", "libstd-1.rlib", "libstd-012345678-bcdef.rlib"] {
            let path = sysroot.path().join("lib").join(name).display().to_string();
            let error = identify(&request, std::slice::from_ref(&path)).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("rustc 9.0 calls a library of its own `{path}`, without a hash; Engraft supports")),
                "{error}"
            );
        }
    }

    /// A library of this name; the toolchain's, if it has no version.
    pub(in crate::link) fn library(name: &str, version: &str, dependencies: &[usize]) -> Library {
        let (text, path) = (String::new, PathBuf::new);
        let record = PackageRecord {
            crate_name: name.to_owned(),
            name: name.to_owned(),
            version: version.to_owned(),
            source: text(),
            metadata: Vec::new(),
            hash: text(),
            features: Vec::new(),
            flags: Vec::new(),
            modifiers: text(),
            cpu_features: Vec::new(),
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
