//! The repository as the steps see it: where it is, which files and which workspaces it holds.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The repository's root: the directory above this crate.
pub(crate) fn root() -> &'static Path {
    let this_crate = Path::new(env!("CARGO_MANIFEST_DIR"));
    this_crate.parent().unwrap_or(this_crate)
}

/// Every file that git tracks or would add, relative to the root, in git's order.
///
/// Files not added yet belong to it, or a new file would only fail once it is committed.
pub(crate) fn files() -> Result<Vec<String>> {
    // `target` is named again: an example without a `.gitignore` of its own must not
    // drag the generated sources of its build into the rules.
    let listing = process::stdout_of(Command::new("git").current_dir(root()).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--exclude=target",
    ]))
    .context("failed to list the repository's files")?;
    let files = listing.split('\0').filter(|path| !path.is_empty());
    // A tracked file that was deleted is still listed until the deletion is staged.
    Ok(files.filter(|path| root().join(path).is_file()).map(str::to_owned).collect())
}

/// The `Cargo.toml` of every example and fixture, of `fuzz`, of `benchmarks` and of its programs, relative to the root and
/// sorted: each is a workspace of its own, which no `--workspace` from the root reaches.
pub(crate) fn nested_workspaces() -> Result<Vec<PathBuf>> {
    let mut manifests = ["benchmarks/Cargo.toml", "benchmarks/programs/Cargo.toml", "fuzz/Cargo.toml"].map(PathBuf::from).to_vec();
    for parent in ["examples", "fixtures"] {
        if !root().join(parent).is_dir() {
            continue;
        }
        let entries = root().join(parent).read_dir().with_context(|| format!("failed to list {parent}/"))?;
        for entry in entries {
            let name = entry.with_context(|| format!("failed to list {parent}/"))?.file_name();
            let manifest = Path::new(parent).join(name).join("Cargo.toml");
            if root().join(&manifest).is_file() {
                manifests.push(manifest);
            }
        }
    }
    manifests.sort();
    Ok(manifests)
}
