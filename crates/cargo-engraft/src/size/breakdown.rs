//! The sum: bytes of each crate, and what can't be attributed.

use super::claims::{Part, rest, settle};
use super::tables::File;
use std::collections::BTreeMap;

/// Where a file's bytes go. All together are as many as the file has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// By the crate's name.
    pub crates: BTreeMap<String, Bytes>,
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

/// Breaks a linked file down. `crate_of_node` tells whose a version of unmangled symbols is.
#[must_use]
pub fn breakdown(bytes: &[u8], crate_of_node: &dyn Fn(&str) -> Option<String>) -> Breakdown {
    let len = bytes.len() as u64;
    let Some(file) = File::read(bytes, crate_of_node) else {
        return Breakdown { crates: BTreeMap::new(), rest: rest(&[], len, &[]) };
    };
    let mut claims = file.claims.clone();
    claims.iter_mut().for_each(|claim| claim.bytes.end = claim.bytes.end.min(len));
    let claims = settle(claims);
    let mut crates: BTreeMap<String, Bytes> = BTreeMap::new();
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
