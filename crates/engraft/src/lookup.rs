//! Looking up what a plugin exports: by path, and only as the type that it has.

use crate::Plugin;
use crate::registration::{Entry, Export, Kind};
use std::any::type_name;
use std::error::Error;
use std::fmt;

/// Why a look-up failed.
///
/// `Debug` is the same text as `Display`: `unwrap` and a `main` that returns the error print that one.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookupError {
    /// The plugin exports nothing of that name.
    NotFound {
        /// What was asked for.
        name: String,
        /// The plugin's name.
        plugin: &'static str,
        /// The exported path that is nearest to it, if any is near.
        nearest: Option<String>,
        /// The signatures of all that it exports.
        exported: Vec<&'static str>,
    },
    /// The plugin exports it with another type.
    WrongType {
        /// What was asked for.
        name: String,
        /// The plugin's name.
        plugin: &'static str,
        /// The type that was asked for.
        asked: &'static str,
        /// The type that it has.
        found: &'static str,
    },
    /// It is an exported type: it has no value that could be looked up.
    IsAType {
        /// What was asked for.
        name: String,
        /// The plugin's name.
        plugin: &'static str,
    },
}

/// Finds an export and compares its type.
pub(crate) fn find<T: 'static>(plugin: Plugin, entry: &'static Entry, name: &str) -> Result<&'static T, LookupError> {
    let Some(export) = entry.exports().find(|export| is_at(export, name)) else {
        return Err(not_found(plugin, entry, name));
    };
    export.value().ok_or_else(|| match export.kind {
        Kind::Type => LookupError::IsAType { name: name.to_owned(), plugin: plugin.name() },
        Kind::Function | Kind::Static => {
            let (asked, found) = (type_name::<T>(), (export.type_name)());
            LookupError::WrongType { name: name.to_owned(), plugin: plugin.name(), asked, found }
        }
    })
}

/// Whether an export stands at a path within its crate, compared without putting one together.
fn is_at(export: &Export, path: &str) -> bool {
    let within = export.module.split_once("::").map_or("", |(_, within)| within);
    match path.rsplit_once("::") {
        Some((module, name)) => module == within && name == export.name,
        None => within.is_empty() && path == export.name,
    }
}

#[cold]
fn not_found(plugin: Plugin, entry: &'static Entry, name: &str) -> LookupError {
    let paths = entry.exports().map(Export::path);
    let near = paths.map(|path| (distance(&path, name), path)).filter(|(distance, path)| *distance <= path.len().max(name.len()) / 3);
    LookupError::NotFound {
        name: name.to_owned(),
        plugin: plugin.name(),
        nearest: near.min().map(|(_, path)| path),
        exported: plugin.exports().iter().map(|export| export.signature).collect(),
    }
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

impl Error for LookupError {}

impl fmt::Debug for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { name, plugin, nearest, exported } => {
                write!(f, "the plugin `{plugin}` does not export `{name}`")?;
                if exported.is_empty() {
                    return write!(f, "\n  it exports nothing\nhelp: mark what hosts may look up with `#[engraft::export]`");
                }
                write!(f, "\n  it exports:")?;
                for signature in exported {
                    write!(f, "\n    {signature}")?;
                }
                match nearest {
                    Some(nearest) => write!(f, "\nhelp: did you mean `{nearest}`?"),
                    None => write!(f, "\nhelp: mark it with `#[engraft::export]`, and give its module's path: `module::{name}`"),
                }
            }
            Self::WrongType { name, plugin, asked, found } => write!(
                f,
                "`{name}` of the plugin `{plugin}` has another type\n  asked for: {asked}\n  it is: {found}\nhelp: look it up as `lookup::<{found}>({name:?})`"
            ),
            Self::IsAType { name, plugin } => write!(
                f,
                "`{name}` of the plugin `{plugin}` is a type, which has no value to look up\nhelp: export a function that makes one, such as `pub fn new() -> {name}`"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("apply", "apply", 0), ("aply", "apply", 1), ("apply", "", 5), ("kitten", "sitting", 3), ("ü", "u", 1)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
