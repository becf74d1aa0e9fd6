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
        let mut file = Builder::new().prefix(&unfinished()).permissions(permissions).tempfile_in(parent(path))?;
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
        let temporary = Builder::new().prefix(&unfinished()).tempdir_in(directory)?;
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
    let made = Builder::new().prefix(&unfinished()).tempdir_in(directory);
    made.with_context(|| format!("failed to make a temporary directory in {}", directory.display()))
}

/// Writes a file that nobody looks for yet, such as one in a scratch directory.
pub fn write_unseen(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    std::fs::write(path, content).with_context(|| format!("failed to write {}", path.display()))
}

/// What the names begin with that this process gives. By the number others see whether it still runs.
fn unfinished() -> String {
    format!("{UNFINISHED}{}-", std::process::id())
}

/// Removes from a directory what processes left that were killed. What can't be removed is in nobody's way.
///
/// Whose processes have other numbers, in another container, does not build here now: cargo locks the directory.
pub fn remove_abandoned(directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED)?.split_once('-')).map(|(number, _)| number);
        let is_number = |number: &&str| number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty();
        if number.filter(is_number).is_some_and(|number| !is_running(number)) {
            let path = entry.path();
            let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        }
    }
}

/// Whether the process with this number runs. One that was killed is a zombie until its parent has asked how it ended (`proc_pid_stat(5)`).
fn is_running(number: &str) -> bool {
    let Ok(stat) = std::fs::read_to_string(Path::new("/proc").join(number).join("stat")) else { return false };
    // A program's name, in parentheses, may contain anything.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(state, Some('Z' | 'X'))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        // One that nobody waits for is a zombie.
        let mut zombie = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        assert!(is_running(&zombie.id().to_string()));
        zombie.kill().unwrap();
        while is_running(&zombie.id().to_string()) {
            std::thread::yield_now();
        }
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        zombie.wait().unwrap();
        let own = scratch(directory.path()).unwrap();
        let abandoned =
            [format!(".engraft-{}-a", ended.id()), format!(".engraft-{}-b", ended.id())].map(|name| directory.path().join(name));
        std::fs::create_dir(&abandoned[0]).unwrap();
        std::fs::write(abandoned[0].join("file"), "").unwrap();
        std::fs::write(&abandoned[1], "").unwrap();
        let others = ["host", ".engraft--c", ".engraft-x-d"].map(|name| directory.path().join(name));
        others.iter().for_each(|path| std::fs::write(path, "").unwrap());
        remove_abandoned(directory.path());
        assert_eq!(abandoned.map(|path| path.exists()), [false; 2]);
        assert_eq!(others.map(|path| path.exists()), [true; 3]);
        assert!(own.path().is_dir());
    }
}
