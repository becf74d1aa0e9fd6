//! What is written down about every compiled library, beside the library: the linker's and the next wrapper's knowledge of it.

use super::arguments::Arguments;
use super::key::key;
use super::session::Session;
use super::{modifiers, sources, supported};
use crate::link::content::package_hash;
use crate::place;
use anyhow::{Context, Result};
use engraft_manifest::Key;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// One compiled library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageRecord {
    /// The crate's name.
    pub crate_name: String,
    /// The package's name.
    pub name: String,
    /// The package's version.
    pub version: String,
    /// A workspace-relative path, `path/` and a name, `registry`, or `git/` with a repository's name and revision.
    pub source: String,
    /// The values of `-C metadata`, the salt included.
    pub metadata: Vec<String>,
    /// What stands for its directory; see [`PackagePlace::name`](super::package_place::PackagePlace::name).
    pub place: String,
    /// Where its build script writes.
    pub generated: Option<PathBuf>,
    /// The package's hash, in hexadecimal.
    pub hash: String,
    /// Features, sorted.
    pub features: Vec<String>,
    /// Compiler flags that shape the result, sorted.
    pub flags: Vec<String>,
    /// The flags on which all code of a process must agree ([`super::modifiers`]).
    pub modifiers: String,
    /// The CPU features that the code needs beyond those of every machine of the target, sorted.
    pub cpu_features: Vec<String>,
    /// The files and variables it was compiled from; files without their names where cargo has fetched them.
    pub sources: Vec<SourceRecord>,
    /// The libraries that it was compiled against.
    pub externs: Vec<PathBuf>,
    /// `-L native=…`, as cargo gave it: it holds what the build scripts of all dependencies said.
    pub native_search: Vec<String>,
    /// The compiler's `-C` and `-Z` options and its target, for a link in this library's name.
    pub link_options: Vec<String>,
    /// The compiler, as cargo calls it.
    pub compiler: PathBuf,
    /// Where the library is.
    pub library: PathBuf,
}

/// A source file and its content's digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Relative to the package, or `$` and the name of a variable; empty for a file that cargo has fetched.
    pub path: String,
    /// The first eight bytes of the digest.
    pub digest: u64,
}

impl SourceRecord {
    fn is_variable(&self) -> bool {
        self.path.starts_with('$') && !self.path.contains('/')
    }
}

/// What cargo says about the package in the compiler's environment.
#[derive(Debug, Clone)]
pub struct CargoPackage {
    pub name: String,
    pub version: String,
    pub dir: PathBuf,
    /// `OUT_DIR`, where its build script writes.
    pub generated: Option<PathBuf>,
}

impl CargoPackage {
    /// From the environment; none when it is not cargo that calls.
    pub fn from_env() -> Option<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        Some(Self {
            name: variable("CARGO_PKG_NAME")?,
            version: variable("CARGO_PKG_VERSION")?,
            dir: variable("CARGO_MANIFEST_DIR")?.into(),
            generated: variable("OUT_DIR").map(PathBuf::from).filter(|dir| dir.is_dir()),
        })
    }

    /// What its build script said, if it has one: cargo keeps that beside `OUT_DIR`.
    pub fn build_script_output(&self) -> String {
        let output = self.generated.as_ref().and_then(|generated| std::fs::read_to_string(generated.with_file_name("output")).ok());
        output.unwrap_or_default()
    }

    /// A text without the directories of this machine, so that it is the same in two checkouts.
    pub fn without_places(&self, text: &str, session: &Session) -> String {
        // The more special come first.
        let generated = self.generated.as_ref().map(|generated| (generated, "$OUT_DIR"));
        let places = [(&self.dir, "$DIR"), (&session.target_dir, "/target"), (&session.workspace, "."), (&session.cargo_home, "/cargo")];
        generated.into_iter().chain(places).fold(text.to_owned(), |text, (place, name)| text.replace(&place.display().to_string(), name))
    }
}

impl PackageRecord {
    /// Describes the library that the compiler has just written.
    pub fn of(session: &Session, package: &CargoPackage, compiler: &Path, arguments: &Arguments) -> Result<Self> {
        let out_dir = arguments.out_dir.as_deref().context("a library is compiled without --out-dir")?;
        let stem = arguments.stem().context("a library is compiled without --crate-name")?;
        check_file_name(arguments)?;
        let library = out_dir.join(format!("lib{stem}.rlib"));
        let place = session.place(package);
        let mut sources = sources::of(&out_dir.join(format!("{stem}.d")), session, package)?;
        if place.is_fetched {
            // There are many, and nobody edits them: their content is enough to find what differs in an edited copy.
            sources.iter_mut().filter(|source| !source.is_variable()).for_each(|source| source.path.clear());
            sources.sort();
            sources.dedup();
        }
        let mut features = arguments.features.clone();
        features.sort();
        Ok(Self {
            crate_name: arguments.crate_name.clone().unwrap_or_default(),
            name: package.name.clone(),
            version: package.version.clone(),
            source: place.source,
            metadata: arguments.codegen_all("metadata").map(str::to_owned).collect(),
            place: place.name,
            generated: package.generated.clone(),
            hash: package_hash(&library)?.to_hex().to_string(),
            features,
            flags: shaping_flags(arguments),
            modifiers: modifiers::of_unit(arguments),
            cpu_features: arguments.cpu_features.clone(),
            sources,
            externs: arguments.externs.clone(),
            native_search: arguments.native_search.clone(),
            link_options: link_options(arguments),
            compiler: compiler.into(),
            library,
        })
    }

    /// The package's key.
    #[must_use]
    pub fn key(&self) -> Key {
        key(&self.crate_name, &self.metadata)
    }

    /// Whether this is the library `engraft`.
    #[must_use]
    pub fn is_engraft(&self) -> bool {
        self.crate_name == "engraft" && self.name == "engraft"
    }

    /// The records of these libraries and of all that they depend on.
    pub fn closure(libraries: &[PathBuf]) -> Result<Vec<Self>> {
        let mut found: Vec<Self> = Vec::new();
        let mut seen = HashSet::new();
        let mut left = libraries.to_vec();
        while let Some(library) = left.pop() {
            if seen.insert(library.with_extension(""))
                && let Some(record) = Self::read(&library)?
            {
                left.extend(record.externs.iter().cloned());
                found.push(record);
            }
        }
        Ok(found)
    }

    /// Puts the record beside the library.
    pub fn write(&self) -> Result<()> {
        let path = Arguments::record_path(&self.library);
        place::write(&path, &serde_json::to_vec(self)?)
    }

    /// Reads the record of a library, given the path of any of its outputs; none if the library was not compiled by cargo under Engraft.
    pub fn read(output: &Path) -> Result<Option<Self>> {
        let path = Arguments::record_path(output);
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| format!("failed to read {}", path.display()))?,
        };
        serde_json::from_slice(&text).map(Some).with_context(|| {
            let library = Arguments::record_path(output).with_extension("").with_extension("");
            format!(
                "failed to understand {}\nhelp: it was cut short, as when the power goes: remove {}.*, and what is missing will be compiled again",
                path.display(),
                library.display()
            )
        })
    }
}

/// The digest of metadata leaves out what cargo's file names end in ([`super::metadata`]); so they must end so.
///
/// A library that is a shared object too has no such end, and the metadata has none of it.
fn check_file_name(arguments: &Arguments) -> Result<()> {
    let Some(name) = arguments.codegen_last("extra-filename") else { return Ok(()) };
    let is_known =
        name.strip_prefix('-').is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    let what = || format!("gives libraries names that end in `{name}` and not in `-` and 16 hexadecimal digits");
    if is_known { Ok(()) } else { Err(supported::this_cargo_differs(&what())) }
}

/// Options that name a place or a session of the compiler, or are for a link, and say nothing about what comes out of a library.
const NOT_SHAPING: [&str; 15] = [
    "metadata",
    "extra-filename",
    "incremental",
    "linker",
    "link-arg",
    "link-args",
    "embed-bitcode",
    "linker-flavor",
    "linker-features",
    "link-self-contained",
    "rpath",
    "strip",
    "ar",
    "save-temps",
    "remark",
];

/// The same among the unstable options: how many threads the compiler has, and what it says.
const NOT_SHAPING_UNSTABLE: [&str; 5] = ["threads", "macro-backtrace", "proc-macro-backtrace", "time-passes", "self-profile"];

/// The options that change what comes out, sorted.
pub fn shaping_flags(arguments: &Arguments) -> Vec<String> {
    let option_name = |option: &str| option.split('=').next().unwrap_or_default().to_owned();
    let mut codegen: Vec<String> = arguments.codegen.clone();
    codegen.retain(|option| !NOT_SHAPING.contains(&option_name(option).as_str()));
    if arguments.codegen_last("target-cpu") == Some("native") {
        // The word is another CPU on each machine.
        codegen.retain(|option| option_name(option) != "target-cpu");
        codegen.extend(arguments.cpu_features.iter().map(|feature| format!("target-feature=+{feature}")));
    }
    let unstable = arguments.unstable.iter().filter(|option| !NOT_SHAPING_UNSTABLE.contains(&option_name(option).as_str()));
    let mut flags: Vec<String> = codegen.iter().map(|option| format!("-C {option}")).collect();
    flags.extend(unstable.map(|option| format!("-Z {option}")));
    flags.extend(arguments.cfgs.iter().map(|cfg| format!("--cfg {cfg}")));
    flags.extend(arguments.edition.iter().map(|edition| format!("--edition {edition}")));
    flags.sort();
    flags.dedup();
    flags
}

fn link_options(arguments: &Arguments) -> Vec<String> {
    const OF_THE_LIBRARY: [&str; 4] = ["metadata", "extra-filename", "incremental", "embed-bitcode"];
    let codegen = arguments.codegen.iter().filter(|option| !OF_THE_LIBRARY.contains(&option.split('=').next().unwrap_or_default()));
    let mut options: Vec<String> = codegen.map(|option| format!("-C{option}")).collect();
    options.extend(arguments.unstable.iter().map(|option| format!("-Z{option}")));
    options.extend(arguments.target.iter().map(|target| format!("--target={target}")));
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_named_by_another_cargo_is_refused() {
        let check = |name: &str| check_file_name(&Arguments::parse(&[format!("-Cextra-filename={name}")]));
        assert!(check("-0123456789abcdef").is_ok());
        assert!(check_file_name(&Arguments::default()).is_ok());
        for name in ["", "-0123456789abcde", "-0123456789abcdef0", "-0123456789ABCDEF", "_0123456789abcdef"] {
            let error = check(name).unwrap_err().to_string();
            assert!(
                error.starts_with("this version of cargo gives libraries names that end in `") && error.contains("\nhelp: "),
                "{error}"
            );
        }
    }

    #[test]
    fn native_cpu_is_the_features_that_it_comes_to() {
        let flags = |line: &str, features: &[&str]| {
            let mut arguments = Arguments::parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
            arguments.cpu_features = features.iter().map(|&feature| feature.to_owned()).collect();
            shaping_flags(&arguments)
        };
        let (one, other) = (["avx", "avx2"], ["avx"]);
        assert_eq!(flags("-Ctarget-cpu=native", &one), ["-C target-feature=+avx", "-C target-feature=+avx2"]);
        assert_ne!(flags("-Ctarget-cpu=native", &one), flags("-Ctarget-cpu=native", &other));
        assert_eq!(flags("-Ctarget-cpu=native -C target-cpu=haswell", &one), ["-C target-cpu=haswell", "-C target-cpu=native"]);
        assert_eq!(flags("-C target-feature=+avx", &other), ["-C target-feature=+avx"]);
    }
}
