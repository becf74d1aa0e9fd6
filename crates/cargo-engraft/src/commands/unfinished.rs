//! What builds that were killed leave under names that nobody looks for: half-made files, scratch directories, sessions. The next build
//! in the target directory removes it, because it alone may be at work there.

use crate::place;
use std::fs;
use std::path::Path;

/// Directories of cargo's that nothing of Engraft's is made in, and that have many files.
const OF_CARGO: [&str; 3] = [".fingerprint", "incremental", "build"];

/// Removes everything unfinished from the directory `engraft` of a target directory, and from all below.
///
/// What can't be removed stays: it is in nobody's way. If the process that makes it does live on after the one that started it was
/// killed, it fails, and so does what waits for it; nothing of that would have been used.
pub fn remove(engraft: &Path) {
    remove_below(engraft, true);
}

fn remove_below(directory: &Path, is_top: bool) {
    // What can't be listed is nothing that was made here.
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        // What a link leads to is somebody else's.
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if name.starts_with(place::UNFINISHED) {
            let _ = if is_directory { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        } else if is_directory && (is_top || !OF_CARGO.contains(&&*name)) {
            remove_below(&path, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_unfinished_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let kept = [".lock", "debug/host", "debug/plugins/one.so", "build/debug/build/x/out/.engraft-own", "build/debug/deps/libx.rlib"];
        let removed =
            ["debug/.engraft-a/file", "debug/plugins/.engraft-b/.engraft-c/output", "build/.engraft-d", "build/debug/deps/.engraft-e"];
        for file in kept.iter().chain(&removed) {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join(".engraft-f"), "").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), root.path().join("debug/link")).unwrap();
        remove(root.path());
        assert_eq!(kept.map(|file| root.path().join(file).exists()), [true; 5]);
        assert_eq!(removed.map(|file| root.path().join(file).exists()), [false; 4]);
        assert!(!root.path().join("debug/.engraft-a").exists());
        assert!(elsewhere.path().join(".engraft-f").exists());
    }
}
