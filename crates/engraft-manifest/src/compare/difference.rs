//! One difference between two manifests, in data and in words.

use core::fmt;

/// One package that is not the same on both sides, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The package, as the plugin has it: name and version.
    pub package: String,
    /// Where the plugin's is from: a path, `registry`, `git/REPOSITORY/REVISION` or `toolchain`.
    pub source: String,
    /// The open plugin that brought the package into the process; none if the host did.
    pub holder: Option<String>,
    /// What differs; never empty.
    pub reasons: Vec<Reason>,
    /// The other packages that depend on it, and differ only for that.
    pub followers: Vec<String>,
}

/// What is not the same about a package.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It was made by another compiler.
    Compiler {
        /// The plugin's.
        plugin: String,
        /// The process's.
        host: String,
    },
    /// All of it was compiled with other flags of those on which all code of a process must agree.
    Modifiers {
        /// The plugin's.
        plugin: String,
        /// The process's.
        host: String,
    },
    /// It was built with another of cargo's profiles.
    Profile {
        /// The plugin's.
        plugin: String,
        /// The process's.
        host: String,
    },
    /// The process has no package of that name.
    Absent,
    /// The host has it for itself alone: it exports only what its `api` names.
    Private,
    /// The plugin brings it along, and the host has and exports a part of it, by its `api`.
    Partial,
    /// The process has other versions of it; those.
    Version(Vec<String>),
    /// Features that only the plugin's has, and that only the process's has.
    Features {
        /// On in the plugin's only.
        plugin: Vec<String>,
        /// On in the process's only.
        host: Vec<String>,
    },
    /// Compiler flags that only the plugin's has, and that only the process's has.
    Flags {
        /// In the plugin's only.
        plugin: Vec<String>,
        /// In the process's only.
        host: Vec<String>,
    },
    /// These source files have other content, or are on one side only.
    Sources(Vec<String>),
    /// The source is from another place: the plugin's and the process's.
    Origin {
        /// The plugin's.
        plugin: String,
        /// The process's.
        host: String,
    },
    /// It depends on other packages, all of which are fine by themselves.
    Dependencies {
        /// Those of the plugin's only.
        plugin: Vec<String>,
        /// Those of the process's only.
        host: Vec<String>,
    },
    /// It adds to a slice that this other package reads, which the process has from another file: linkers make slices file by file.
    Slice(String),
    /// None of what the record holds differs: a build script's output, an environment variable, a macro, or C code.
    Generated,
    /// None of what the record holds differs, but the keys do: one was built for a named target or for plugins alone, or from another
    /// state of what the record does not hold.
    Identity,
}

impl Reason {
    /// Whether this is how a whole build was made, so that it is the same for many packages.
    pub(super) fn is_of_the_build(&self) -> bool {
        matches!(
            self,
            Self::Compiler { .. }
                | Self::Modifiers { .. }
                | Self::Profile { .. }
                | Self::Flags { .. }
                | Self::Absent
                | Self::Private
                | Self::Partial
        )
    }

    /// Tells the reason; `other` is who has the other one, and `them` is `it` or `them`, of one package or of many.
    fn tell(&self, f: &mut fmt::Formatter<'_>, other: &str, them: &str) -> fmt::Result {
        match self {
            Self::Compiler { plugin, host } => write!(f, "the plugin was built by {plugin}, {other} by {host}"),
            Self::Modifiers { plugin, host } => write!(f, "compiled with `{plugin}`, {other} with `{host}`"),
            Self::Profile { plugin, host } => write!(f, "built with the profile `{plugin}`, {other}'s with `{host}`"),
            Self::Absent => write!(f, "{other} does not have {them}"),
            Self::Private => write!(f, "{other} has {them} for itself alone, by `export = \"api\"`"),
            Self::Partial => write!(f, "{other} has only a part of {them}, by `export = \"api\"`, and the plugin brings {them} along"),
            Self::Version(versions) => write!(f, "{other} has version {}", versions.join(" and ")),
            Self::Features { plugin, host } => two_sides(f, "built with other features", plugin, host, other),
            Self::Flags { plugin, host } => two_sides(f, "built with other compiler flags", plugin, host, other),
            Self::Sources(files) => write!(f, "its source differs in {}", files.join(", ")),
            Self::Origin { plugin, host } => write!(f, "the plugin's is from {plugin}, {other}'s from {host}"),
            Self::Dependencies { plugin, host } => two_sides(f, "it depends on other packages", plugin, host, other),
            Self::Slice(reader) => {
                write!(f, "it adds to a slice that {reader} reads, which {other} has already; linkers make slices file by file")
            }
            Self::Identity => write!(
                f,
                "same version, features, flags and sources, yet another identity; \
                 look whether `--target` was given for one of the two alone, whether only plugins use {them} where one was built, \
                 at other files in the package's directory, and at the macros and build scripts behind {them}"
            ),
            Self::Generated => write!(
                f,
                "same version, features, flags and sources, yet another result; \
                 look at what its build script writes and prints, at the C code that it compiles, \
                 at variables read by `env!` and at files read by its macros"
            ),
        }
    }
}

/// What only the one has, and what only the other has.
fn two_sides(f: &mut fmt::Formatter<'_>, what: &str, plugin: &[String], host: &[String], other: &str) -> fmt::Result {
    let mut between = ": ";
    write!(f, "{what}")?;
    for (whose, list) in [("the plugin", plugin), (other, host)] {
        if !list.is_empty() {
            write!(f, "{between}only {whose}'s has {}", list.join(", "))?;
            between = ", ";
        }
    }
    Ok(())
}

impl Difference {
    /// A difference to the host's package, which no other package follows.
    #[must_use]
    pub fn new(package: impl Into<String>, source: impl Into<String>, reasons: Vec<Reason>) -> Self {
        Self { package: package.into(), source: source.into(), holder: None, reasons, followers: Vec::new() }
    }

    /// Who has the other package.
    pub(super) fn other(&self) -> String {
        other(self.holder.as_deref())
    }
}

/// Who has the other package, in words.
pub(super) fn other(holder: Option<&str>) -> String {
    holder.map_or_else(|| "the host".to_owned(), |plugin| format!("the open plugin `{plugin}`"))
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tell(f, core::slice::from_ref(&self.package), &self.reasons, &self.other(), self.followers.len())
    }
}

/// How many packages of several are named.
const NAMED: usize = 3;

/// A line about one package or several.
pub(super) fn tell(f: &mut fmt::Formatter<'_>, packages: &[String], reasons: &[Reason], other: &str, followers: usize) -> fmt::Result {
    let them = match packages {
        [one] => {
            write!(f, "{one}: ")?;
            "it"
        }
        all => {
            // "and 1 more" takes as much room as its name.
            let named = if all.len() == NAMED + 1 { all.len() } else { all.len().min(NAMED) };
            write!(f, "{} packages ({}", all.len(), all[..named].join(", "))?;
            if named < all.len() {
                write!(f, " and {} more", all.len() - named)?;
            }
            write!(f, "): ")?;
            "them"
        }
    };
    for (index, reason) in reasons.iter().enumerate() {
        write!(f, "{}", if index == 0 { "" } else { "; " })?;
        reason.tell(f, other, them)?;
    }
    match followers {
        0 => Ok(()),
        1 => write!(f, " (and 1 package that depends on {them})"),
        many => write!(f, " (and {many} packages that depend on {them})"),
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell(f, "the host", "it")
    }
}
