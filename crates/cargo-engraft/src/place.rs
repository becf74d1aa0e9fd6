//! Puts complete files where others look for them: written beside, then renamed, so that nobody ever sees half of one.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use tempfile::{Builder, TempDir};

/// What the names of files and directories begin with that are not finished. A build that is killed leaves them, and the next removes them.
pub const UNFINISHED: &str = ".engraft-";

/// Replaces the file at `path` by `content`.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    create(path, content, EVERYBODY, true)
}

/// Makes the file at `path`; one that is there already stays, and is an error, unless it is to be replaced.
pub fn create(path: &Path, content: &[u8], mode: u32, replace: bool) -> Result<()> {
    let create = || -> std::io::Result<()> {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        let mut file = Builder::new().prefix(UNFINISHED).permissions(permissions).tempfile_in(parent(path))?;
        std::io::Write::write_all(&mut file, content)?;
        let placed = if replace { file.persist(path) } else { file.persist_noclobber(path) };
        placed.map(drop).map_err(std::io::Error::from)
    };
    create().with_context(|| format!("failed to write {}", path.display()))
}

/// As any other new file, for whoever shares the directory; temporary files are private otherwise.
pub const EVERYBODY: u32 = 0o666;

/// For nobody but the owner.
pub const OWNER: u32 = 0o600;

/// Makes `to` another name of the file `from`, or where the file system can't, a copy of it; replaces what was at `to`.
///
/// A hard link is safe because Engraft's linker never rewrites a file: it makes a new one and renames it.
pub fn link(from: &Path, to: &Path) -> Result<()> {
    let directory = parent(to);
    std::fs::create_dir_all(directory).with_context(|| format!("failed to create {}", directory.display()))?;
    let place = || -> std::io::Result<()> {
        let temporary = Builder::new().prefix(UNFINISHED).tempdir_in(directory)?;
        let file = temporary.path().join("file");
        if std::fs::hard_link(from, &file).is_err() {
            std::fs::copy(from, &file)?;
        }
        std::fs::rename(&file, to)
    };
    place().with_context(|| format!("failed to place {} at {}", from.display(), to.display()))
}

/// Puts the finished file `from` at `to`, in place of what is there.
///
/// Into a device, a FIFO or a socket it is written, as linkers do: under its name others expect it to stay what it is (`/dev/null`).
pub fn put(from: &Path, to: &Path) -> Result<()> {
    let put = || -> std::io::Result<()> {
        if !is_special(to) {
            return std::fs::rename(from, to);
        }
        let mut into = std::fs::OpenOptions::new().write(true).open(to)?;
        std::io::copy(&mut std::fs::File::open(from)?, &mut into).map(drop)
    };
    put().with_context(|| format!("failed to place {}", to.display()))
}

/// Where a scratch directory for a file that is to be [`put`] at `to` belongs.
pub fn beside(to: &Path) -> PathBuf {
    if is_special(to) { std::env::temp_dir() } else { parent(to).to_owned() }
}

/// Whether a path names what is neither file, directory nor link.
fn is_special(path: &Path) -> bool {
    let kind = std::fs::symlink_metadata(path).map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| !kind.is_file() && !kind.is_dir() && !kind.is_symlink())
}

/// Removes a file, if there is one.
pub fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("failed to remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// A directory within `directory` for what is not finished; it goes away with the value.
pub fn scratch(directory: &Path) -> Result<TempDir> {
    let made = Builder::new().prefix(UNFINISHED).tempdir_in(directory);
    made.with_context(|| format!("failed to make a temporary directory in {}", directory.display()))
}

/// Writes a file that nobody looks for yet, such as one in a scratch directory.
pub fn write_unseen(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    std::fs::write(path, content).with_context(|| format!("failed to write {}", path.display()))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
