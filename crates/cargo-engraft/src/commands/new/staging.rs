//! Creates directories together with their content, or not at all.

use anyhow::{Context, Result};
use std::path::Path;

/// A file to create: its path within the directory, and its text.
pub type NewFile = (String, String);

/// Creates a directory with these files at `path`, which must not exist or be empty. `finish` runs before the directory becomes visible.
///
/// The directory is built in `scratch`, a directory on the same file system, and then moved.
pub fn appear(path: &Path, scratch: &Path, files: &[NewFile], finish: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let appear = || -> Result<()> {
        // Use a directory within the temporary one, whose permissions are for its owner only.
        let temporary = tempfile::Builder::new().prefix(".engraft-new-").tempdir_in(scratch)?;
        let staged = temporary.path().join("new");
        for (name, text) in files {
            let file = staged.join(name);
            std::fs::create_dir_all(file.parent().unwrap_or(&staged))?;
            std::fs::write(&file, text)?;
        }
        finish(&staged)?;
        if path.exists() {
            move_entries(&staged, path)?
        } else {
            std::fs::rename(&staged, path)?
        }
        Ok(())
    };
    appear().with_context(|| format!("failed to create {}", path.display()))
}

/// Moves the entries of one directory into another, which stays in place because it can be the current directory of a shell.
fn move_entries(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut moved = Vec::new();
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if let Err(error) = std::fs::rename(entry.path(), &place) {
            // Move the entries back to the temporary directory, which is removed.
            for (place, origin) in moved {
                let _ = std::fs::rename(place, origin);
            }
            return Err(error);
        }
        moved.push((place, entry.path()));
    }
    Ok(())
}
