//! Reads the Rust sources of the workspace's packages. Skips files that can't be read or parsed.

use super::outputs::listed;
use crate::cargo::workspace::Workspace;
use crate::doctor::source::Source;
use cargo_metadata::Metadata;

/// Reads all sources, sorted by path.
pub fn read_all(metadata: &Metadata, workspace: &Workspace) -> Vec<Source> {
    let mut found = Vec::new();
    for package in metadata.workspace_packages() {
        let Some(directory) = package.manifest_path.parent() else { continue };
        let mut left = vec![directory.join("src").into_std_path_buf()];
        while let Some(path) = left.pop() {
            left.extend(
                listed(&path)
                    .unwrap_or_default()
                    .into_iter()
                    .filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "rs")),
            );
            if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(&workspace.root).unwrap_or(&path).display().to_string();
                found.extend(Source::parse(&package.name, &name, &text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
