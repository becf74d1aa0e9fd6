//! A host or plugin in the output directory, with what the checks need of its manifest.

use engraft_manifest::{Manifest, Origin, Role};

/// A linked file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Path of the file.
    pub path: String,
    /// The profile's output directory. The host and plugins in it belong together.
    pub build: String,
    /// The host's target name or the plugin's package name.
    pub name: String,
    pub role: Role,
    pub build_id: String,
    /// The version line of the compiler.
    pub compiler: String,
    /// The build ids of the hosts for which it was linked.
    pub hosts: Vec<String>,
    pub packages: Vec<Package>,
    /// Files of the host's own crate that were changed or removed after the host was linked.
    pub later: Vec<String>,
}

/// A package in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub key: String,
    pub bundled: bool,
    pub features: Vec<String>,
    /// Source files, each with the first bytes of its digest.
    pub sources: Vec<(String, u64)>,
}

impl Output {
    /// Creates the output from the file's manifest.
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

    /// The hosts in the same output directory.
    pub fn hosts_beside<'o>(&self, all: &'o [Self]) -> impl Iterator<Item = &'o Self> {
        let build = self.build.clone();
        all.iter().filter(move |output| output.role == Role::Host && output.build == build)
    }
}

impl Package {
    /// Name and version, separated by a space.
    #[must_use]
    pub fn label(&self) -> String {
        if self.version.is_empty() { self.name.clone() } else { format!("{} {}", self.name, self.version) }
    }
}

#[cfg(test)]
pub mod sample {
    //! Sample outputs for the tests of the checks.

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
