//! A manifest with something in every field, for the tests to take apart.

use engraft_manifest::{BuildId, Export, Hash, Initialiser, ItemKind, Key, Manifest, Origin, Package, Role, Source, Toolchain};

/// A package of this name whose key and hash are made of one number each.
pub fn package(name: &'static str, key: u8, hash: u8) -> Package<'static> {
    Package {
        key: Key([key; 16]),
        hash: Hash([hash; 32]),
        origin: Origin::Hosted,
        crate_name: name,
        name,
        version: "1.2.3",
        source: "registry",
        features: vec!["default", "std"],
        flags: 0,
        sources: vec![],
        dependencies: vec![],
        crate_id: None,
    }
}

/// A plugin that bundles itself and borrows three packages.
pub fn manifest() -> Manifest<'static> {
    Manifest {
        role: Role::Plugin,
        name: "filter",
        toolchain: Toolchain { version: "rustc 1.95.0 (59807616e 2026-04-14)", commit: "59807616e", host: "x86_64-unknown-linux-gnu" },
        target: "x86_64-unknown-linux-gnu",
        profile: "dev",
        hosts: vec![BuildId([5; 32]), BuildId([6; 32])],
        packages: vec![
            package("core", 1, 1),
            Package { dependencies: vec![0], sources: vec![Source { path: "src/lib.rs", digest: u64::MAX }], ..package("api", 2, 2) },
            // Its key is between the others', so that packages are in the order of their keys in a host, too.
            Package { key: Key([2, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]), ..package("std", 0, 4) },
            Package { origin: Origin::Bundled, dependencies: vec![0, 1], crate_id: Some(u64::MAX), ..package("filter", 3, 3) },
        ],
        exports: vec![Export {
            path: "rules::apply",
            kind: ItemKind::Function,
            signature: "pub fn apply(request: &Request) -> Response",
            doc: "Applies the rules. Größe: \"1\"",
            file: "src/rules.rs",
            line: 300,
        }],
        initialisers: vec![Initialiser { key: Key([3; 16]), path: "start", file: "src/lib.rs", line: 7 }],
        flag_sets: vec![vec!["-C opt-level=3", "--edition 2024"]],
        modifiers: "-C panic=unwind",
        cpu_features: "avx avx2",
        slices: vec![],
    }
}

/// A host that has the packages of [`manifest`].
#[allow(dead_code, reason = "not every test has a host")]
pub fn host() -> Manifest<'static> {
    let mut host = Manifest { role: Role::Host, name: "host", hosts: vec![], ..manifest() };
    host.packages.iter_mut().for_each(|package| package.origin = Origin::Bundled);
    host
}
