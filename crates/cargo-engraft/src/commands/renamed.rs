//! Packages that are called otherwise than in the build before, though they stand where they stood: one became a member of the workspace, or
//! another of its name and version came. cargo does not know what they are called, and would take what was compiled then.

use crate::place;
use crate::rustc::package_place::PackagePlace;
use crate::rustc::session::Session;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Places = BTreeMap<PathBuf, PackagePlace>;

/// Makes cargo compile the renamed packages again.
pub fn compile_again(session: &Session) -> Result<()> {
    let remembered = session.target_dir.join("places.json");
    // What can't be read is as good as none: of a package that is not known nothing is compiled.
    let before: Places = std::fs::read(&remembered).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    let renamed: Vec<&str> = renamed(&before, &session.places).collect();
    if !renamed.is_empty() {
        for directory in fingerprints(&session.target_dir)? {
            let name = directory.file_name().unwrap_or_default().to_string_lossy();
            if renamed.iter().any(|place| is_of(&name, place)) {
                std::fs::remove_dir_all(&directory).with_context(|| format!("failed to remove {}", directory.display()))?;
            }
        }
    }
    let mut known = before.clone();
    known.extend(session.places.clone());
    // Last: whoever is killed before does it again.
    if known == before { Ok(()) } else { place::write(&remembered, &serde_json::to_vec(&known)?) }
}

/// What the packages are called that were called otherwise.
fn renamed<'p>(before: &Places, now: &'p Places) -> impl Iterator<Item = &'p str> {
    now.iter()
        .filter(|(directory, place)| before.get(*directory).is_some_and(|known| known != *place))
        .map(|(_, place)| place.name.as_str())
}

/// Whether one of cargo's fingerprints, named after a package and a hash, is of the package that is called so.
fn is_of(fingerprint: &str, place: &str) -> bool {
    let package = fingerprint.rsplit_once('-').map_or(fingerprint, |(package, _)| package);
    let version = place.strip_prefix(package).and_then(|rest| rest.strip_prefix('-'));
    version.is_some_and(|version| version.starts_with(|character: char| character.is_ascii_digit()))
}

/// The directories in which cargo remembers what it compiled: of each profile, and below that of each target.
fn fingerprints(target_dir: &Path) -> Result<Vec<PathBuf>> {
    let list = |directory: &Path| -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(directory).with_context(|| format!("failed to list {}", directory.display()))?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
        Ok(paths?.into_iter().filter(|path| path.is_dir()).collect())
    };
    let mut found = Vec::new();
    for directory in list(target_dir)? {
        for profile in list(&directory)?.into_iter().chain([directory]) {
            let directory = profile.join(".fingerprint");
            if directory.is_dir() {
                found.extend(list(&directory)?);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_of_renamed_packages_are_found() {
        let place = |name: &str, is_member| PackagePlace { name: name.into(), source: "x".into(), is_member, is_fetched: false };
        let before =
            [("/a".into(), place("a-1.0.0", false)), ("/b".into(), place("b-c-1.0.0", false)), ("/d".into(), place("d-1.0.0", true))];
        let now = [
            ("/a".into(), place("a-1.0.0", true)),
            ("/b".into(), place("b-c-1.0.0-01234567", false)),
            ("/d".into(), place("d-1.0.0", true)),
            ("/e".into(), place("e-1.0.0", true)),
        ];
        let (before, now) = (before.into(), now.into());
        let renamed: Vec<&str> = renamed(&before, &now).collect();
        assert_eq!(renamed, ["a-1.0.0", "b-c-1.0.0-01234567"]);
        let is_renamed = |name: &str| renamed.iter().any(|place| is_of(name, place));
        assert_eq!(["a-0123", "b-c-4567", "b-89ab", "d-0123", "a-b-0123"].map(is_renamed), [true, true, false, false, false]);

        let root = tempfile::tempdir().unwrap();
        for directory in ["debug/.fingerprint/a-0", "triple/release/.fingerprint/b-1", "debug/build/c", "linkers"] {
            std::fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        let mut found = fingerprints(root.path()).unwrap();
        found.sort();
        assert_eq!(found, ["debug/.fingerprint/a-0", "triple/release/.fingerprint/b-1"].map(|name| root.path().join(name)));
    }
}
