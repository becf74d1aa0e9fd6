//! A host or plugin that a build left in the output directory, as far as the checks ask about it.

use engraft_manifest::{Manifest, Origin, Role};

/// A linked file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its path.
    pub path: String,
    /// The directory of its profile: host and plugins in it belong together.
    pub build: String,
    /// The host's target name or the plugin's package name.
    pub name: String,
    pub role: Role,
    pub build_id: String,
    /// The compiler's version line.
    pub compiler: String,
    /// The build ids of the hosts that it was linked for.
    pub hosts: Vec<String>,
    pub packages: Vec<Package>,
    /// Files of a host's own crate that were written, or removed, after it was linked.
    pub later: Vec<String>,
}

/// A package in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub key: String,
    pub bundled: bool,
    pub features: Vec<String>,
    /// Files and the beginnings of their digests.
    pub sources: Vec<(String, u64)>,
}

impl Output {
    /// From what is in the file.
    #[must_use]
    pub fn new(path: String, build: String, build_id: String, manifest: &Manifest<'_>) -> Self {
        let package = |package: &engraft_manifest::Package<'_>| Package {
            name: package.name.to_owned(),
            version: package.version.to_owned(),
            key: package.key.to_string(),
            bundled: package.origin != Origin::Hosted,
            features: package.features.iter().map(|&feature| feature.to_owned()).collect(),
            sources: package.sources.iter().map(|source| (source.path.to_owned(), source.digest)).collect(),
        };
        Self {
            path,
            build,
            name: manifest.name.to_owned(),
            role: manifest.role,
            build_id,
            compiler: manifest.toolchain.version.to_owned(),
            hosts: manifest.hosts.iter().map(ToString::to_string).collect(),
            packages: manifest.packages.iter().map(package).collect(),
            later: Vec::new(),
        }
    }

    /// The hosts of a build.
    pub fn hosts_beside<'o>(&self, all: &'o [Self]) -> impl Iterator<Item = &'o Self> {
        let build = self.build.clone();
        all.iter().filter(move |output| output.role == Role::Host && output.build == build)
    }
}

impl Package {
    /// Name and version as people write them.
    #[must_use]
    pub fn label(&self) -> String {
        if self.version.is_empty() { self.name.clone() } else { format!("{} {}", self.name, self.version) }
    }
}

#[cfg(test)]
pub mod sample {
    //! Outputs for the checks' tests.

    use super::*;

    pub fn output(role: Role, name: &str, packages: Vec<Package>) -> Output {
        Output {
            path: format!("/t/debug/{name}"),
            build: "/t/debug".into(),
            name: name.into(),
            role,
            build_id: format!("id of {name}"),
            compiler: "rustc 1.95.0 (abc)".into(),
            hosts: Vec::new(),
            packages,
            later: Vec::new(),
        }
    }

    pub fn package(name: &str, key: &str, bundled: bool, features: &[&str]) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            key: key.into(),
            bundled,
            features: features.iter().map(ToString::to_string).collect(),
            sources: Vec::new(),
        }
    }
}
