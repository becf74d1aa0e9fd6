//! A digest of compiled metadata (`.rmeta`), without the names of the files in which cargo keeps libraries.
//!
//! rustc writes the `-C extra-filename` of the library and of each that it depends on into the metadata, to find the files
//! again. cargo's names hold a hash of where packages stand, and would make each checkout another package.
//!
//! They are found by their form, `-` and 16 hexadecimal digits. Whatever else has this form in a package's source is still counted,
//! in the compiler's own hash of the crate, which stands in the metadata too and covers every item, expression and dependency.

use std::io::BufRead;
use std::ops::Range;

const DIGITS: usize = 16;

/// Adds metadata to a digest.
pub fn update(hasher: &mut blake3::Hasher, metadata: &[u8]) {
    let mut counted = 0;
    for name in file_names(metadata) {
        hasher.update(&metadata[counted..name.start]);
        hasher.update(&[b'-'; 1 + DIGITS]);
        counted = name.end;
    }
    hasher.update(&metadata[counted..]);
}

/// The digest of metadata.
pub fn digest(metadata: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    update(&mut hasher, metadata);
    hasher.finalize()
}

/// Where file names end in cargo's hash.
fn file_names(metadata: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    dashes(metadata).filter_map(move |start| {
        let end = start + 1 + DIGITS;
        let digits = metadata.get(start + 1..end)?;
        // One more digit makes it something else: a commit's hash, say.
        (digits.iter().all(is_digit) && !metadata.get(end).is_some_and(is_digit)).then_some(start..end)
    })
}

/// The search is std's own, which is compiled for speed also where this program is not: metadata has megabytes.
fn dashes(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let skipped = rest.skip_until(b'-').ok()?;
        let end = bytes.len() - rest.len();
        (skipped > 0 && bytes[end - 1] == b'-').then(|| end - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_files_are_not_counted() {
        let table: &[(&str, &str, bool)] = &[
            ("x-0123456789abcdefy", "x-fedcba9876543210y", true),
            ("-0123456789abcdef", "-fedcba9876543210", true),
            ("-0123456789abcdef-0123456789abcdef", "-fedcba9876543210-0000000000000000", true),
            ("-0123456789abcdef-", "-fedcba9876543210-", true),
            ("x-0123456789abcdefy", "y-0123456789abcdefy", false),
            ("0123456789abcdef", "fedcba9876543210", false),
            ("-0123456789abcdef0", "-0123456789abcdef1", false),
            ("-0123456789abcde", "-0123456789abcdf", false),
            ("-0123456789ABCDEF", "-0123456789ABCDEE", false),
            ("-0123456789abcdef", "-0123456789abcdef ", false),
        ];
        for (one, other, equal) in table {
            assert_eq!(digest(one.as_bytes()) == digest(other.as_bytes()), *equal, "{one} {other}");
        }
    }
}
