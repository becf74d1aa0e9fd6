//! A file small enough to try everything on.

/// Bytes of the ELF header.
pub const HEADER: usize = 64;

/// Bytes of a program header.
pub const SEGMENT: usize = 56;

/// The smallest shared object with a note: header, program headers, of which so many describe the note, the note, and an empty
/// section table.
pub fn with_segments(note: &[u8], count: usize) -> Vec<u8> {
    let start = HEADER + (1 + count) * SEGMENT;
    let end = start + note.len();
    let mut file = Vec::new();
    file.extend(b"\x7fELF\x02\x01\x01");
    file.resize(16, 0);
    for half in [3_u16, 62] {
        file.extend(half.to_le_bytes());
    }
    file.extend(1_u32.to_le_bytes());
    for word in [0, HEADER as u64, end as u64] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    for half in [HEADER as u16, SEGMENT as u16, 1 + count as u16, 64, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    for (kind, offset, size) in std::iter::once((1_u32, 0, end)).chain(std::iter::repeat_n((4, start, note.len()), count)) {
        file.extend(kind.to_le_bytes());
        file.extend(4_u32.to_le_bytes());
        for word in [offset, offset, offset, size, size, 4] {
            file.extend((word as u64).to_le_bytes());
        }
    }
    assert_eq!(file.len(), start);
    file.extend(note);
    file
}
