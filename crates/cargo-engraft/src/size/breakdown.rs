//! Sums up the bytes of each crate, and the bytes that belong to no known crate.

use super::Crate;
use super::claims::{Part, rest, settle};
use super::tables::File;
use std::collections::BTreeMap;

/// The size of each part of a file. The sum of all parts is the size of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// The bytes of each crate. An entry has no id if its crate name is unique in the file, or if it is unknown which crate of that name it is.
    pub crates: BTreeMap<Crate, Bytes>,
    /// The bytes of each section that belong to no known crate. The entry without a name has the bytes between sections.
    pub rest: Vec<(Option<String>, u64)>,
}

/// The bytes of a crate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bytes {
    pub code: u64,
    pub data: u64,
    pub names: u64,
    pub symbols: u64,
}

/// What the caller knows about a file's crates.
pub struct Known<'k> {
    /// Returns the crate that owns a symbol version.
    pub of_node: &'k dyn Fn(&str) -> Option<Crate>,
    /// Returns whether several crates have this name.
    pub is_shared: &'k dyn Fn(&str) -> bool,
}

/// Attributes each byte of a linked file.
#[must_use]
pub fn breakdown(bytes: &[u8], known: &Known<'_>) -> Breakdown {
    let len = bytes.len() as u64;
    let Some(file) = File::read(bytes, known) else {
        return Breakdown { crates: BTreeMap::new(), rest: rest(&[], len, &[]) };
    };
    let mut claims = file.claims.clone();
    claims.iter_mut().for_each(|claim| claim.bytes.end = claim.bytes.end.min(len));
    let claims = settle(claims);
    let mut crates: BTreeMap<Crate, Bytes> = BTreeMap::new();
    for claim in &claims {
        let bytes = crates.entry(file.crates[claim.owner].clone()).or_default();
        let part = match claim.part {
            Part::Code => &mut bytes.code,
            Part::Data => &mut bytes.data,
            Part::Names => &mut bytes.names,
            Part::Symbols => &mut bytes.symbols,
        };
        *part += claim.bytes.end - claim.bytes.start;
    }
    Breakdown { crates, rest: rest(&file.sections(), len, &claims) }
}
