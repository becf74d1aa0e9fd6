//! Whether a plugin's packages fit into a process: the rules of identity, as one pure function.
//!
//! A hosted package must be known with the same hash. A bundled package must be unknown, or known
//! with the same hash: then it is the one already there. Whatever has another key is another package. What the host has for
//! itself alone is nobody else's, hosted or bundled: a second copy would have statics of its own. So would a bundled one beside a part
//! of it in the host: that part's functions would use the host's statics, and all others the plugin's. Hosted, a part is what it is:
//! whatever a plugin needs that is not in it, the linker and the system's loader find missing.
//!
//! Linkers make slices file by file: a package that adds to one must come in the same file as the package that reads it, or after an equal
//! one that did.

use crate::{Hash, Identity, Key, Origin, Toolchain};

/// The packages of a process: the host's, and those that opened plugins brought.
pub trait Known {
    /// The compiler that the host was made with.
    fn toolchain(&self) -> Toolchain<'_>;
    /// The host's [`modifiers`](crate::Manifest::modifiers).
    fn modifiers(&self) -> &str;
    /// The hash of the host's package with this key.
    fn in_host(&self, key: Key) -> Option<Hash>;
    /// Whether the host does not export its package with this key.
    fn is_private(&self, key: Key) -> bool;
    /// Whether the host has and exports a part of its package with this key.
    fn is_partial(&self, key: Key) -> bool;
    /// The hash of the package with this key that a plugin brought.
    fn brought(&self, key: Key) -> Option<Hash>;
}

/// One rule that a plugin breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It was made by another compiler. Nothing else about it can be the same.
    Toolchain,
    /// Its own packages were compiled with other [`modifiers`](crate::Manifest::modifiers) than the host's.
    Modifiers,
    /// It takes a package from the host that the process does not have; index into [`Manifest::packages`](crate::Manifest::packages).
    Missing(usize),
    /// It and the process have a package of one identity and different content; index into [`Manifest::packages`](crate::Manifest::packages).
    Differs(usize),
    /// It has a package that the host has too and does not export; index into [`Manifest::packages`](crate::Manifest::packages).
    Private(usize),
    /// It brings a package along of which the host has and exports a part; index into [`Manifest::packages`](crate::Manifest::packages).
    Partial(usize),
    /// It brings a package that adds to a slice, and the process has the package already that reads the slice, from another file.
    Slice {
        /// The key of the package that reads the slice.
        reads: Key,
        /// The key of the package that adds to it.
        adds: Key,
    },
}

impl Fault {
    /// The package that does not fit by itself; none for a fault of the whole file, or of two packages together.
    #[must_use]
    pub fn package(self) -> Option<usize> {
        match self {
            Self::Toolchain | Self::Modifiers | Self::Slice { .. } => None,
            Self::Missing(index) | Self::Differs(index) | Self::Private(index) | Self::Partial(index) => Some(index),
        }
    }
}

/// All rules that `plugin` breaks in a process of `known` packages; empty if it fits.
///
/// That it names the process's host as one that it was linked for is no proof: that is only what the file says.
#[must_use]
pub fn judge(known: &impl Known, plugin: &Identity<'_>) -> Vec<Fault> {
    let bundled = plugin.bundled.iter().enumerate().map(|(index, package)| (plugin.hosted.len() + index, package));
    let toolchain = (known.toolchain() != plugin.toolchain).then_some(Fault::Toolchain);
    let modifiers = (known.modifiers() != plugin.modifiers).then_some(Fault::Modifiers);
    let hosted = plugin.hosted.iter().enumerate().map(|package| (package, Origin::Hosted));
    let faults = hosted.chain(bundled.map(|package| (package, Origin::Bundled))).filter_map(|((index, (key, hash)), origin)| {
        match (known.in_host(key).or_else(|| known.brought(key)), origin) {
            (Some(found), _) if found == hash => match origin {
                _ if known.is_private(key) => Some(Fault::Private(index)),
                Origin::Bundled if known.is_partial(key) => Some(Fault::Partial(index)),
                _ => None,
            },
            (Some(_), _) => Some(Fault::Differs(index)),
            (None, Origin::Hosted) => Some(Fault::Missing(index)),
            (None, _) => None,
        }
    });
    let is_known = |key| known.in_host(key).or_else(|| known.brought(key)).is_some();
    let parted = plugin.slices().filter(|&(reads, adds)| is_known(reads) && !is_known(adds));
    let slices = parted.map(|(reads, adds)| Fault::Slice { reads, adds });
    toolchain.into_iter().chain(modifiers).chain(faults).chain(slices).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BuildId, Manifest, Package, Role};

    /// Packages of the host, and packages that plugins brought.
    struct Process(Vec<(u8, u8)>, Vec<(u8, u8)>);

    /// The package that the host has for itself alone.
    const PRIVATE: Key = Key([7; 16]);

    /// The package of which the host has a part.
    const PARTIAL: Key = Key([8; 16]);

    /// The toolchain's packages, which every host has and every plugin borrows. Their keys come after all others.
    const CORE: u8 = 254;
    const STD: u8 = 255;

    const TOOLCHAIN: Toolchain<'static> = Toolchain { version: "rustc 1.95.0", commit: "abc", host: "x86_64" };

    const MODIFIERS: &str = "-C panic=unwind";

    fn find(packages: &[(u8, u8)], key: Key) -> Option<Hash> {
        packages.iter().find(|(known, _)| Key([*known; 16]) == key).map(|(_, hash)| Hash([*hash; 32]))
    }

    impl Known for Process {
        fn toolchain(&self) -> Toolchain<'_> {
            TOOLCHAIN
        }
        fn modifiers(&self) -> &str {
            MODIFIERS
        }
        fn in_host(&self, key: Key) -> Option<Hash> {
            find(&self.0, key).or_else(|| find(&[(CORE, CORE), (STD, STD)], key))
        }
        fn is_private(&self, key: Key) -> bool {
            key == PRIVATE
        }
        fn is_partial(&self, key: Key) -> bool {
            key == PARTIAL
        }
        fn brought(&self, key: Key) -> Option<Hash> {
            find(&self.1, key)
        }
    }

    fn plugin(packages: &[(u8, u8, Origin)]) -> Manifest<'static> {
        let package = |&(key, hash, origin): &(u8, u8, Origin)| Package {
            key: Key([key; 16]),
            hash: Hash([hash; 32]),
            origin,
            crate_name: match key {
                CORE => "core",
                STD => "std",
                _ => "c",
            },
            name: "c",
            version: "1.0.0",
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
            toolchain: TOOLCHAIN,
            target: "x86_64",
            profile: "dev",
            hosts: vec![],
            packages: [(CORE, CORE, Origin::Hosted), (STD, STD, Origin::Hosted)].iter().chain(packages).map(package).collect(),
            exports: vec![],
            initialisers: vec![],
            flag_sets: vec![vec![]],
            modifiers: MODIFIERS,
            cpu_features: "",
            slices: vec![],
        }
    }

    fn verdict(process: &Process, plugin: &Manifest<'_>) -> Vec<Fault> {
        judge(process, &Identity::read(&plugin.encode()).unwrap())
    }

    #[test]
    fn the_rules_of_identity() {
        use Origin::{Bundled, Hosted};
        let process = Process(vec![(1, 1), (7, 7), (8, 8)], vec![(2, 2)]);
        type Row = (&'static [(u8, u8, Origin)], &'static [Fault]);
        let table: &[Row] = &[
            (&[], &[]),
            (&[(1, 1, Hosted), (2, 2, Hosted)], &[]),
            (&[(1, 9, Hosted)], &[Fault::Differs(0)]),
            (&[(3, 3, Hosted)], &[Fault::Missing(0)]),
            (&[(3, 3, Bundled)], &[]),
            (&[(1, 1, Bundled)], &[]),
            (&[(1, 9, Bundled)], &[Fault::Differs(2)]),
            (&[(7, 7, Hosted)], &[Fault::Private(0)]),
            (&[(7, 7, Bundled)], &[Fault::Private(2)]),
            (&[(7, 9, Bundled)], &[Fault::Differs(2)]),
            (&[(8, 8, Hosted)], &[]),
            (&[(8, 8, Bundled)], &[Fault::Partial(2)]),
            (&[(8, 9, Bundled)], &[Fault::Differs(2)]),
            // Hosted packages come first.
            (&[(1, 9, Bundled), (3, 3, Bundled), (4, 4, Hosted)], &[Fault::Missing(0), Fault::Differs(3)]),
        ];
        for (packages, faults) in table {
            assert_eq!(verdict(&process, &plugin(packages)), *faults, "{packages:?}");
        }
    }

    #[test]
    fn slice_is_in_the_file_of_its_reader() {
        use Origin::Bundled;
        let process = Process(vec![(1, 1)], vec![(2, 2), (4, 4)]);
        let key = |key| Key([key; 16]);
        for (reads, adds, fits) in [(1, 3, false), (2, 3, false), (2, 4, true), (3, 4, true), (3, 5, true)] {
            let mut plugin = plugin(&[1, 2, 3, 4, 5].map(|key| (key, key, Bundled)));
            plugin.slices = vec![(key(reads), key(adds))];
            let faults = if fits { vec![] } else { vec![Fault::Slice { reads: key(reads), adds: key(adds) }] };
            assert_eq!(verdict(&process, &plugin), faults, "{adds} adds to what {reads} reads");
        }
    }

    #[test]
    fn naming_the_host_proves_nothing() {
        use Origin::{Bundled, Hosted};
        let process = Process(vec![(1, 1)], vec![(3, 4)]);
        let mut plugin = plugin(&[(1, 1, Hosted), (2, 2, Hosted), (3, 3, Bundled)]);
        for hosts in [vec![], vec![9], vec![9, 1]] {
            plugin.hosts = hosts.into_iter().map(|host| BuildId([host; 32])).collect();
            assert_eq!(verdict(&process, &plugin), [Fault::Missing(1), Fault::Differs(4)]);
        }
    }

    #[test]
    fn plugin_of_other_modifiers_is_refused() {
        for modifiers in ["-C panic=abort", "", "-C panic=unwind, -Z sanitizer=address"] {
            let other = Manifest { modifiers, ..plugin(&[(3, 3, Origin::Bundled)]) };
            assert_eq!(verdict(&Process(vec![], vec![]), &other), [Fault::Modifiers], "{modifiers}");
        }
    }

    #[test]
    fn another_compiler_comes_before_everything_else() {
        let mut other = plugin(&[(3, 3, Origin::Hosted)]);
        other.toolchain.commit = "def";
        assert_eq!(verdict(&Process(vec![], vec![]), &other), [Fault::Toolchain, Fault::Missing(0)]);
    }
}
