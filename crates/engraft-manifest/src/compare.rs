//! Why packages differ: each fault followed back to the package where the difference begins.

use crate::{Fault, Manifest, Package};
use core::fmt;

/// One package that is not the same on both sides, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The package, as the plugin has it: name and version.
    pub package: String,
    /// What differs; never empty.
    pub reasons: Vec<Reason>,
    /// How many other differing packages depend on it, and so differ too.
    pub followers: usize,
}

impl Difference {
    /// A difference that no other package follows.
    #[must_use]
    pub fn new(package: impl Into<String>, reasons: Vec<Reason>) -> Self {
        Self { package: package.into(), reasons, followers: 0 }
    }
}

/// What is not the same about a package.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The process has no package of that name.
    Absent,
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
    /// None of what the record holds differs: a build script's output, an environment variable, or a macro.
    Generated,
}

/// Explains the faults that [`judge`](crate::judge) found, against the manifests that the process consists of.
///
/// Packages that differ only because a package they depend on differs are not listed: they are counted
/// as [`followers`](Difference::followers) of that one. The difference with most followers comes first.
#[must_use]
pub fn differences(plugin: &Manifest<'_>, faults: &[Fault], process: &[&Manifest<'_>]) -> Vec<Difference> {
    let faulty: Vec<usize> = faults.iter().filter_map(|fault| fault.package()).collect();
    let own: Vec<(usize, Vec<Reason>)> = faulty.iter().map(|&index| (index, reasons(plugin, &plugin.packages[index], process))).collect();

    let is_consequence = |index: usize, reasons: &[Reason]| {
        let by_dependency = plugin.packages[index].dependencies.iter().any(|&dep| faulty.contains(&(dep as usize)));
        by_dependency && reasons == [Reason::Generated]
    };
    let mut roots: Vec<Difference> = own
        .iter()
        .filter(|(index, reasons)| !is_consequence(*index, reasons))
        .map(|(index, reasons)| Difference {
            package: plugin.packages[*index].label(),
            reasons: reasons.clone(),
            followers: faulty.iter().filter(|&&other| other != *index && depends_on(plugin, other, *index)).count(),
        })
        .collect();
    roots.sort_by(|a, b| b.followers.cmp(&a.followers).then_with(|| a.package.cmp(&b.package)));
    roots
}

/// Whether one package reaches another.
fn depends_on(manifest: &Manifest<'_>, from: usize, to: usize) -> bool {
    let mut reached = vec![false; manifest.packages.len()];
    let mut left = vec![from];
    while let Some(index) = left.pop() {
        for &dependency in &manifest.packages[index].dependencies {
            let dependency = dependency as usize;
            if dependency == to {
                return true;
            }
            if !core::mem::replace(&mut reached[dependency], true) {
                left.push(dependency);
            }
        }
    }
    false
}

/// What differs between a plugin's package and its nearest counterpart in the process.
fn reasons(plugin: &Manifest<'_>, package: &Package<'_>, process: &[&Manifest<'_>]) -> Vec<Reason> {
    let named: Vec<(&Manifest<'_>, &Package<'_>)> = process
        .iter()
        .flat_map(|manifest| manifest.packages.iter().map(move |package| (*manifest, package)))
        .filter(|(_, other)| other.name == package.name && other.crate_name == package.crate_name)
        .collect();
    let same_version = named.iter().filter(|(_, other)| other.version == package.version);
    let Some((host, other)) = same_version.min_by_key(|(host, other)| distance(plugin, package, host, other)) else {
        let mut versions: Vec<String> = named.iter().map(|(_, other)| other.version.to_owned()).collect();
        versions.sort();
        versions.dedup();
        return vec![if versions.is_empty() { Reason::Absent } else { Reason::Version(versions) }];
    };

    let mut found = Vec::new();
    if package.source != other.source {
        found.push(Reason::Origin { plugin: package.source.to_owned(), host: other.source.to_owned() });
    }
    let (ours, theirs) = only(&package.features, &other.features);
    if !ours.is_empty() || !theirs.is_empty() {
        found.push(Reason::Features { plugin: ours, host: theirs });
    }
    let (ours, theirs) = only(plugin.flags(package), host.flags(other));
    if !ours.is_empty() || !theirs.is_empty() {
        found.push(Reason::Flags { plugin: ours, host: theirs });
    }
    let files = differing_sources(package, other);
    if !files.is_empty() {
        found.push(Reason::Sources(files));
    }
    if found.is_empty() {
        found.push(Reason::Generated);
    }
    found
}

/// How unlike two packages of one name and version are: the same key first, then by features and flags.
fn distance(plugin: &Manifest<'_>, package: &Package<'_>, host: &Manifest<'_>, other: &Package<'_>) -> (bool, usize) {
    let count = |(ours, theirs): (Vec<String>, Vec<String>)| ours.len() + theirs.len();
    let features = count(only(&package.features, &other.features));
    let flags = count(only(plugin.flags(package), host.flags(other)));
    (package.key != other.key, features + flags)
}

/// What only the one and what only the other list has.
fn only(ours: &[&str], theirs: &[&str]) -> (Vec<String>, Vec<String>) {
    let without = |list: &[&str], other: &[&str]| list.iter().filter(|item| !other.contains(item)).map(|&item| item.to_owned()).collect();
    (without(ours, theirs), without(theirs, ours))
}

fn differing_sources(package: &Package<'_>, other: &Package<'_>) -> Vec<String> {
    let changed = |mine: &Package<'_>, its: &Package<'_>| -> Vec<String> {
        mine.sources.iter().filter(|file| !its.sources.contains(file)).map(|file| file.path.to_owned()).collect()
    };
    let mut files = changed(package, other);
    files.extend(changed(other, package));
    files.sort();
    files.dedup();
    files
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.package)?;
        for (index, reason) in self.reasons.iter().enumerate() {
            write!(f, "{}{reason}", if index == 0 { "" } else { "; " })?;
        }
        match self.followers {
            0 => Ok(()),
            1 => write!(f, " (and 1 package that depends on it)"),
            many => write!(f, " (and {many} packages that depend on it)"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let two_sides = |f: &mut fmt::Formatter<'_>, what: &str, plugin: &[String], host: &[String]| {
            write!(f, "{what}")?;
            if !plugin.is_empty() {
                write!(f, ", the plugin's with {}", plugin.join(", "))?;
            }
            if !host.is_empty() {
                write!(f, ", the host's with {}", host.join(", "))?;
            }
            Ok(())
        };
        match self {
            Self::Absent => write!(f, "the host does not have it"),
            Self::Version(versions) => write!(f, "the host has version {}", versions.join(" and ")),
            Self::Features { plugin, host } => two_sides(f, "built with other features", plugin, host),
            Self::Flags { plugin, host } => two_sides(f, "built with other compiler flags", plugin, host),
            Self::Sources(files) => write!(f, "its source differs in {}", files.join(", ")),
            Self::Origin { plugin, host } => write!(f, "the plugin's is from {plugin}, the host's from {host}"),
            Self::Generated => write!(
                f,
                "same version, features, flags and sources, yet another result: a build script, an environment variable or a macro made it different"
            ),
        }
    }
}
