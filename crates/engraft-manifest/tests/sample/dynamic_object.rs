//! A file with a dynamic section, small enough to try everything on.

use super::shared_object::{HEADER, SEGMENT, with_segments};

/// How much farther the addresses of the second segment are than its offsets: what is read by offset is told from what is read by address.
pub const DISTANCE: u64 = 0x10_0000;

/// A shared object with these entries in its dynamic section. Its strings stand where `DT_STRTAB` says, in a segment of their own.
pub fn with_dynamic(entries: &[(i64, u64)], strings: &[u8]) -> Vec<u8> {
    // The note's segment becomes that of the section, the next one is loaded.
    let mut file = with_segments(&[], 2);
    let start = file.len();
    let section: Vec<u8> = entries.iter().flat_map(|(tag, value)| [tag.to_le_bytes(), value.to_le_bytes()].concat()).collect();
    file.extend(&section);
    file.extend(strings);
    for (index, kind, len) in [(1, 2_u32, section.len()), (2, 1, file.len() - start)] {
        let at = HEADER + index * SEGMENT;
        file[at..at + 4].copy_from_slice(&kind.to_le_bytes());
        let address = start as u64 + DISTANCE;
        for (word, value) in [(1, start as u64), (2, address), (3, address), (4, len as u64), (5, len as u64)] {
            file[at + 8 * word..at + 8 * word + 8].copy_from_slice(&value.to_le_bytes());
        }
    }
    // The first segment ends where the headers do.
    for word in [4, 5] {
        let at = HEADER + 8 * word;
        file[at..at + 8].copy_from_slice(&(start as u64).to_le_bytes());
    }
    file
}

/// The address of the strings of a file with so many entries.
pub fn strings_at(entries: usize) -> u64 {
    (HEADER + 3 * SEGMENT + 16 * entries) as u64 + DISTANCE
}
