//! Crate names that several packages of the process have: types that print alike come from these.

use crate::{OnePackage, SameName};
use engraft_manifest::{Manifest, Origin};
use std::collections::BTreeSet;

/// A part of the process that brought packages into it.
pub(crate) struct Carrier<'m> {
    /// How it is called: `the host`.
    pub(crate) name: String,
    pub(crate) manifest: &'m Manifest<'m>,
}

/// The crate names in both types that are more than one package.
pub(crate) fn same_names(asked: &str, found: &str, carriers: &[Carrier<'_>]) -> Vec<SameName> {
    let asked = crates(asked);
    let shared = crates(found).into_iter().filter(|name| asked.contains(name));
    shared
        .map(|name| SameName { crate_name: name.to_owned(), packages: packages(name, carriers) })
        .filter(|same| same.packages.len() > 1)
        .collect()
}

/// The crates in the name of a type: what stands before `::` and behind none.
fn crates(type_name: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut rest = type_name;
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut behind_colons = false;
    while let Some(start) = rest.find(in_name) {
        behind_colons = if start == 0 { behind_colons } else { rest[..start].ends_with("::") };
        let word = &rest[start..];
        let end = word.find(|c| !in_name(c)).unwrap_or(word.len());
        if !behind_colons && word[end..].starts_with("::") {
            names.insert(&word[..end]);
        }
        rest = &word[end..];
        behind_colons = false;
    }
    names
}

/// The packages of a crate name, each once, with who brought it first.
fn packages(crate_name: &str, carriers: &[Carrier<'_>]) -> Vec<OnePackage> {
    let mut keys = BTreeSet::new();
    let mut packages = Vec::new();
    for Carrier { name, manifest } in carriers {
        let brought = manifest.packages.iter().filter(|package| package.origin != Origin::Hosted && package.crate_name == crate_name);
        for package in brought.filter(|package| keys.insert(package.key)) {
            packages.push(OnePackage {
                label: package.label(),
                source: package.source.to_owned(),
                features: package.features.iter().map(|&feature| feature.to_owned()).collect(),
                carrier: name.clone(),
            });
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;
    use engraft_manifest::{Hash, Key, Package, Role, Toolchain};

    #[test]
    fn crates_in_types() {
        for (name, expected) in [
            ("u32", &[][..]),
            ("api::Request", &["api"]),
            ("fn(&api::Request) -> core::option::Option<other_api::a::B>", &["api", "core", "other_api"]),
            ("<api::Request as shared::Trait>::Out", &["api", "shared"]),
            ("[größe::T; 3]", &["größe"]),
            ("dyn api::Trait + core::marker::Send", &["api", "core"]),
            ("", &[]),
        ] {
            assert_eq!(crates(name).into_iter().collect::<Vec<_>>(), expected, "{name}");
        }
    }

    fn manifest(packages: &[(u8, &'static str, Origin)]) -> Manifest<'static> {
        let package = |&(key, version, origin): &(u8, &'static str, Origin)| Package {
            key: Key([key; 16]),
            hash: Hash([key; 32]),
            origin,
            crate_name: "api",
            name: "api",
            version,
            source: "registry",
            features: vec![],
            flags: 0,
            sources: vec![],
            dependencies: vec![],
            crate_id: None,
        };
        Manifest {
            role: Role::Plugin,
            name: "p",
            toolchain: Toolchain { version: "", commit: "", host: "" },
            target: "",
            profile: "",
            hosts: vec![],
            packages: packages.iter().map(package).collect(),
            exports: vec![],
            initialisers: vec![],
            flag_sets: vec![],
            modifiers: "",
            cpu_features: "",
            slices: vec![],
        }
    }

    #[test]
    fn packages_of_one_name_are_told_with_who_brought_them() {
        use Origin::{Bundled, Hosted};
        let host = manifest(&[(1, "1.0.0", Bundled)]);
        let borrows = manifest(&[(1, "1.0.0", Hosted)]);
        let brings = manifest(&[(1, "1.0.0", Hosted), (2, "2.0.0", Bundled)]);
        let carrier = |name: &str, manifest| Carrier { name: name.to_owned(), manifest };
        let told = |carriers: &[Carrier<'_>]| same_names("fn(&api::A)", "fn(&api::A)", carriers).first().map(ToString::to_string);
        assert_eq!(told(&[carrier("the host", &host), carrier("the plugin `a`", &borrows)]), None);
        assert_eq!(
            told(&[
                carrier("the host", &host),
                carrier("the plugin `a`", &borrows),
                carrier("the plugin `b`", &brings),
                carrier("c", &brings)
            ])
            .unwrap(),
            "`api` is 2 packages: api 1.0.0 of the host; api 2.0.0 of the plugin `b`"
        );
        assert_eq!(same_names("fn(&api::A)", "fn(u8)", &[carrier("the host", &host), carrier("b", &brings)]), []);
    }
}
