//! The record: what is read comes back as it was, and can be judged and explained.

use engraft_manifest::{Fault, Hash, Identity, Key, Known, Manifest, Packages, Role, Toolchain, differences, judge, report};
use std::collections::BTreeMap;

/// Takes the bytes for a record.
///
/// # Panics
///
/// Something does not hold.
pub fn check(data: &[u8]) {
    let identity = Identity::read(data);
    if let Ok(identity) = &identity {
        let part = Identity::part_of(data).expect("what can be read is there");
        assert_eq!(Identity::read(part).ok().as_ref(), Some(identity), "the rest is of no use");
        are_found(identity.bundled);
        are_found(identity.hosted);
        assert!(identity.bundled.iter().all(|(key, _)| identity.hosted.hash_of(key).is_none()));
        assert!(identity.initialisers().len() + identity.hosts().len() <= data.len());
    }
    let Ok(manifest) = Manifest::decode(data) else { return };
    let identity = identity.expect("what is a record begins with an identity");
    let identified: Vec<_> = identity.hosted.iter().chain(identity.bundled.iter()).collect();
    let described: Vec<_> = manifest.packages.iter().map(|package| (package.key, package.hash)).collect();
    assert_eq!(identified, described);

    let written = manifest.encode();
    let again = Manifest::decode(&written).expect("what was written can be read");
    assert_eq!(again, manifest);
    assert_eq!(again.encode(), written, "one manifest has one encoding");
    is_explained(&manifest, &identity);
}

/// Each package of a table is found.
fn are_found(packages: Packages<'_>) {
    for (key, hash) in packages.iter() {
        assert_eq!(packages.hash_of(key), Some(hash));
    }
}

/// Judges a plugin in a process that has some of its packages, and some of them with another hash.
fn is_explained(plugin: &Manifest<'_>, identity: &Identity<'_>) {
    let mut host = Manifest { role: Role::Host, hosts: Vec::new(), ..plugin.clone() };
    let mut known = BTreeMap::new();
    for (index, package) in host.packages.iter_mut().enumerate() {
        match index % 4 {
            0 => package.hash.0[0] ^= 1,
            1 => package.version = "0",
            2 => package.features.clear(),
            _ => {}
        }
        if index % 4 != 1 {
            known.insert(package.key, package.hash);
        }
    }
    let process = Process { known, toolchain: plugin.toolchain, modifiers: plugin.modifiers };
    let faults = judge(&process, identity);
    for fault in &faults {
        // The compiler is the same; what is left is a slice.
        let Some(package) = fault.package().map(|index| &plugin.packages[index]) else { continue };
        let found = process.in_host(package.key);
        assert!(matches!(fault, Fault::Missing(_)) == found.is_none());
        assert_eq!(matches!(fault, Fault::Private(_) | Fault::Partial(_)), found == Some(package.hash));
    }
    let found = differences(plugin, &faults, &[&host]);
    let told: usize = found.iter().map(|difference| 1 + difference.followers.len()).sum();
    assert!(faults.is_empty() == found.is_empty() || told == 0, "{} faults, {told} told", faults.len());
    assert_eq!(report(&found).to_string().is_empty(), found.is_empty());
}

struct Process<'m> {
    known: BTreeMap<Key, Hash>,
    toolchain: Toolchain<'m>,
    modifiers: &'m str,
}

impl Known for Process<'_> {
    fn toolchain(&self) -> Toolchain<'_> {
        self.toolchain
    }

    fn modifiers(&self) -> &str {
        self.modifiers
    }

    fn in_host(&self, key: Key) -> Option<Hash> {
        self.known.get(&key).copied()
    }

    fn is_private(&self, key: Key) -> bool {
        key.0[0] % 4 == 3
    }

    fn is_partial(&self, key: Key) -> bool {
        key.0[0] % 4 == 2
    }

    fn brought(&self, _: Key) -> Option<Hash> {
        None
    }
}
