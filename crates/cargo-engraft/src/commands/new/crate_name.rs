//! Validates names for new packages.

use anyhow::{Result, bail};

/// Rust's keywords in all editions: source code can't name a crate with such a name.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
/// Names of the toolchain's own crates.
const TOOLCHAIN: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];
/// Directories of cargo and Engraft beside the output files, whose names come from hosts and plugins.
const DIRECTORIES: [&str; 5] = ["build", "deps", "examples", "incremental", "plugins"];

/// Fails for names that cargo, rustc or Engraft can't use.
pub fn validate(name: &str) -> Result<()> {
    let identifier = name.replace('-', "_");
    let why = if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        "it does not start with a lowercase ASCII letter".to_owned()
    } else if let Some(bad) = name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '_')) {
        // rustc can't load crates with non-ASCII names, and warns about uppercase letters.
        format!("it contains `{bad}`")
    } else if KEYWORDS.contains(&identifier.as_str()) {
        "it is a Rust keyword".to_owned()
    } else if TOOLCHAIN.contains(&identifier.as_str()) {
        "a crate of the Rust toolchain has this name".to_owned()
    } else if DIRECTORIES.contains(&name) {
        "a directory in the build output has this name".to_owned()
    } else if identifier.starts_with("engraft") && ["engraft", "engraft_macros", "engraft_manifest"].contains(&identifier.as_str()) {
        "a crate of Engraft has this name".to_owned()
    } else {
        return Ok(());
    };
    bail!("`{name}` is not a valid package name: {why}\nhelp: use lowercase ASCII letters, digits, `-` and `_`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_names_are_refused() {
        for name in ["app", "my-app", "my_app", "a2", "hello"] {
            assert!(validate(name).is_ok(), "{name}");
        }
        for name in ["", "2a", "-a", "_a", "my app", "a/b", "App", "größe", "a.b", "fn", "std", "proc-macro", "plugins", "engraft"] {
            assert!(validate(name).is_err(), "{name}");
        }
    }
}
