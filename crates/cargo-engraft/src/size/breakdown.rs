//! The sum: bytes of each crate, and what can't be attributed.

use super::Crate;
use super::claims::{Part, rest, settle};
use super::tables::File;
use std::collections::BTreeMap;

/// Where a file's bytes go. All together are as many as the file has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// By crate; without a number what is of one of several crates of a name, and of crates that have a name to themselves.
    pub crates: BTreeMap<Crate, Bytes>,
    /// Sections and what of them belongs to no crate that could be told; without a name what is between sections.
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

/// What is known of a file's crates.
pub struct Known<'k> {
    /// Whose a version of unmangled symbols is.
    pub of_node: &'k dyn Fn(&str) -> Option<Crate>,
    /// Whether several crates have this name.
    pub is_shared: &'k dyn Fn(&str) -> bool,
}

/// Breaks a linked file down.
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
