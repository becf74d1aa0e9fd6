//! Shows what a plugin needs beside its own file, which its signature does not cover: shared libraries, and the directories in which the plugin
//! has the system's loader look for them, with who can write there.

use engraft::Checked;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A line for the libraries and for each directory.
pub fn lines(checked: &Checked) -> Vec<String> {
    let needs = Some(checked.libraries.join(", ")).filter(|libraries| !libraries.is_empty()).map(|libraries| format!("needs {libraries}"));
    let looks_in = |directory: &PathBuf| format!("looks in {}", looked_into(directory));
    needs.into_iter().chain(checked.directories.iter().map(looks_in)).collect()
}

/// A directory that stands in a plugin's file, and what there is to say of it.
fn looked_into(directory: &Path) -> String {
    let text = directory.display();
    if text.to_string().contains('$') {
        return format!("{text}: a private copy, which a keyring opens, is in no directory, so nothing is found there");
    }
    if directory.is_relative() {
        return format!("{text:?}: starts from the working directory of the program, so whoever starts it chooses the libraries");
    }
    match writer(directory) {
        Some((writer, place)) => format!("{text}: {writer} can write to {}", place.display()),
        None => text.to_string(),
    }
}

/// Who besides root can put files into a directory, or another directory into its place; and where.
fn writer(directory: &Path) -> Option<(String, PathBuf)> {
    let mut is_last = true;
    let real = directory.canonicalize().unwrap_or_default();
    directory.ancestors().chain(real.ancestors()).find_map(|place| {
        // What is not there can be made by whoever can write to the first directory above it that is.
        let data = place.metadata().ok()?;
        let is_target = std::mem::take(&mut is_last);
        Some((others(data.mode(), data.uid(), data.gid(), is_target)?, place.to_owned()))
    })
}

/// Who besides root can write to a directory. In one with the sticky bit nobody can replace what is somebody else's, but add to it.
fn others(mode: u32, user: u32, group: u32, may_be_added_to: bool) -> Option<String> {
    const STICKY: u32 = 0o1000;
    let counts = mode & STICKY == 0 || may_be_added_to;
    match mode {
        _ if counts && mode & 0o002 != 0 => Some("everybody".to_owned()),
        _ if counts && mode & 0o020 != 0 && group != 0 => Some(format!("the group {group}")),
        _ if user != 0 => Some(format!("the user {user}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn writers_besides_root_are_named() {
        for (mode, user, group, last, expected) in [
            (0o755, 0, 0, true, None),
            (0o775, 0, 0, true, None),
            (0o775, 0, 50, true, Some("the group 50")),
            (0o777, 0, 0, false, Some("everybody")),
            (0o1777, 0, 0, true, Some("everybody")),
            (0o1777, 0, 0, false, None),
            (0o1777, 7, 0, false, Some("the user 7")),
            (0o755, 1000, 1000, true, Some("the user 1000")),
        ] {
            assert_eq!(others(mode, user, group, last).as_deref(), expected, "{mode:o} {user} {group} {last}");
        }
    }

    #[test]
    fn directories_that_are_not_plain_are_explained() {
        let said = |directory: &str| looked_into(Path::new(directory));
        assert!(said("$ORIGIN/lib").contains("in no directory"));
        assert!(said("").contains("\"\": starts from the working directory"));
        assert!(said("lib").contains("starts from the working directory"));
        assert_eq!(said("/usr"), "/usr");
    }

    #[test]
    fn missing_directory_is_made_by_writers_of_its_parent() {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let said = looked_into(&directory.path().join("a/b"));
        assert!(said.ends_with(&format!("/a/b: everybody can write to {}", directory.path().display())), "{said}");
    }
}
