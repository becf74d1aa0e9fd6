//! How much a record may say, so that whoever explains one takes time and memory in proportion to its bytes.
//!
//! Packages refer to flag sets and to each other: without limits, few bytes would stand for very many.

use crate::DecodeError;
use crate::codec::Details;

/// Packages of one link. Large programs have some hundreds.
pub(crate) const PACKAGES: usize = 1 << 13;

/// Bytes of a package's name, and of its version. Both stand in file names, which have no more.
const LABEL: usize = 256;

/// Bytes of the flags in one set.
const FLAGS: usize = 1 << 15;

/// Flags in one set.
const FLAG_COUNT: usize = 1 << 10;

/// Bytes of the modifiers, and of the CPU features: errors repeat them.
const WHOLE_FILE: usize = 1 << 12;

/// Whether an identity keeps those that concern it.
pub(crate) fn check_identity(modifiers: &str, cpu_features: &str) -> Result<(), DecodeError> {
    let longest = modifiers.len().max(cpu_features.len());
    if longest <= WHOLE_FILE {
        return Ok(());
    }
    Err(DecodeError::Excessive { what: "bytes in the modifiers or CPU features", len: longest, limit: WHOLE_FILE })
}

/// Whether the details keep theirs.
pub(crate) fn check(details: &Details<'_>) -> Result<(), DecodeError> {
    let within = |what, len: usize, limit: usize| if len <= limit { Ok(()) } else { Err(DecodeError::Excessive { what, len, limit }) };
    within("packages", details.packages.len(), PACKAGES)?;
    for package in &details.packages {
        let longest = [package.crate_name, package.name, package.version].iter().map(|text| text.len()).max().unwrap_or(0);
        within("bytes in a package's name", longest, LABEL)?;
    }
    for set in &details.flag_sets {
        within("flags in a set", set.len(), FLAG_COUNT)?;
        within("bytes in a set of flags", set.iter().map(|flag| flag.len()).sum(), FLAGS)?;
    }
    Ok(())
}
