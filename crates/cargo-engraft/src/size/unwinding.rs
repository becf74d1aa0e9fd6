//! Reads the unwinding tables (`.eh_frame`, `.eh_frame_hdr`): which bytes describe which code.
//!
//! The format is a variant of DWARF's call frame information, defined by the Linux Standard Base, "Exception Frames". This module
//! reads only the encodings that linkers write on x86-64, and skips all others.

use std::collections::HashMap;
use std::ops::Range;

/// A signed four-byte offset from its own address.
const RELATIVE: u8 = 0x1b;
/// A signed four-byte offset from the start of the section.
const FROM_SECTION: u8 = 0x3b;

/// The entries of `.eh_frame`: the range of each in the section, and the address of the code that it describes.
#[must_use]
pub fn frames(section: &[u8], address: u64) -> Vec<(Range<usize>, u64)> {
    let mut understood: HashMap<usize, bool> = HashMap::new();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(len) = word(section, at) {
        let Some(end) = (at + 4).checked_add(len as usize).filter(|end| len != 0 && *end <= section.len()) else { break };
        match word(section, at + 4) {
            Some(0) => {
                understood.insert(at, encoding(&section[at + 8..end]) == Some(RELATIVE));
            }
            Some(back) => {
                let common = (at + 4).checked_sub(back as usize);
                if common.is_some_and(|common| understood.get(&common) == Some(&true))
                    && let Some(offset) = word(section, at + 8)
                {
                    found.push((at..end, relative(address.wrapping_add(at as u64 + 8), offset)));
                }
            }
            None => break,
        }
        at = end;
    }
    found
}

/// The entries of `.eh_frame_hdr`, the search table for frames, in the same form as from [`frames`].
#[must_use]
pub fn index(section: &[u8], address: u64) -> Vec<(Range<usize>, u64)> {
    // The header has a version and the encodings of the frame pointer, of the count and of the table; then follow these values.
    let [1, RELATIVE, 0x03, FROM_SECTION, ..] = section else { return Vec::new() };
    let entries = (12..section.len()).step_by(8).take(word(section, 8).unwrap_or(0) as usize);
    entries.filter_map(|at| Some((at..at + 8, relative(address, word(section, at)?)))).filter(|(at, _)| at.end <= section.len()).collect()
}

/// The pointer encoding of the frames that refer to a common entry (CIE), from the content of the CIE after its id.
fn encoding(common: &[u8]) -> Option<u8> {
    let (version, rest) = common.split_first()?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (letters, mut rest) = (rest[..end].strip_prefix(b"z")?, &rest[end + 1..]);
    // Code and data alignment factors, then the return address register, which is a single byte in version 1.
    for _ in 0..if *version == 1 { 2 } else { 3 } {
        rest = skip_leb128(rest)?;
    }
    rest = if *version == 1 { rest.get(1..)? } else { rest };
    rest = skip_leb128(rest)?;
    for letter in letters {
        let (value, behind) = rest.split_first()?;
        match letter {
            b'R' => return Some(*value),
            b'L' => rest = behind,
            // The low bits of the personality's encoding give its width.
            b'P' => rest = behind.get(if value & 0x07 == 0x03 { 4 } else { 8 }..)?,
            _ => return None,
        }
    }
    None
}

fn skip_leb128(bytes: &[u8]) -> Option<&[u8]> {
    bytes.get(bytes.iter().position(|byte| byte & 0x80 == 0)? + 1..)
}

fn relative(base: u64, offset: u32) -> u64 {
    base.wrapping_add_signed(i64::from(offset as i32))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A section as GNU ld writes it: a common entry with a personality, and two frames.
    fn section() -> Vec<u8> {
        let common = [&[1][..], b"zPLR\0", &[1, 0x78, 16, 7, 0x9b, 1, 2, 3, 4, 0x1b, RELATIVE]].concat();
        let entry = |id: u32, rest: &[u8]| [&(rest.len() as u32 + 4).to_le_bytes()[..], &id.to_le_bytes(), rest].concat();
        let mut section = entry(0, &common);
        for offset in [-0x100_i32, 0x40] {
            let back = section.len() as u32 + 4;
            section.extend(entry(back, &[&offset.to_le_bytes()[..], &[0; 8]].concat()));
        }
        section.extend([0; 4]);
        section
    }

    #[test]
    fn frames_have_the_address_of_their_code() {
        let section = section();
        let found = frames(&section, 0x1000);
        let first = section.len() - 4 - 40;
        assert_eq!(
            found,
            [(first..first + 20, 0x1000 + first as u64 + 8 - 0x100), (first + 20..first + 40, 0x1000 + first as u64 + 28 + 0x40)]
        );
        // A truncated section gives the entries before the cut.
        for len in 0..section.len() {
            assert!(frames(&section[..len], 0x1000).len() <= 2);
        }
    }

    #[test]
    fn index_entries_have_the_address_of_their_code() {
        let mut section = vec![1, RELATIVE, 0x03, FROM_SECTION, 0, 0, 0, 0, 2, 0, 0, 0];
        section.extend([0x10_u32, 0, (-0x20_i32) as u32, 0].iter().flat_map(|word| word.to_le_bytes()));
        assert_eq!(index(&section, 0x100), [(12..20, 0x110), (20..28, 0xe0)]);
        assert_eq!(index(&section[..20], 0x100).len(), 1);
        assert_eq!(index(&[], 0), []);
    }
}
