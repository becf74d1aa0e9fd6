//! The record's bytes come back as they were written, and whatever else is given is refused, without a panic.

mod allocations;
mod sample;

use allocations::peak;
use engraft_manifest::{DecodeError, Identity, Key, MAX_LEN, Manifest, Origin, Package, Role};

#[test]
fn a_record_comes_back_as_it_was_written() {
    let manifest = sample::manifest();
    let bytes = manifest.encode();
    assert_eq!(Manifest::decode(&bytes).unwrap(), manifest);
    assert_eq!(Manifest::decode(&bytes).unwrap().encode(), bytes, "one manifest has one encoding");
}

#[test]
fn a_record_that_ends_early_is_refused_at_every_length() {
    let bytes = sample::manifest().encode();
    for len in 0..bytes.len() {
        assert!(matches!(Manifest::decode(&bytes[..len]), Err(DecodeError::Malformed(_))), "{len}");
    }
}

#[test]
fn packages_are_written_hosted_first_and_by_key() {
    let manifest = sample::manifest();
    let mut shuffled = manifest.clone();
    shuffled.packages.rotate_left(1);
    for package in &mut shuffled.packages {
        package.dependencies.iter_mut().for_each(|index| *index = (*index + 3) % 4);
    }
    assert_eq!(Manifest::decode(&shuffled.encode()).unwrap(), manifest);
}

#[test]
fn the_identity_is_read_without_the_rest() {
    let manifest = sample::manifest();
    let record = manifest.encode();
    let identity = Identity::read(&record).unwrap();
    assert_eq!((identity.role, identity.toolchain), (manifest.role, manifest.toolchain));
    assert_eq!(identity.hosts().collect::<Vec<_>>(), manifest.hosts);
    assert_eq!((identity.modifiers, identity.cpu_features), (manifest.modifiers, manifest.cpu_features));
    let packages: Vec<_> = identity.hosted.iter().chain(identity.bundled.iter()).collect();
    assert_eq!(packages, manifest.packages.iter().map(|package| (package.key, package.hash)).collect::<Vec<_>>());
    assert_eq!(identity.initialisers().collect::<Vec<_>>(), [manifest.initialisers[0].key]);
    let held = peak(|| drop(Identity::read(&record)));
    assert_eq!(held, 0, "it takes no memory");
}

/// A host of four packages, of which it exports two whole and one in part.
fn with_a_private_package() -> Manifest<'static> {
    let mut host = sample::host();
    host.packages[1].origin = Origin::Private;
    host.packages[3].origin = Origin::Partial;
    host
}

#[test]
fn what_a_host_does_not_export_is_told_by_the_identity_alone() {
    let host = with_a_private_package();
    let record = host.encode();
    assert_eq!(Manifest::decode(&record).unwrap(), host);
    let identity = Identity::read(&record).unwrap();
    assert_eq!(identity.bundled.len(), 4);
    assert_eq!([1, 2, 3, 4].map(|key| identity.is_private(Key([key; 16]))), [false, true, false, false]);
    assert_eq!([1, 2, 3, 4].map(|key| identity.is_partial(Key([key; 16]))), [false, false, true, false]);
}

#[test]
fn what_follows_a_record_is_refused() {
    let mut bytes = sample::manifest().encode();
    bytes.extend([0, 0]);
    assert!(matches!(Manifest::decode(&bytes), Err(DecodeError::Trailing(2))));
}

#[test]
fn any_altered_byte_is_refused_or_says_something_else_and_never_panics() {
    let manifest = sample::manifest();
    let bytes = manifest.encode();
    // Miri runs this some hundred times slower.
    for at in (0..bytes.len()).step_by(if cfg!(miri) { 61 } else { 1 }) {
        for value in 0..=u8::MAX {
            let mut altered = bytes.clone();
            if std::mem::replace(&mut altered[at], value) == value {
                continue;
            }
            if let Ok(read) = Manifest::decode(&altered) {
                // Every reference holds, so walking it can't panic either.
                for package in &read.packages {
                    assert!(read.dependencies(package).count() <= read.packages.len());
                    let _ = (read.flags(package), package.label());
                }
            }
        }
    }
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    let mut flags = sample::manifest();
    flags.packages[1].flags = 1;
    assert!(Manifest::decode(&flags.encode()).unwrap_err().to_string().contains("flag set 1"));

    // What `filter` depends on, and the package of the initialiser.
    for (bytes, altered, words) in [
        (&b"\x80\x82\x00\x01"[..], &b"\x80\x82\x00\x04"[..], "package 4"),
        (b"\x03\x03\x03\x03estart", b"\x03\x03\x03\x04estart", "initialisers"),
    ] {
        let mut record = sample::manifest().encode();
        let at = record.windows(bytes.len()).position(|window| window == bytes).unwrap();
        record[at..at + bytes.len()].copy_from_slice(altered);
        assert!(Manifest::decode(&record).unwrap_err().to_string().contains(words), "{words}");
    }
}

#[test]
fn a_record_larger_than_any_is_refused_unread() {
    let bytes = vec![0x80; MAX_LEN + 1];
    assert!(matches!(Manifest::decode(&bytes), Err(DecodeError::TooLong(len)) if len == MAX_LEN + 1));
}

/// The verdict reads only the identity, so that must not contradict itself.
#[test]
fn an_identity_that_contradicts_itself_is_refused() {
    let mut twice = sample::manifest();
    twice.packages[0].key = twice.packages[3].key;
    assert!(matches!(Identity::read(&twice.encode()), Err(DecodeError::Packages)), "hosted and bundled");
    let mut of_another = sample::manifest();
    of_another.initialisers[0].key = of_another.packages[0].key;
    assert!(matches!(Identity::read(&of_another.encode()), Err(DecodeError::Initialisers)), "initialisers of a hosted package");
    // A host's own crate is no package.
    let of_another = Manifest { initialisers: of_another.initialisers, ..sample::host() };
    assert!(Identity::read(&of_another.encode()).is_ok());
    let mut of_a_plugin = with_a_private_package();
    assert!(Identity::read(&of_a_plugin.encode()).is_ok());
    of_a_plugin.role = Role::Plugin;
    assert!(matches!(Identity::read(&of_a_plugin.encode()), Err(DecodeError::Packages)), "private packages of a plugin");
    let mut of_nobody = with_a_private_package().encode();
    let at = of_nobody.windows(16).rposition(|window| window == [2; 16]).unwrap();
    of_nobody[at] = 9;
    assert!(matches!(Identity::read(&of_nobody), Err(DecodeError::Packages)), "a private package that is not there");
    let mut disordered = sample::manifest().encode();
    let at = disordered.windows(16).position(|window| window == [1; 16]).unwrap();
    disordered[at] = 9;
    assert!(matches!(Identity::read(&disordered), Err(DecodeError::Packages)), "out of order");
}

/// A shared object has the toolchain's packages then, and perhaps others that the record does not name.
#[test]
fn record_without_core_and_std_is_refused() {
    type Change = fn(&mut Package<'static>);
    let remove: Change = |package| package.crate_name = "other";
    let to_other_side: Change = |package| package.origin = if package.origin == Origin::Hosted { Origin::Bundled } else { Origin::Hosted };
    let hide: Change = |package| package.origin = Origin::Private;
    let take_in_part: Change = |package| package.origin = Origin::Partial;
    for (manifest, changes) in
        [(sample::manifest(), &[remove, to_other_side][..]), (sample::host(), &[remove, to_other_side, hide, take_in_part])]
    {
        Manifest::decode(&manifest.encode()).unwrap();
        for name in ["core", "std"] {
            for (index, change) in changes.iter().enumerate() {
                let mut without = manifest.clone();
                without.packages.iter_mut().filter(|package| package.crate_name == name).for_each(change);
                let record = without.encode();
                assert!(matches!(Manifest::decode(&record), Err(DecodeError::Standard)), "{name} {index}");
                assert!(
                    matches!(Identity::read(&record), Err(DecodeError::Standard)),
                    "the verdict reads only the identity: {name} {index}"
                );
            }
        }
    }
}

/// The two items of a record say the same.
#[test]
fn key_of_another_package_is_not_taken_for_that_of_std() {
    let mut renamed = sample::manifest();
    renamed.packages[1].crate_name = "alloc";
    let mut record = renamed.encode();
    let at = record.windows(5).position(|window| window == b"alloc").unwrap();
    record[at..at + 5].copy_from_slice(b"alloy");
    assert!(Identity::read(&record).is_ok());
    assert!(matches!(Manifest::decode(&record), Err(DecodeError::Standard)));
}
