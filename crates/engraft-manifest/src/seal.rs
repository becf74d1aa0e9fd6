//! The seal of a linked file: its length and the digest of all its bytes, written into it by the linker and checked before it is mapped.

use crate::{BuildId, FORMAT, HEAD, NOTE_HEADER, NotARecord, Note, SECTION, find_note};
use core::fmt;
use core::ops::Range;

/// Computes a file's digest from its pieces of [`HEAD`] bytes, in order.
///
/// It is BLAKE3 of the file, in which the digest's own bytes count as zero and zeros follow up to a whole piece: BLAKE3 hashes sixteen
/// chunks of 1 KiB at once, and the few that would be left take longer than a whole piece. That zeros follow makes no two files alike,
/// for a file's length stands in it.
///
/// ```
/// use engraft_manifest::{BuildId, FileDigest, HEAD};
///
/// // A file of which the bytes 2 to 33 are for its digest.
/// let digest_of = |file: &[u8]| {
///     let (mut digest, mut room) = (FileDigest::new(2), [0; HEAD]);
///     for piece in file.chunks(HEAD) {
///         room[..piece.len()].copy_from_slice(piece);
///         digest.update(&mut room, piece.len());
///     }
///     digest.finish()
/// };
/// let mut file = [7; 100];
/// let digest = digest_of(&file);
/// file[2..34].copy_from_slice(&digest.0);
/// assert_eq!(digest_of(&file), digest);
/// file[34] ^= 1;
/// assert_ne!(digest_of(&file), digest);
/// ```
#[derive(Debug)]
pub struct FileDigest {
    hasher: blake3::Hasher,
    /// Where in the file the digest itself stands; it is counted as zero.
    own: Range<u64>,
    position: u64,
}

impl FileDigest {
    /// For a file in which the digest itself stands at this offset in bytes: [`Note::build_id_offset`].
    #[must_use]
    pub fn new(build_id_offset: u64) -> Self {
        let own = build_id_offset..build_id_offset.saturating_add(size_of::<BuildId>() as u64);
        Self { hasher: blake3::Hasher::new(), own, position: 0 }
    }

    /// Adds the next piece of the file: the first `len` bytes of `piece`, which are all of them but in the last one. What is not to be
    /// hashed is cleared there.
    ///
    /// # Panics
    ///
    /// `len` is more than a piece has.
    pub fn update(&mut self, piece: &mut [u8; HEAD], len: usize) {
        let at = |offset: u64| usize::try_from(offset.saturating_sub(self.position)).unwrap_or(usize::MAX).min(HEAD);
        let own = at(self.own.start)..at(self.own.end);
        self.position += HEAD as u64;
        piece[own].fill(0);
        piece[len..].fill(0);
        self.hasher.update(piece);
    }

    /// The digest of the pieces that were added.
    #[must_use]
    pub fn finish(&self) -> BuildId {
        BuildId(*self.hasher.finalize().as_bytes())
    }
}

/// The digest of a whole file, in which it stands at this offset.
fn digest_of(file: &[u8], build_id_offset: u64) -> BuildId {
    let mut digest = FileDigest::new(build_id_offset);
    let mut room = [0; HEAD];
    for piece in file.chunks(HEAD) {
        room[..piece.len()].copy_from_slice(piece);
        digest.update(&mut room, piece.len());
    }
    digest.finish()
}

/// The longest plugin, in bytes: to find out that a longer file is none would take its reader too long.
pub const LONGEST: u64 = 4 << 30;

/// Fills a complete file's length and digest into its note; the digest is the file's build id from then on.
///
/// # Errors
///
/// The file has no note, or is a plugin of more than [`LONGEST`] bytes.
pub fn seal(file: &mut [u8]) -> Result<BuildId, NotARecord> {
    let len = file.len() as u64;
    let note = find_note(file, len)?;
    if len > LONGEST && !note.is_program {
        return Err(NotARecord::Corrupt("a plugin of more than 4 GiB, which no program opens"));
    }
    // It was found within the file.
    let at = note.build_id_offset as usize;
    let behind = at + size_of::<BuildId>();
    file[behind..behind + size_of::<u64>()].copy_from_slice(&len.to_le_bytes());
    let build_id = digest_of(file, at as u64);
    file[at..behind].copy_from_slice(&build_id.0);
    Ok(build_id)
}

/// In what a file is not what the linker made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// It was never completed.
    Unsealed,
    /// It has fewer bytes, and its headers describe no more than those: a tool such as `strip` has rewritten it.
    Shortened {
        /// How many bytes the linker wrote.
        linked: u64,
        /// How many there are.
        found: u64,
    },
    /// It has more bytes.
    Lengthened {
        /// How many bytes the linker wrote.
        linked: u64,
        /// How many there are.
        found: u64,
    },
    /// It says that the linker wrote more than [`LONGEST`] bytes.
    TooLong {
        /// How many there are.
        found: u64,
    },
    /// It has as many bytes, and not the same ones.
    Content {
        /// The digest that the linker wrote into it.
        linked: BuildId,
        /// The digest of its bytes.
        found: BuildId,
    },
    /// It has Engraft's note, but its headers do not lead there.
    Headers,
}

impl Damage {
    /// What is wrong with a whole file, given its note.
    #[must_use]
    pub fn of(file: &[u8], note: &Note<'_>) -> Option<Self> {
        let content = || Self::of_content(note.build_id, digest_of(file, note.build_id_offset));
        Self::of_length(note, file.len() as u64).or_else(content)
    }

    /// What a file's length alone tells against it.
    #[must_use]
    pub fn of_length(note: &Note<'_>, found: u64) -> Option<Self> {
        let linked = note.file_len;
        match found.cmp(&linked) {
            _ if linked == 0 => Some(Self::Unsealed),
            core::cmp::Ordering::Less => Some(Self::Shortened { linked, found }),
            core::cmp::Ordering::Greater => Some(Self::Lengthened { linked, found }),
            // Of programs nobody computes the digest.
            core::cmp::Ordering::Equal if found > LONGEST && !note.is_program => Some(Self::TooLong { found }),
            core::cmp::Ordering::Equal => None,
        }
    }

    /// What the digest of a file's bytes tells against it, given the one that the linker wrote.
    #[must_use]
    pub fn of_content(linked: BuildId, found: BuildId) -> Option<Self> {
        (found != linked).then_some(Self::Content { linked, found })
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsealed => write!(f, "a file whose link was not brought to its end"),
            Self::Shortened { linked, found } => {
                write!(f, "a file that was truncated, or altered by a tool such as `strip`: {found} bytes of {linked}")
            }
            Self::Lengthened { linked, found } => {
                write!(
                    f,
                    "a file that was altered, by a tool such as `objcopy` or by what was appended: {found} bytes in place of {linked}"
                )
            }
            Self::TooLong { found } => write!(f, "a file of {found} bytes: Engraft links no plugin of more than {LONGEST}"),
            Self::Content { linked, found } => {
                write!(f, "a file that was altered: the digest of its bytes is {}, not {}", found.short(), linked.short())
            }
            Self::Headers => write!(f, "a file that was altered: it has a plugin's record, and its headers do not lead there"),
        }
    }
}

/// Whether these bytes of a file, of which no record was found, have been part of one that had a record: then the file was altered.
///
/// Best effort, for an error's words: it looks for a note, and for its section's name as it stands in a table of names. No trace is longer
/// than [`TRACE`] bytes.
#[must_use]
pub fn has_traces(bytes: &[u8]) -> bool {
    // Every trace has this letter, and most pieces of what is no plugin have not: so they take little time, in unoptimized programs too.
    if !bytes.contains(&b'g') {
        return false;
    }
    let name = [b"\0", SECTION.as_bytes(), b"\0"].concat();
    bytes.windows(name.len()).any(|window| window == name) || is_note_in(bytes)
}

/// Bytes of the longest trace that [`has_traces`] finds.
pub const TRACE: usize = if SECTION.len() + 2 > BEGINNING { SECTION.len() + 2 } else { BEGINNING };

/// Bytes of a note by which it is known: its header and its name.
const BEGINNING: usize = NOTE_HEADER + 8;

/// Whether a note of Engraft's stands somewhere in these bytes: with its length, its format, and a name behind.
fn is_note_in(bytes: &[u8]) -> bool {
    let [format, ..] = FORMAT.to_le_bytes();
    let rest = [&[8, 0, 0, 0][..], &[format, 0, 0, 0], b"Engraft\0"];
    bytes.windows(BEGINNING).any(|window| window[..4] == *rest[0] && window[8..12] == *rest[1] && window[12..] == *rest[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_blake3s_without_itself_and_in_whole_pieces() {
        for (len, pieces) in [(300, 1), (HEAD, 1), (HEAD + 1, 2), (3 * HEAD - 40, 3)] {
            let file: Vec<u8> = (0..len).map(|index| index as u8 | 1).collect();
            for at in [0, 1, 268, 280, 300, HEAD as u64 - 10, HEAD as u64, u64::MAX] {
                let mut zeroed = file.clone();
                let own = at..at.saturating_add(32);
                zeroed.iter_mut().zip(0..).filter(|(_, at)| own.contains(at)).for_each(|(byte, _)| *byte = 0);
                zeroed.resize(pieces * HEAD, 0);
                assert_eq!(digest_of(&file, at), BuildId(*blake3::hash(&zeroed).as_bytes()), "at {at} of {len}");
            }
        }
    }
}
