//! What differs between one package of a plugin and its nearest counterpart in a process.

use super::Reason;
use crate::{Manifest, Origin, Package, Role, Source};
use std::collections::BTreeMap;

/// How many items a reason lists at most: as many of each package of a record add up.
const LISTED: usize = 64;

/// What a package was compared with, and what came out.
pub(super) struct Comparison {
    /// The plugin that has the counterpart; none if the host has.
    pub(super) holder: Option<String>,
    /// Never empty.
    pub(super) reasons: Vec<Reason>,
}

/// Compares a package with its nearest counterpart. `faulty` says of each of the plugin's packages whether it does not fit.
pub(super) fn compare(plugin: &Manifest<'_>, package: &Package<'_>, process: &[&Manifest<'_>], faulty: &[bool]) -> Comparison {
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
        let holder = named.first().and_then(|(manifest, _)| holder(manifest));
        return Comparison { holder, reasons: vec![if versions.is_empty() { Reason::Absent } else { Reason::Version(versions) }] };
    };
    if other.origin == Origin::Private && (other.key, other.hash) == (package.key, package.hash) {
        return Comparison { holder: None, reasons: vec![Reason::Private] };
    }
    if other.origin == Origin::Partial && (other.key, other.hash) == (package.key, package.hash) {
        return Comparison { holder: None, reasons: vec![Reason::Partial] };
    }
    let mut reasons = Vec::new();
    if package.source != other.source {
        reasons.push(Reason::Origin { plugin: package.source.to_owned(), host: other.source.to_owned() });
    }
    reasons.extend(both(only(&package.features, &other.features), |plugin, host| Reason::Features { plugin, host }));
    if let Some(flags) = both(only(plugin.flags(package), host.flags(other)), |plugin, host| Reason::Flags { plugin, host }) {
        // A profile says nothing by itself: it is the flags that count.
        if plugin.profile != host.profile {
            reasons.push(Reason::Profile { plugin: plugin.profile.to_owned(), host: host.profile.to_owned() });
        }
        reasons.push(flags);
    }
    let files = differing_sources(package, other);
    if !files.is_empty() {
        reasons.push(Reason::Sources(files));
    }
    if !package.dependencies.iter().any(|&index| faulty[index as usize]) {
        reasons.extend(differing_dependencies(plugin, package, host, other));
    }
    if !package.sources.is_empty() && reasons.iter().all(|reason| matches!(reason, Reason::Origin { .. })) && package.key == other.key {
        reasons.extend(place(package, other));
    }
    if reasons.is_empty() {
        reasons.push(if package.key == other.key { Reason::Generated } else { Reason::Identity });
    }
    Comparison { holder: holder(host), reasons }
}

fn holder(manifest: &Manifest<'_>) -> Option<String> {
    (manifest.role == Role::Plugin).then(|| manifest.name.to_owned())
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
    let without = |list: &[&str], other: &[&str]| {
        list.iter().filter(|item| !other.contains(item)).take(LISTED).map(|&item| item.to_owned()).collect()
    };
    (without(ours, theirs), without(theirs, ours))
}

/// A reason made of two lists, unless both are empty.
fn both((ours, theirs): (Vec<String>, Vec<String>), reason: impl Fn(Vec<String>, Vec<String>) -> Reason) -> Option<Reason> {
    (!ours.is_empty() || !theirs.is_empty()).then(|| reason(ours, theirs))
}

/// The files that are not the same on both sides. What cargo has fetched is known by its content alone, so that the other side names it.
fn differing_sources(package: &Package<'_>, other: &Package<'_>) -> Vec<String> {
    let is_named = |package: &Package<'_>| package.sources.iter().all(|file| !file.path.is_empty());
    let both_named = is_named(package) && is_named(other);
    let same = |one: &Source<'_>, other: &Source<'_>| one.digest == other.digest && (one.path == other.path || !both_named);
    let changed = |mine: &Package<'_>, its: &Package<'_>| -> Vec<String> {
        let only_mine = mine.sources.iter().filter(|file| !its.sources.iter().any(|known| same(file, known)));
        only_mine.take(LISTED).map(|file| file.path.to_owned()).collect()
    };
    let mut files = changed(package, other);
    files.extend(changed(other, package));
    files.sort();
    files.dedup();
    let any = !files.is_empty();
    files.retain(|file| !file.is_empty());
    if any && files.is_empty() {
        files.push("a file that the record does not name".to_owned());
    }
    files
}

/// Variables in which cargo gives a package its own directories.
const DIRECTORIES: [&str; 3] = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "OUT_DIR"];

/// That the directory makes the difference: the source reads it, or files in a workspace have their names from its root.
fn place(package: &Package<'_>, other: &Package<'_>) -> Option<Reason> {
    let is_read = |name: &&str| package.sources.iter().any(|source| source.path.strip_prefix('$') == Some(*name));
    let read: Vec<String> = DIRECTORIES.iter().filter(|name| is_read(name)).map(|&name| name.to_owned()).collect();
    let in_workspace = |source: &str| source != "registry" && !source.starts_with("git/") && !source.starts_with("path/");
    let moved = package.source != other.source && (in_workspace(package.source) || in_workspace(other.source));
    (moved || !read.is_empty()).then_some(Reason::Place(read))
}

/// Dependencies that only one side's package has. Where one of the plugin's does not fit by itself, that is the reason.
fn differing_dependencies(plugin: &Manifest<'_>, package: &Package<'_>, host: &Manifest<'_>, other: &Package<'_>) -> Option<Reason> {
    let (ours, theirs) = (labelled(plugin, package), labelled(host, other));
    let without = |list: &Labelled<'_>, other: &Labelled<'_>| -> Vec<String> {
        list.iter().filter(|(label, _)| !other.contains_key(*label)).take(LISTED).map(|(_, package)| package.label()).collect()
    };
    both((without(&ours, &theirs), without(&theirs, &ours)), |plugin, host| Reason::Dependencies { plugin, host })
}

/// Packages by what people call them.
type Labelled<'m> = BTreeMap<(&'m str, &'m str), &'m Package<'m>>;

fn labelled<'m>(manifest: &'m Manifest<'m>, package: &'m Package<'m>) -> Labelled<'m> {
    manifest.dependencies(package).map(|package| ((package.name, package.version), package)).collect()
}
