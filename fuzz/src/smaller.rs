//! Makes seeds of real files: small enough for a repository, and for a fuzzer to try a lot.

use engraft_manifest::{NotARecord, find_note};

/// Where the ELF header of a 64-bit file has the offset of the section headers, that of the program headers, and their count.
const E_SHOFF: usize = 40;
const E_PHOFF: usize = 32;
const E_PHNUM: usize = 56;

/// Bytes of a program header, and where in it size and offset in the file are.
const SEGMENT: usize = 56;
const P_FILESZ: usize = 32;
const P_OFFSET: usize = 8;

/// The beginning of a linked file up to the end of its record, with headers that describe no more than that; and the record.
///
/// # Errors
///
/// Engraft did not link the file.
pub fn than(file: &[u8]) -> Result<(Vec<u8>, &[u8]), NotARecord> {
    let note = find_note(file, file.len() as u64)?;
    let end = (note.record_range.end as usize).next_multiple_of(4);
    let mut smaller = file[..end].to_vec();
    let word = |bytes: &[u8], at: usize| u64::from_le_bytes(*bytes[at..].first_chunk().expect("headers are in front"));
    let mut put = |at: usize, word: u64| smaller[at..at + 8].copy_from_slice(&word.to_le_bytes());
    put(E_SHOFF, 0);
    let count = usize::from(u16::from_le_bytes([file[E_PHNUM], file[E_PHNUM + 1]]));
    for header in (0..count).map(|index| word(file, E_PHOFF) as usize + index * SEGMENT) {
        let (offset, size) = (word(file, header + P_OFFSET), word(file, header + P_FILESZ));
        put(header + P_OFFSET, offset.min(end as u64));
        put(header + P_FILESZ, size.min((end as u64).saturating_sub(offset)));
    }
    Ok((smaller, note.record))
}
