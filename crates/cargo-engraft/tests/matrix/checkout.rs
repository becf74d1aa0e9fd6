//! A copy of `fixtures/matrix`, to be edited.

use crate::harness::place;
use crate::variant::Variant;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of the fixture in a directory, as a variant has them.
pub fn write(directory: &Path, variant: &Variant) -> Result<(), String> {
    if directory.exists() {
        fs::remove_dir_all(directory).map_err(|error| format!("failed to remove {}: {error}", directory.display()))?;
    }
    copy(&place::fixture("matrix"), directory).map_err(|error| format!("failed to fill {}: {error}", directory.display()))?;
    let engraft = place::repository().join("crates/engraft");
    replace(&directory.join("Cargo.toml"), "../../crates/engraft", &engraft.display().to_string())?;
    variant.edits.iter().try_for_each(|(file, from, to)| replace(&directory.join(file), from, to))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target: PathBuf = to.join(path.file_name().unwrap_or_default());
        if path.join("CACHEDIR.TAG").is_file() {
            // Somebody has built the fixture itself.
            continue;
        }
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            // Written and not copied: what cargo compares are times.
            fs::write(&target, fs::read(&path)?)?;
        }
    }
    Ok(())
}

fn replace(path: &Path, from: &str, to: &str) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("failed to read {}: {error}", path.display()))?;
    if !text.contains(from) {
        return Err(format!("expected `{from}` in {}", path.display()));
    }
    fs::write(path, text.replace(from, to)).map_err(|error| format!("failed to write {}: {error}", path.display()))
}
