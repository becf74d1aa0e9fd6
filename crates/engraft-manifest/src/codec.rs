//! The record's bytes: two CBOR items (RFC 8949), the [`Identity`] and the rest, read back only if every reference in them holds.

use crate::identity::Written;
use crate::limits;
use crate::{Export, Identity, Initialiser, Key, Manifest, Origin, Package, Role, Source};
use core::fmt;
use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};
use std::collections::BTreeSet;

/// The version of the format that this crate writes and reads. It is the ELF note's type.
pub const FORMAT: u32 = 4;

/// The longest record that is read, in bytes. A host of a thousand packages takes a fifth of a MiB.
pub const MAX_LEN: usize = 16 << 20;

/// Why bytes are not a record.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// Longer than [`MAX_LEN`]; the length in bytes.
    TooLong(usize),
    /// Not CBOR of the described form.
    Malformed(minicbor::decode::Error),
    /// The table of packages is not whole, or not in order, or has one twice, or does not have the described number of packages.
    Packages,
    /// The initialisers are not those of the packages that have some, or not in their order.
    Initialisers,
    /// The record does not name the toolchain's `core` and `std` among the packages that host and plugin share.
    Standard,
    /// A package or flag set is referred to that is not there.
    Dangling {
        /// What was referred to.
        what: &'static str,
        /// By which index.
        index: u32,
    },
    /// More than any record says: of what, how much, and how much it may be.
    Excessive {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        len: usize,
        /// How much is read.
        limit: usize,
    },
    /// A package's dependencies are not in order, or one is named twice.
    Dependencies,
    /// Bytes follow the record; how many.
    Trailing(usize),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(len) => write!(f, "the record takes {len} bytes, more than the {MAX_LEN} that are read"),
            Self::Malformed(error) => write!(f, "the record is not well-formed: {error}"),
            Self::Packages => write!(f, "the record's table of packages is not whole, or not in order, or has one twice"),
            Self::Initialisers => write!(f, "the record's initialisers are not those of the packages that it names for them"),
            Self::Standard => write!(f, "the record does not have the toolchain's `core` and `std` among the shared packages"),
            Self::Dangling { what, index } => write!(f, "the record refers to {what} {index}, which it does not have"),
            Self::Excessive { what, len, limit } => write!(f, "the record has {len} {what}, more than the {limit} that are read"),
            Self::Dependencies => write!(f, "the dependencies of a package in the record are not in order"),
            Self::Trailing(len) => write!(f, "{len} bytes follow the record"),
        }
    }
}

impl core::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            _ => None,
        }
    }
}

/// The second item: all that a verdict does not need.
#[derive(Encode, Decode)]
#[cbor(array)]
pub(crate) struct Details<'a> {
    #[b(0)]
    name: &'a str,
    #[b(1)]
    target: &'a str,
    #[b(2)]
    profile: &'a str,
    #[b(3)]
    pub(crate) packages: Vec<PackageDetails<'a>>,
    #[b(4)]
    exports: Vec<Export<'a>>,
    #[b(5)]
    initialisers: Vec<Initialiser<'a>>,
    #[b(6)]
    pub(crate) flag_sets: Vec<Vec<&'a str>>,
}

/// What is said about a package, in the order of the identity: the hosted ones, then the bundled.
#[derive(Encode, Decode)]
#[cbor(array)]
pub(crate) struct PackageDetails<'a> {
    #[b(0)]
    pub(crate) crate_name: &'a str,
    #[b(1)]
    pub(crate) name: &'a str,
    #[b(2)]
    pub(crate) version: &'a str,
    #[b(3)]
    source: &'a str,
    #[b(4)]
    features: Vec<&'a str>,
    #[n(5)]
    flags: u32,
    #[b(6)]
    sources: Vec<Source<'a>>,
    #[n(7)]
    dependencies: Vec<u32>,
    #[n(8)]
    crate_id: Option<u64>,
}

impl<'a> Manifest<'a> {
    /// The record's bytes.
    ///
    /// # Panics
    ///
    /// A dependency refers to a package that is not there.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut order: Vec<usize> = (0..self.packages.len()).collect();
        order.sort_by_key(|&index| (self.packages[index].origin != Origin::Hosted, self.packages[index].key));
        let mut position = vec![0; order.len()];
        for (place, &index) in order.iter().enumerate() {
            position[index] = place as u32;
        }
        let ordered = || order.iter().map(|&index| &self.packages[index]);
        let entries = |hosted| {
            let of_table = ordered().filter(move |package| (package.origin == Origin::Hosted) == hosted);
            of_table.flat_map(|package| [package.key.0.as_slice(), &package.hash.0].concat()).collect::<Vec<u8>>()
        };
        let keys_of = |origin| {
            let of_origin = ordered().filter(move |package| package.origin == origin);
            of_origin.flat_map(|package| package.key.0).collect::<Vec<u8>>()
        };
        let mut slices = self.slices.clone();
        slices.sort();
        slices.dedup();
        let slices: Vec<u8> = slices.iter().flat_map(|(reads, adds)| [reads.0, adds.0].concat()).collect();
        let written = Written {
            role: self.role,
            toolchain: self.toolchain,
            hosts: &self.hosts.iter().flat_map(|host| host.0).collect::<Vec<u8>>(),
            bundled: &entries(false),
            hosted: &entries(true),
            initialisers: &self.initialising().flat_map(|key| key.0).collect::<Vec<u8>>(),
            private: &keys_of(Origin::Private),
            partial: &keys_of(Origin::Partial),
            standard: &self.standard().iter().flat_map(|key| key.0).collect::<Vec<u8>>(),
            modifiers: self.modifiers,
            cpu_features: self.cpu_features,
            slices: (!slices.is_empty()).then(|| slices.as_slice().into()),
        };
        let details = Details {
            name: self.name,
            target: self.target,
            profile: self.profile,
            packages: ordered().map(|package| PackageDetails::new(package, &position)).collect(),
            exports: self.exports.clone(),
            initialisers: self.initialisers.clone(),
            flag_sets: self.flag_sets.clone(),
        };
        let mut bytes = Vec::new();
        // Writing to a Vec can't fail, and no part of a record has an encoder of its own that could.
        let wrote = minicbor::encode(written, &mut bytes).and_then(|()| minicbor::encode(details, &mut bytes));
        debug_assert!(wrote.is_ok(), "{wrote:?}");
        bytes
    }

    /// The keys of what has initialisers, in their order.
    fn initialising(&self) -> impl Iterator<Item = Key> {
        let mut seen = BTreeSet::new();
        self.initialisers.iter().map(|initialiser| initialiser.key).filter(move |key| seen.insert(*key))
    }

    /// The keys of the toolchain's packages that host and plugin always share.
    fn standard(&self) -> Vec<Key> {
        const NAMES: [&str; 3] = ["core", "alloc", "std"];
        let shared = match self.role {
            Role::Host => Origin::Bundled,
            Role::Plugin => Origin::Hosted,
        };
        let found = self.packages.iter().filter(|package| package.origin == shared && NAMES.contains(&package.crate_name));
        let mut keys: Vec<Key> = found.map(|package| package.key).collect();
        keys.sort_unstable();
        keys
    }

    /// Reads a record back.
    ///
    /// # Errors
    ///
    /// The bytes are too long, are no record, hold more than one, contain an index that leads nowhere, or do not name the toolchain's
    /// own packages.
    pub fn decode(record: &'a [u8]) -> Result<Self, DecodeError> {
        let (identity, rest) = Identity::split(record)?;
        let mut decoder = Decoder::new(rest);
        let details: Details<'a> = decoder.decode().map_err(DecodeError::Malformed)?;
        limits::check(&details)?;
        match rest.len() - decoder.position() {
            0 => details.with(identity)?.check_references(),
            trailing => Err(DecodeError::Trailing(trailing)),
        }
    }

    fn check_references(self) -> Result<Self, DecodeError> {
        let within = |what, index: u32, len: usize| {
            if (index as usize) < len { Ok(()) } else { Err(DecodeError::Dangling { what, index }) }
        };
        for package in &self.packages {
            within("flag set", package.flags, self.flag_sets.len())?;
            for &dependency in &package.dependencies {
                within("package", dependency, self.packages.len())?;
            }
            if !package.dependencies.is_sorted_by(|a, b| a < b) {
                return Err(DecodeError::Dependencies);
            }
        }
        Ok(self)
    }
}

impl<'a> Details<'a> {
    fn with(self, identity: Identity<'a>) -> Result<Manifest<'a>, DecodeError> {
        let origin = |key| match (identity.is_private(key), identity.is_partial(key)) {
            (true, _) => Origin::Private,
            (_, true) => Origin::Partial,
            _ => Origin::Bundled,
        };
        let bundled = |(key, hash)| (key, hash, origin(key));
        let hosted = identity.hosted.iter().map(|(key, hash)| (key, hash, Origin::Hosted));
        let identified = hosted.chain(identity.bundled.iter().map(bundled));
        let described = identity.hosted.len() + identity.bundled.len() == self.packages.len();
        if !described {
            return Err(DecodeError::Packages);
        }
        let packages = identified.zip(self.packages).map(|((key, hash, origin), details)| Package {
            key,
            hash,
            origin,
            crate_name: details.crate_name,
            name: details.name,
            version: details.version,
            source: details.source,
            features: details.features,
            flags: details.flags,
            sources: details.sources,
            dependencies: details.dependencies,
            crate_id: details.crate_id,
        });
        let manifest = Manifest {
            role: identity.role,
            name: self.name,
            toolchain: identity.toolchain,
            target: self.target,
            profile: self.profile,
            hosts: identity.hosts().collect(),
            packages: packages.collect(),
            exports: self.exports,
            initialisers: self.initialisers,
            flag_sets: self.flag_sets,
            modifiers: identity.modifiers,
            cpu_features: identity.cpu_features,
            slices: identity.slices().collect(),
        };
        if !manifest.initialising().eq(identity.initialisers()) {
            return Err(DecodeError::Initialisers);
        }
        let has = |name| manifest.packages.iter().any(|package| package.crate_name == name);
        let names_standard = manifest.standard().into_iter().eq(identity.standard()) && has("core") && has("std");
        if names_standard { Ok(manifest) } else { Err(DecodeError::Standard) }
    }
}

/// As a byte string.
impl<C> Encode<C> for Key {
    fn encode<W: Write>(&self, encoder: &mut Encoder<W>, _: &mut C) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Key {
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = decoder.bytes()?;
        bytes.try_into().map(Self).map_err(|_| minicbor::decode::Error::message("a key takes 16 bytes"))
    }
}

impl<'a> PackageDetails<'a> {
    fn new(package: &Package<'a>, position: &[u32]) -> Self {
        let mut dependencies: Vec<u32> = package.dependencies.iter().map(|&index| position[index as usize]).collect();
        dependencies.sort_unstable();
        dependencies.dedup();
        Self {
            crate_name: package.crate_name,
            name: package.name,
            version: package.version,
            source: package.source,
            features: package.features.clone(),
            flags: package.flags,
            sources: package.sources.clone(),
            dependencies,
            crate_id: package.crate_id,
        }
    }
}
