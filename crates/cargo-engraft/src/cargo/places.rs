//! Where each package of a build is from, and what it is called wherever it stands.

use crate::rustc::package_place::{PackagePlace, plain_name};
use cargo_metadata::{Metadata, Package, PackageId};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

/// Of each package, by its directory.
pub(super) fn of_packages(metadata: &Metadata) -> BTreeMap<PathBuf, PackagePlace> {
    let members: HashSet<&PackageId> = metadata.workspace_members.iter().collect();
    let mut packages: Vec<&Package> = metadata.packages.iter().collect();
    packages.sort_by_key(|package| (&package.name, &package.version, rank(package), package.source.as_ref().map(|source| &source.repr)));
    let mut places = BTreeMap::new();
    let mut before = None;
    for package in packages {
        let plain = plain_name(&package.name, &package.version.to_string());
        let is_twin = before.as_ref() == Some(&plain);
        let name = if is_twin { format!("{plain}-{}", digest_of_source(package)) } else { plain.clone() };
        before = Some(plain);
        let place = PackagePlace {
            name,
            source: source(metadata, package),
            is_member: members.contains(&package.id),
            is_fetched: package.source.is_some(),
        };
        places.insert(directory(package), place);
    }
    places
}

/// The packages without a source that stand in for one with a source, by `[patch]` or `paths`: some dependent asks for that one.
pub(super) fn stand_ins(metadata: &Metadata) -> HashSet<&PackageId> {
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let edges = nodes.flat_map(|node| node.deps.iter().map(|dependency| (&metadata[&node.id], &dependency.pkg)));
    let replaced = edges.filter(|(dependent, id)| {
        let asked = |name: &str| dependent.dependencies.iter().any(|asked| asked.name == name && asked.path.is_none());
        let package = &metadata[*id];
        package.source.is_none() && asked(&package.name)
    });
    replaced.map(|(_, id)| id).filter(|id| !metadata.workspace_members.contains(id)).collect()
}

/// The directory of a package.
pub(super) fn directory(package: &Package) -> PathBuf {
    package.manifest_path.parent().map(|dir| dir.as_std_path().to_owned()).unwrap_or_default()
}

/// Which of several packages of one name and version has the plain name: what most other builds have as well.
fn rank(package: &Package) -> u8 {
    match &package.source {
        Some(source) if source.is_crates_io() => 0,
        Some(source) if !source.repr.starts_with("git+") => 1,
        Some(_) => 2,
        None => 3,
    }
}

fn digest_of_source(package: &Package) -> String {
    let source = package.source.as_ref().map_or("path", |source| &source.repr);
    let mut digest = blake3::hash(source.as_bytes()).to_hex().to_string();
    digest.truncate(8);
    digest
}

fn source(metadata: &Metadata, package: &Package) -> String {
    if let Some(source) = &package.source {
        return source.repr.strip_prefix("git+").map_or_else(|| "registry".to_owned(), git_source);
    }
    let directory = directory(package);
    match directory.strip_prefix(&metadata.workspace_root) {
        Ok(relative) if relative.as_os_str().is_empty() => ".".to_owned(),
        Ok(relative) => relative.display().to_string(),
        // A clone's directory may have any name; no lock file has two packages by path of one name and version.
        Err(_) => format!("path/{}", package.name),
    }
}

/// The source of a package of a git repository, given the address as cargo writes it: `https://host/repo.git?branch=main#revision`.
fn git_source(address: &str) -> String {
    let (address, revision) = address.split_once('#').unwrap_or((address, ""));
    let address = address.split_once('?').map_or(address, |(address, _)| address).trim_end_matches('/');
    let name = address.rsplit('/').next().unwrap_or_default();
    format!("git/{}/{}", name.strip_suffix(".git").unwrap_or(name), revision.get(..7).unwrap_or(revision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_of_a_git_repository_are_told_apart() {
        let revision = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d";
        for address in ["https://host/me/my-repo", "https://host/me/my-repo.git?branch=main", "file:///srv/my-repo/"] {
            assert_eq!(git_source(&format!("{address}#{revision}")), "git/my-repo/1a2b3c4");
        }
        assert_eq!(git_source("ssh://git@host/my-repo?rev=5d6e7f8#5d6e7f8"), "git/my-repo/5d6e7f8");
    }
}
