//! What files are, as data: what `inspect --json` writes.

use serde::Serialize;

/// What was asked for, file by file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of this form: raised when something in it changes its meaning or goes away. New fields don't raise it.
    pub schema: u32,
    /// The files, in the order in which they were named.
    pub files: Vec<File>,
}

/// The version of the form.
pub const SCHEMA: u32 = 1;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File {
    /// Its absolute path.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The same for people; why it can't be read, if it can't.
    pub what: String,
    /// In what it is not what the linker made, for people; null if nothing is wrong with it, or nothing is known of it.
    pub damage: Option<String>,
    /// What it says about itself; null unless Engraft linked it.
    pub linked: Option<Linked>,
}

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An executable that opens plugins.
    Host,
    /// A shared object that a host opens.
    Plugin,
    /// Neither.
    Other,
    /// It is missing or can't be read.
    Unreadable,
}

/// What a host or a plugin says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Linked {
    /// The host's target name or the plugin's package name.
    pub name: String,
    /// The digest of the file's content, in hexadecimal.
    pub build_id: String,
    /// The compiler that made all of it.
    pub toolchain: Toolchain,
    /// The target triple that it was made for.
    pub target: String,
    /// cargo's profile.
    pub profile: String,
    /// The build ids of the hosts that a plugin was linked for; none in a host.
    pub hosts: Vec<String>,
    /// The compiler flags on which all code of a process must agree: those of the packages that the file brings along.
    pub modifiers: Vec<String>,
    /// The CPU features that the code of these packages needs, beyond those that every machine of the target has.
    pub cpu_features: Vec<String>,
    /// The functions and statics that a plugin exports, ordered by path.
    pub exports: Vec<Item>,
    /// The types that a plugin exports, ordered by path.
    pub types: Vec<Item>,
    /// What runs once when the file's packages come into a process, in this order.
    pub initialisers: Vec<Initialiser>,
    /// The packages that the file brings along and, in a plugin, those that it takes from a host; by name.
    pub packages: Vec<Package>,
    /// Where the file's bytes go.
    pub size: Size,
}

/// A compiler, as `rustc -vV` names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Toolchain {
    /// Its version line.
    pub version: String,
    /// The commit that it was built from, or `unknown`.
    pub commit: String,
    /// The triple of the machine that it runs on.
    pub host: String,
}

/// An exported item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Item {
    /// Its path within the crate: the name that look-ups use.
    pub path: String,
    /// `function`, `static` or `type`.
    pub kind: ItemKind,
    /// The item as it stands in the source.
    pub signature: String,
    /// The first line of its documentation; may be empty.
    pub doc: String,
    /// The source file.
    pub file: String,
    /// The line in it, from 1.
    pub line: u32,
}

/// The kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A function.
    Function,
    /// A static.
    Static,
    /// A struct or an enum.
    Type,
}

/// A function marked `#[engraft::init]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Initialiser {
    /// Name and version of its package; the host's name for one of the host's own crate.
    pub package: String,
    /// Its path within the crate.
    pub path: String,
    /// The source file.
    pub file: String,
    /// The line in it, from 1.
    pub line: u32,
}

/// One compiled instance of a crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Package {
    /// The package's name.
    pub name: String,
    /// Its version; empty for the toolchain's own packages.
    pub version: String,
    /// The crate's name, as symbols have it.
    pub crate_name: String,
    /// Who carries it.
    pub origin: Origin,
    /// Where its source is from: a path, `registry`, `git/REPOSITORY/REVISION` or `toolchain`.
    pub source: String,
    /// The files that it was compiled from, relative to its directory; none unless its source is a path.
    pub sources: Vec<String>,
    /// The features that were on.
    pub features: Vec<String>,
    /// The compiler's flags.
    pub flags: Vec<String>,
    /// What rustc makes type identity from, in hexadecimal.
    pub key: String,
    /// The digest of what was compiled, in hexadecimal.
    pub hash: String,
    /// The packages it depends on: name and version.
    pub dependencies: Vec<String>,
    /// The bytes that are known to be its own in the file, as in `size`; null if several packages of the file have a crate of this name, and
    /// nothing tells which bytes are whose: then `undivided` says so.
    pub bytes: Option<u64>,
    /// Bytes that are of this package or of others of its crate name; null if there are none.
    pub undivided: Option<Undivided>,
}

/// Bytes of which it is not known whose they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Undivided {
    /// How many: those of all of these packages together.
    pub bytes: u64,
    /// The other packages: name and version.
    pub with: Vec<String>,
    /// The same for people, and why.
    pub what: String,
}

/// Who carries a package's code and statics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The file itself.
    Bundled,
    /// The host that opens it.
    Hosted,
    /// The file itself, a host that has a part of it and exports that.
    Partial,
    /// The file itself, a host that does not export it.
    Private,
}

/// Where a file's bytes go: `crates` and `rest` add up to `total`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Size {
    /// The file's length in bytes.
    pub total: u64,
    /// What is known to be of a crate, by symbols and compilation units; the largest first.
    pub crates: Vec<CrateSize>,
    /// What is not known to be of any, by section; the largest first.
    pub rest: Vec<Rest>,
}

/// The bytes of one crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CrateSize {
    /// The crate's name.
    pub crate_name: String,
    /// The packages of the file with a crate of that name: name and version. None for a host's own crate and the toolchain's inner ones.
    pub packages: Vec<String>,
    /// Their keys: several where nothing tells which of them the bytes are of.
    pub keys: Vec<String>,
    /// Machine code.
    pub code: u64,
    /// Constants, statics, their relocations, and unwinding tables.
    pub data: u64,
    /// Names in the loader's tables (`.dynsym`, `.dynstr`, `.gnu.hash`, `.gnu.version`): what exporting and borrowing costs.
    pub names: u64,
    /// Names for debuggers (`.symtab`, `.strtab`), which `strip` removes.
    pub symbols: u64,
}

/// Bytes that belong to no crate that could be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rest {
    /// The section that they are in; null for headers and what fills up between sections.
    pub section: Option<String>,
    /// How many.
    pub bytes: u64,
}

impl CrateSize {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.code + self.data + self.names + self.symbols
    }
}
