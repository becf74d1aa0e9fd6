//! A copy of `benchmarks/` with sources that can be edited without changing the repository.

use std::path::Path;

use anyhow::{Context, Result};

use crate::place::{Place, Profile};

/// Entries that are not copied, because they are not sources.
const LEFT_OUT: [&str; 3] = ["target", "plots", "RESULTS.md"];

/// The source file that two packages share, and below it the manifest of the second package. In the copy each package has its own source,
/// because otherwise cargo would compile an edit twice.
const SHARED: &str = "contestants/engraft/plugins/items/src/lib.rs";
const SHARING: &str = "contestants/engraft/plugins/items-two/Cargo.toml";

/// Creates a copy with the dev profile, and reuses the output of an earlier run.
pub(crate) fn of(place: &Place) -> Result<Place> {
    let root = place.root.join("target/edited");
    copy(&place.root, &root)?;
    rewrite(&root.join("Cargo.toml"), |text| from_elsewhere(text, &place.root))?;
    let sharing = root.join(SHARING);
    rewrite(&sharing, |text| text.replace("../items/src/lib.rs", "lib.rs"))?;
    std::fs::copy(root.join(SHARED), sharing.with_file_name("lib.rs")).with_context(|| format!("failed to copy {SHARED}"))?;
    Ok(Place { root, profile: Profile::Dev, ..place.clone() })
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("failed to make {}", to.display()))?;
    for entry in from.read_dir().with_context(|| format!("failed to list {}", from.display()))? {
        let entry = entry.with_context(|| format!("failed to list {}", from.display()))?;
        if LEFT_OUT.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&path, &copied)?;
        } else {
            std::fs::copy(&path, &copied).with_context(|| format!("failed to copy {} to {}", path.display(), copied.display()))?;
        }
    }
    Ok(())
}

fn rewrite(file: &Path, change: impl FnOnce(&str) -> String) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    std::fs::write(file, change(&text)).with_context(|| format!("failed to write {}", file.display()))
}

/// Makes paths in a manifest that lead out of the workspace absolute.
fn from_elsewhere(manifest: &str, root: &Path) -> String {
    manifest.replace("path = \"../", &format!("path = \"{}/../", root.display()))
}

#[cfg(test)]
mod tests {
    use super::from_elsewhere;
    use std::path::Path;

    #[test]
    fn only_paths_out_of_workspace_are_changed() {
        let manifest = "a = { path = \"../crates/a\" }\nb = { path = \"b\" }\n";
        let changed = "a = { path = \"/x/../crates/a\" }\nb = { path = \"b\" }\n";
        assert_eq!(from_elsewhere(manifest, Path::new("/x")), changed);
    }
}
