//! The salt of a plugin-side package: a digest of what it is compiled from, given to rustc as one more `-C metadata`.
//!
//! rustc makes `TypeId`s and symbol names from the metadata. With the salt, two plugins that happen to
//! have one name, and two generations of one plugin, have different types and symbols by construction;
//! and a package that two plugins bring is one package exactly when it is the same.
//!
//! The salt need not catch everything: what it misses has an equal key and another hash, which
//! [`engraft_manifest::judge`] refuses.

use super::arguments::Arguments;
use super::metadata;
use super::record::CargoPackage;
use super::session::Session;
use crate::cargo::target_directory;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The salt of a plugin-side package, in hexadecimal.
///
/// It covers the package's files, what its build script made and said, and the compiled metadata of
/// every library that it is compiled against, through which it covers all that those depend on.
pub fn salt(session: &Session, package: &CargoPackage, arguments: &Arguments) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    hash_tree(&mut hasher, &package.dir, &package.dir, &session.filled)?;
    if let Some(generated) = &package.generated {
        hash_tree(&mut hasher, generated, generated, &session.filled)?;
        let said = package.without_places(&package.build_script_output(), session);
        hash_part(&mut hasher, "build script", said.as_bytes());
    }
    for path in &arguments.externs {
        // The compiler's `.rmeta` is there before its `.rlib`: cargo starts a dependent when it appears.
        let metadata = path.with_extension("rmeta");
        let file = if metadata.is_file() { &metadata } else { path };
        let content = std::fs::read(file).with_context(|| format!("failed to read the library {}", file.display()))?;
        hash_part(&mut hasher, "library", metadata::digest(&content).as_bytes());
    }
    let mut text = hasher.finalize().to_hex().to_string();
    text.truncate(32);
    Ok(text)
}

fn hash_part(hasher: &mut blake3::Hasher, name: &str, content: &[u8]) {
    // Lengths keep one part's end from passing for another one's beginning.
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name.as_bytes());
    hasher.update(&(content.len() as u64).to_le_bytes());
    hasher.update(content);
}

fn hash_tree(hasher: &mut blake3::Hasher, root: &Path, dir: &Path, filled: &[PathBuf]) -> Result<()> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("failed to list {}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What is built is marked, unless somebody else made its directory; what a link leads to is not the package's.
        let built = target_directory::is_marked(&path) || filled.contains(&path);
        let of_others = name.starts_with('.') || path.is_symlink() || built;
        // Another package below this one is its own affair.
        if of_others || (path.is_dir() && path.join("Cargo.toml").is_file()) {
            continue;
        }
        if path.is_dir() {
            hash_tree(hasher, root, &path, filled)?;
        } else if path.is_file() {
            let content = std::fs::read(&path).with_context(|| format!("failed to read {}", path.display()))?;
            hash_part(hasher, &path.strip_prefix(root).unwrap_or(&path).display().to_string(), &content);
        }
    }
    Ok(())
}
