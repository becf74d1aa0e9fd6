//! What the record says, as data. Every text borrows from the bytes that it was decoded from.

use crate::{BuildId, Hash, Key};
use minicbor::{Decode, Encode};

/// What one link produced, and from what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest<'a> {
    /// Host or plugin.
    pub role: Role,
    /// The host's target name or the plugin's package name.
    pub name: &'a str,
    /// The compiler that made all of it.
    pub toolchain: Toolchain<'a>,
    /// The target triple that it was made for.
    pub target: &'a str,
    /// cargo's profile.
    pub profile: &'a str,
    /// The builds of hosts that a plugin was linked for; none in a host.
    pub hosts: Vec<BuildId>,
    /// Every package in the link. Decoded, the hosted ones come first, and both kinds are ordered by key.
    pub packages: Vec<Package<'a>>,
    /// What the plugin exports by name.
    pub exports: Vec<Export<'a>>,
    /// Initialisers of the packages that the file brings along, in the order in which they run.
    pub initialisers: Vec<Initialiser<'a>>,
    /// The lists of compiler flags that packages refer to: nearly all packages share one.
    pub flag_sets: Vec<Vec<&'a str>>,
    /// The compiler flags on which all code of a process must agree: the panic strategy, and what changes how functions call each
    /// other. Those of the packages that the file brings along, sorted, with a comma and a space between them; for example
    /// `-C panic=unwind, -Z sanitizer=address`.
    pub modifiers: &'a str,
    /// The CPU features that the code of these packages needs and that not every machine of the target has: rustc's names, sorted,
    /// with a space between them.
    pub cpu_features: &'a str,
    /// Bundled packages between which the linker has made a slice in this file: the key of one that reads it, and of one that adds to it.
    pub slices: Vec<(Key, Key)>,
}

/// Whether a file is opened by others or opens them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// An executable that carries its packages whole and exports them.
    #[n(0)]
    Host,
    /// A shared object that borrows packages from a host.
    #[n(1)]
    Plugin,
}

/// The compiler, as `rustc -vV` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Toolchain<'a> {
    /// The whole version line, for example `rustc 1.95.0 (59807616e 2026-04-14)`.
    #[b(0)]
    pub version: &'a str,
    /// The commit that the compiler was built from, or `unknown`.
    #[b(1)]
    pub commit: &'a str,
    /// The triple of the machine that the compiler runs on.
    #[b(2)]
    pub host: &'a str,
}

/// One compiled instance of a crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package<'a> {
    /// What type identity is made from.
    pub key: Key,
    /// What was compiled.
    pub hash: Hash,
    /// Who carries it.
    pub origin: Origin,
    /// The crate's name, as symbols have it.
    pub crate_name: &'a str,
    /// The package's name, as `Cargo.toml` has it.
    pub name: &'a str,
    /// The package's version; empty for the toolchain's own packages.
    pub version: &'a str,
    /// Where its source is from: a workspace-relative path, `registry`, `git`, or `toolchain`.
    pub source: &'a str,
    /// The features that were on, in order of name.
    pub features: Vec<&'a str>,
    /// Index of its compiler flags in [`Manifest::flag_sets`].
    pub flags: u32,
    /// The files it was compiled from. Only for packages whose source is a path: the version says it for the others.
    pub sources: Vec<Source<'a>>,
    /// The packages it depends on, as indices into [`Manifest::packages`].
    pub dependencies: Vec<u32>,
    /// rustc's number for it (`StableCrateId`), by which symbols of packages of one crate name are told apart; none for
    /// a package whose crate name is its own, or if it is not known.
    pub crate_id: Option<u64>,
}

/// Who carries a package's code and statics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The plugin takes it from the host.
    Hosted,
    /// The file brings it along. A host exports it.
    Bundled,
    /// A host has it, and exports of it what was linked: what the host or the packages that it has whole need.
    Partial,
    /// A host has it for itself alone, and exports nothing of it.
    Private,
}

/// A source file and what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Source<'a> {
    /// Path relative to the package's directory.
    #[b(0)]
    pub path: &'a str,
    /// The first eight bytes of the content's digest: this only names a culprit, the hash is the proof.
    #[n(1)]
    pub digest: u64,
}

/// An exported item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Export<'a> {
    /// Path within the crate, for example `rules::apply`: the name that look-ups use.
    #[b(0)]
    pub path: &'a str,
    /// What it is.
    #[n(1)]
    pub kind: ItemKind,
    /// The signature as it stands in the source.
    #[b(2)]
    pub signature: &'a str,
    /// The first line of its documentation; may be empty.
    #[b(3)]
    pub doc: &'a str,
    /// The source file, as the compiler names it.
    #[b(4)]
    pub file: &'a str,
    /// The line in that file, from 1.
    #[n(5)]
    pub line: u32,
}

/// The kinds of items that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ItemKind {
    /// A function.
    #[n(0)]
    Function,
    /// A static.
    #[n(1)]
    Static,
    /// A struct or an enum.
    #[n(2)]
    Type,
}

/// A function that runs once when its package comes into the process, marked `#[engraft::init]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Initialiser<'a> {
    /// The key of its package. A host's own crate has one too, but is no package that others could borrow.
    #[n(0)]
    pub key: Key,
    /// Path within the crate.
    #[b(1)]
    pub path: &'a str,
    /// The source file, as the compiler names it.
    #[b(2)]
    pub file: &'a str,
    /// The line in that file, from 1.
    #[n(3)]
    pub line: u32,
}

impl<'a> Manifest<'a> {
    /// The compiler flags of one of this manifest's packages, sorted.
    #[must_use]
    pub fn flags(&self, package: &Package<'_>) -> &[&'a str] {
        self.flag_sets.get(package.flags as usize).map_or(&[], Vec::as_slice)
    }

    /// The package with this key.
    #[must_use]
    pub fn package(&self, key: Key) -> Option<&Package<'a>> {
        self.packages.iter().find(|package| package.key == key)
    }

    /// The packages that one of this manifest's packages depends on.
    pub fn dependencies<'m>(&'m self, package: &'m Package<'a>) -> impl Iterator<Item = &'m Package<'a>> {
        package.dependencies.iter().filter_map(|&index| self.packages.get(index as usize))
    }
}

impl Package<'_> {
    /// Name and version as people write them: `tokio 1.47.0`, or the bare name of a toolchain package.
    #[must_use]
    pub fn label(&self) -> String {
        if self.version.is_empty() { self.name.to_owned() } else { format!("{} {}", self.name, self.version) }
    }
}
