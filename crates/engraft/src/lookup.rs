//! Looking up what a plugin exports: by path, and only as the type that it has.

use crate::registration::{Entry, Export, Kind};
use crate::same_name::{Carrier, same_names};
use crate::{LookupError, Plugin, SameName, host, process, symbols};
use std::any::type_name;

/// Finds an export and compares its type.
pub(crate) fn find<T: 'static>(plugin: Plugin, entry: &'static Entry, name: &str) -> Result<&'static T, LookupError> {
    let Some(export) = entry.export(name) else {
        return Err(not_found(plugin, entry, name));
    };
    export.value().ok_or_else(|| other_value::<T>(plugin, export, name))
}

#[cold]
fn other_value<T: 'static>(plugin: Plugin, export: &'static Export, name: &str) -> LookupError {
    match export.kind {
        Kind::Type => LookupError::IsAType { name: name.to_owned(), plugin: plugin.name() },
        Kind::Function | Kind::Static => {
            let (asked, found) = (type_name::<T>(), (export.type_name)());
            let signature = plugin.exports().iter().find(|export| export.path == name).map(|export| export.signature);
            let packages = packages_of_both(asked, found);
            LookupError::WrongType { name: name.to_owned(), plugin: plugin.name(), asked, found, signature, packages }
        }
    }
}

/// The packages of one name that two types may come from.
fn packages_of_both(asked: &str, found: &str) -> Vec<SameName> {
    let host = host::this().ok().and_then(host::Host::manifest);
    let plugins = process::opened();
    let called = |this: &Plugin| {
        let name = format!("the plugin `{}`", this.name());
        let namesakes = plugins.iter().filter(|other| other.name() == this.name()).count();
        if namesakes > 1 { format!("{name} ({}, build {})", this.path().display(), this.build_id().short()) } else { name }
    };
    let of_host = host.into_iter().map(|manifest| Carrier { name: "the host".to_owned(), manifest });
    let of_plugins = plugins.iter().map(|plugin| Carrier { name: called(plugin), manifest: plugin.manifest() });
    same_names(asked, found, &of_host.chain(of_plugins).collect::<Vec<_>>())
}

#[cold]
fn not_found(plugin: Plugin, entry: &'static Entry, name: &str) -> LookupError {
    let paths: Vec<String> = entry.exports().map(Export::path).collect();
    LookupError::NotFound {
        name: name.to_owned(),
        plugin: plugin.name(),
        near: near(name, &paths),
        exported: plugin.exports().iter().map(|export| export.signature).collect(),
        unexported: symbols::named(plugin.symbols(), name, &paths),
    }
}

/// How many near names are told.
const NEAR: usize = 3;

/// The paths that somebody who wrote `name` may have meant: the same item in another module first, then by distance.
fn near(name: &str, paths: &[String]) -> Vec<String> {
    let last = |path: &str| path.rsplit("::").next().map(str::to_owned);
    let rank = |path: &String| {
        let distance = distance(&path.to_lowercase(), &name.to_lowercase());
        let moved = last(path) == last(name);
        (moved || distance <= path.len().max(name.len()) / 3).then_some((!moved, distance, path.clone()))
    };
    let mut near: Vec<_> = paths.iter().filter_map(rank).collect();
    near.sort();
    near.truncate(NEAR);
    near.into_iter().map(|(_, _, path)| path).collect()
}

/// Levenshtein's distance: how many characters must be added, removed or replaced.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names() {
        let paths = ["apply", "rules::apply", "rules::reset", "apple", "HITS"].map(str::to_owned);
        for (name, expected) in [
            ("aply", &["apply"][..]),
            ("apply", &["apply", "rules::apply", "apple"]),
            ("rule::apply", &["rules::apply", "apply"]),
            ("hits", &["HITS"]),
            ("reset", &["rules::reset"]),
            ("", &[]),
        ] {
            assert_eq!(near(name, &paths), expected, "{name}");
        }
    }

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("apply", "apply", 0), ("aply", "apply", 1), ("apply", "", 5), ("kitten", "sitting", 3), ("ü", "u", 1)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
