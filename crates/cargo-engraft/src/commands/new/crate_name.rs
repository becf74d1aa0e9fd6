//! Which names a new package may have.

use anyhow::{Result, bail};

/// Rust's keywords, in any edition: no crate of such a name could be named.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
/// Crates that every program has already.
const TOOLCHAIN: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];
/// Directories beside the files that are named after hosts and plugins; cargo's own, and Engraft's.
const DIRECTORIES: [&str; 5] = ["build", "deps", "examples", "incremental", "plugins"];

/// Refuses names that cargo, rustc or Engraft could not work with.
pub fn check(name: &str) -> Result<()> {
    let identifier = name.replace('-', "_");
    let why = if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        "it does not begin with a lower-case ASCII letter".to_owned()
    } else if let Some(bad) = name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '_')) {
        // rustc can't load crates whose names are not ASCII, and warns of capital letters.
        format!("it contains `{bad}`")
    } else if KEYWORDS.contains(&identifier.as_str()) {
        "it is a keyword of Rust".to_owned()
    } else if TOOLCHAIN.contains(&identifier.as_str()) {
        "a crate of Rust itself has that name".to_owned()
    } else if DIRECTORIES.contains(&name) {
        "a directory in the build's output has that name".to_owned()
    } else if identifier.starts_with("engraft") && ["engraft", "engraft_macros", "engraft_manifest"].contains(&identifier.as_str()) {
        "a crate of Engraft has that name".to_owned()
    } else {
        return Ok(());
    };
    bail!("`{name}` can't be the name of a package: {why}\nhelp: a name is made of lower-case ASCII letters, digits, `-` and `_`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_packages() {
        for name in ["app", "my-app", "my_app", "a2", "hello"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in ["", "2a", "-a", "_a", "my app", "a/b", "App", "größe", "a.b", "fn", "std", "proc-macro", "plugins", "engraft"] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
