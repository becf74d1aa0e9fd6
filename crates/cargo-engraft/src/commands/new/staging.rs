//! Makes directories appear with all that is in them, or not at all.

use anyhow::{Context, Result};
use std::path::Path;

/// A file to be: its path within the directory, and its text.
pub type NewFile = (String, String);

/// Makes a directory with these files at `path`, which must not exist or be empty. `finish` adds the last touches before it can be seen.
///
/// It is made in `scratch`, a directory of the same file system in which nobody looks for it.
pub fn appear(path: &Path, scratch: &Path, files: &[NewFile], finish: impl FnOnce(&Path)) -> Result<()> {
    let appear = || -> Result<()> {
        // Within the temporary directory, because that one is for its owner alone.
        let temporary = tempfile::Builder::new().prefix(".engraft-new-").tempdir_in(scratch)?;
        let staged = temporary.path().join("new");
        for (name, text) in files {
            let file = staged.join(name);
            std::fs::create_dir_all(file.parent().unwrap_or(&staged))?;
            std::fs::write(&file, text)?;
        }
        finish(&staged);
        if path.exists() {
            move_entries(&staged, path)?
        } else {
            std::fs::rename(&staged, path)?
        }
        Ok(())
    };
    appear().with_context(|| format!("failed to create {}", path.display()))
}

/// Moves what is in one directory into another. The directory itself stays: a shell may stand in it.
fn move_entries(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut moved = Vec::new();
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if let Err(error) = std::fs::rename(entry.path(), &place) {
            // Back to where it is cleaned up.
            for (place, origin) in moved {
                let _ = std::fs::rename(place, origin);
            }
            return Err(error);
        }
        moved.push((place, entry.path()));
    }
    Ok(())
}
