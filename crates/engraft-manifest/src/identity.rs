//! The part of the record that a verdict needs: which packages, how all of them were compiled, and nothing else about them.
//!
//! It is read in place, without decoding the rest and without memory of its own: `open` pays for it every time.

use crate::{BuildId, DecodeError, Hash, Key, Role, Toolchain};
use minicbor::bytes::ByteSlice;
use minicbor::{Decode, Encode};

/// Bytes that a key takes.
const KEY: usize = 16;

/// Bytes that a package takes here: its key and its hash.
const ENTRY: usize = KEY + 32;

/// Bytes that a build id takes.
const BUILD_ID: usize = 32;

/// What a file's packages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Host or plugin.
    pub role: Role,
    /// The compiler that made them.
    pub toolchain: Toolchain<'a>,
    /// The builds of hosts that a plugin was linked for, one behind another.
    hosts: &'a [u8],
    /// The packages that the file brings along.
    pub bundled: Packages<'a>,
    /// The packages that the file takes from a host.
    pub hosted: Packages<'a>,
    /// The keys of what the file brings along and has initialisers, in the order in which those run.
    initialisers: &'a [u8],
    /// The keys of the bundled packages that a host does not export, in order.
    private: &'a [u8],
    /// The keys of the bundled packages of which a host has and exports a part, in order.
    partial: &'a [u8],
    /// The keys of `core`, `alloc` and `std`, in order.
    standard: &'a [u8],
    /// The compiler flags on which all code of a process must agree, as [`Manifest::modifiers`](crate::Manifest::modifiers).
    pub modifiers: &'a str,
    /// The CPU features that the file's own code needs, as [`Manifest::cpu_features`](crate::Manifest::cpu_features).
    pub cpu_features: &'a str,
    /// Pairs of keys of bundled packages, which rise: of one that reads a slice that a linker makes, and one that adds to it.
    slices: &'a [u8],
}

/// Keys and hashes of packages, in order of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packages<'a>(&'a [u8]);

/// How it is written.
#[derive(Encode, Decode)]
#[cbor(array)]
pub(crate) struct Written<'a> {
    #[n(0)]
    pub(crate) role: Role,
    #[b(1)]
    pub(crate) toolchain: Toolchain<'a>,
    #[cbor(b(2), with = "minicbor::bytes")]
    pub(crate) hosts: &'a [u8],
    #[cbor(b(3), with = "minicbor::bytes")]
    pub(crate) bundled: &'a [u8],
    #[cbor(b(4), with = "minicbor::bytes")]
    pub(crate) hosted: &'a [u8],
    #[cbor(b(5), with = "minicbor::bytes")]
    pub(crate) initialisers: &'a [u8],
    #[cbor(b(6), with = "minicbor::bytes")]
    pub(crate) private: &'a [u8],
    #[cbor(b(7), with = "minicbor::bytes")]
    pub(crate) partial: &'a [u8],
    #[cbor(b(8), with = "minicbor::bytes")]
    pub(crate) standard: &'a [u8],
    #[b(9)]
    pub(crate) modifiers: &'a str,
    #[b(10)]
    pub(crate) cpu_features: &'a str,
    // Few plugins have slices, and the others' records are not longer for it.
    #[b(11)]
    pub(crate) slices: Option<&'a ByteSlice>,
}

impl<'a> Identity<'a> {
    /// Reads the identity that a record begins with.
    ///
    /// # Errors
    ///
    /// The bytes are too long, or do not begin with an identity; or that contradicts itself.
    pub fn read(record: &'a [u8]) -> Result<Self, DecodeError> {
        Self::split(record).map(|(identity, _)| identity)
    }

    /// The bytes of a record that its identity takes, unread; none if not all of them are there. The rest is of no use to a verdict.
    #[must_use]
    pub fn part_of(record: &[u8]) -> Option<&[u8]> {
        let mut decoder = minicbor::Decoder::new(record);
        decoder.skip().ok()?;
        Some(&record[..decoder.position()])
    }

    /// The identity, and the rest of the record.
    pub(crate) fn split(record: &'a [u8]) -> Result<(Self, &'a [u8]), DecodeError> {
        if record.len() > crate::MAX_LEN {
            return Err(DecodeError::TooLong(record.len()));
        }
        let mut decoder = minicbor::Decoder::new(record);
        let written: Written<'a> = decoder.decode().map_err(DecodeError::Malformed)?;
        let of_keys = [written.initialisers, written.private, written.partial, written.standard];
        let slices = written.slices.map_or(&[][..], |slices| slices);
        if !written.hosts.len().is_multiple_of(BUILD_ID)
            || !slices.len().is_multiple_of(2 * KEY)
            || of_keys.iter().any(|keys| !keys.len().is_multiple_of(KEY))
        {
            return Err(DecodeError::Packages);
        }
        let identity = Self {
            role: written.role,
            toolchain: written.toolchain,
            hosts: written.hosts,
            bundled: Packages::new(written.bundled)?,
            hosted: Packages::new(written.hosted)?,
            initialisers: written.initialisers,
            private: written.private,
            partial: written.partial,
            standard: written.standard,
            modifiers: written.modifiers,
            cpu_features: written.cpu_features,
            slices,
        };
        identity.check()?;
        Ok((identity, &record[decoder.position()..]))
    }

    /// Each package has one place, and only hosts have private and partial ones, which are theirs. And what a plugin initialises is its own; a host
    /// also initialises its own crate, which is no package.
    fn check(&self) -> Result<(), DecodeError> {
        if !self.bundled.is_ordered() || !self.hosted.is_ordered() || self.hosted.meets(self.bundled) {
            return Err(DecodeError::Packages);
        }
        let is_bundled = |key| self.bundled.hash_of(key).is_some();
        for listed in [self.private, self.partial].into_iter().filter(|listed| !listed.is_empty()) {
            let keys = || keys(listed).iter().map(|key| Key(*key));
            if !keys().is_sorted_by(|a, b| a < b) || !keys().all(is_bundled) || (self.role == Role::Plugin && !listed.is_empty()) {
                return Err(DecodeError::Packages);
            }
        }
        let is_slice = |&(reads, adds): &(Key, Key)| is_bundled(reads) && is_bundled(adds);
        let slices = self.role == Role::Plugin || self.slices.is_empty();
        if !slices || !self.slices().all(|slice| is_slice(&slice)) || !self.slices().is_sorted_by(|a, b| a < b) {
            return Err(DecodeError::Packages);
        }
        if keys(self.partial).iter().any(|key| self.is_private(Key(*key))) {
            return Err(DecodeError::Packages);
        }
        if self.role == Role::Plugin && !self.initialisers().all(is_bundled) {
            return Err(DecodeError::Initialisers);
        }
        self.check_standard()
    }

    /// A host exports `core` and `std` whole, and a plugin borrows them. Where they are missing, a shared object has them (a Rust
    /// `dylib`, or `-C prefer-dynamic`), and perhaps other packages that no record names.
    fn check_standard(&self) -> Result<(), DecodeError> {
        let is_shared = |key: &Key| match self.role {
            Role::Host => self.bundled.hash_of(*key).is_some() && !self.is_private(*key) && !self.is_partial(*key),
            Role::Plugin => self.hosted.hash_of(*key).is_some(),
        };
        let count = self.standard().len();
        let is_ordered = self.standard().is_sorted_by(|a, b| a < b);
        if count >= 2 && is_ordered && self.standard().all(|key| is_shared(&key)) { Ok(()) } else { Err(DecodeError::Standard) }
    }

    /// The keys of `core`, `alloc` and `std`.
    pub fn standard(&self) -> impl ExactSizeIterator<Item = Key> + use<'a> {
        keys(self.standard).iter().map(|key| Key(*key))
    }

    /// The builds of hosts that the linker proved a plugin to fit.
    pub fn hosts(&self) -> impl ExactSizeIterator<Item = BuildId> + use<'a> {
        self.hosts.as_chunks().0.iter().map(|id| BuildId(*id))
    }

    /// The keys of the packages that have initialisers, in the order in which those run: each after all that it depends
    /// on, and a host's own crate last.
    pub fn initialisers(&self) -> impl ExactSizeIterator<Item = Key> + use<'a> {
        keys(self.initialisers).iter().map(|key| Key(*key))
    }

    /// Pairs of bundled packages: of one that reads a slice that the linker has made in this file, and one that adds to it.
    pub fn slices(&self) -> impl ExactSizeIterator<Item = (Key, Key)> + use<'a> {
        self.slices.as_chunks::<{ 2 * KEY }>().0.iter().map(|pair| {
            let [reads, adds] = [0, 1].map(|index| Key(pair.as_chunks().0[index]));
            (reads, adds)
        })
    }

    /// Whether this is a host that does not export its package with this key.
    #[must_use]
    pub fn is_private(&self, key: Key) -> bool {
        keys(self.private).binary_search(&key.0).is_ok()
    }

    /// Whether this is a host that exports a part of its package with this key.
    #[must_use]
    pub fn is_partial(&self, key: Key) -> bool {
        keys(self.partial).binary_search(&key.0).is_ok()
    }

    /// Whether this is a host that exports only a part of some package.
    #[must_use]
    pub fn has_partial(&self) -> bool {
        !self.partial.is_empty()
    }

    /// Whether the file brings a package with this key along, or takes it from a host.
    #[must_use]
    pub fn has(&self, key: Key) -> bool {
        self.hosted.hash_of(key).is_some() || self.bundled.hash_of(key).is_some()
    }
}

impl<'a> Packages<'a> {
    /// Takes bytes for a table, if they are whole entries.
    fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        if bytes.len().is_multiple_of(ENTRY) { Ok(Self(bytes)) } else { Err(DecodeError::Packages) }
    }

    /// Whether the keys rise: [`hash_of`](Self::hash_of) would miss packages where they don't.
    fn is_ordered(self) -> bool {
        self.ranks().is_sorted_by(|a, b| a < b)
    }

    /// The keys as numbers, which are in the same order and soon compared.
    fn ranks(self) -> impl ExactSizeIterator<Item = u128> + use<'a> {
        self.entries().iter().map(rank)
    }

    fn entries(self) -> &'a [[u8; ENTRY]] {
        self.0.as_chunks().0
    }

    /// Whether a key is in both tables, which are in order.
    fn meets(self, other: Self) -> bool {
        let (mut ours, mut theirs) = (self.ranks().peekable(), other.ranks().peekable());
        while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
            match our.cmp(their) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => ours.next(),
                std::cmp::Ordering::Greater => theirs.next(),
            };
        }
        false
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.len() / ENTRY
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The packages, in order of their keys.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (Key, Hash)> + use<'a> {
        self.entries().iter().map(entry)
    }

    /// The hash of the package with this key.
    #[must_use]
    pub fn hash_of(self, key: Key) -> Option<Hash> {
        let entries = self.entries();
        let at = entries.binary_search_by_key(&u128::from_be_bytes(key.0), rank).ok()?;
        Some(entry(&entries[at]).1)
    }
}

fn entry(bytes: &[u8; ENTRY]) -> (Key, Hash) {
    let mut hash = [0; ENTRY - KEY];
    hash.copy_from_slice(&bytes[KEY..]);
    (Key(key(bytes)), Hash(hash))
}

fn key(bytes: &[u8; ENTRY]) -> [u8; KEY] {
    let mut key = [0; KEY];
    key.copy_from_slice(&bytes[..KEY]);
    key
}

fn rank(bytes: &[u8; ENTRY]) -> u128 {
    u128::from_be_bytes(key(bytes))
}

/// The keys in a list of them.
fn keys(list: &[u8]) -> &[[u8; KEY]] {
    list.as_chunks().0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(keys: &[u8]) -> Vec<u8> {
        keys.iter().flat_map(|&key| [[key; 16].as_slice(), &[key + 100; 32]].concat()).collect()
    }

    #[test]
    fn the_identity_is_the_part_of_a_record_that_it_can_be_read_from() {
        let record = minicbor::to_vec((1, [2, 3], "text", [0; 300])).unwrap();
        let longer = [&record[..], b"rest"].concat();
        for len in 0..longer.len() {
            let part = Identity::part_of(&longer[..len]);
            assert_eq!(part, (len >= record.len()).then_some(&record[..]), "{len}");
        }
    }

    #[test]
    fn every_package_is_found_and_no_other() {
        for count in 0..40 {
            let keys: Vec<u8> = (0..count).map(|index| index * 2 + 1).collect();
            let bytes = table(&keys);
            let packages = Packages::new(&bytes).unwrap();
            assert_eq!(packages.len(), keys.len());
            for key in 0..=count * 2 + 1 {
                let expected = keys.contains(&key).then(|| Hash([key + 100; 32]));
                assert_eq!(packages.hash_of(Key([key; 16])), expected, "{key} of {count}");
            }
        }
    }

    #[test]
    fn a_table_out_of_order_is_told() {
        for (keys, ordered) in [(&[1, 2][..], true), (&[], true), (&[2, 1], false), (&[1, 1], false), (&[1, 3, 2], false)] {
            assert_eq!(Packages::new(&table(keys)).unwrap().is_ordered(), ordered, "{keys:?}");
        }
        assert!(Packages::new(&table(&[1])[..47]).is_err());
    }

    #[test]
    fn a_package_in_two_tables_is_told() {
        for (one, other, meet) in
            [(&[1, 3, 5][..], &[2, 4][..], false), (&[1, 3], &[0, 3], true), (&[], &[1], false), (&[7], &[1, 2, 7], true)]
        {
            let (one, other) = (table(one), table(other));
            assert_eq!(Packages::new(&one).unwrap().meets(Packages::new(&other).unwrap()), meet);
        }
    }
}
