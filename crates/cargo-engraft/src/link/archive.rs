//! Copies of archives in which some members have other content, of another length.
//!
//! The format is that of `ar(5)` with GNU's index, which rustc writes: a header of 60 bytes before each member, and first an index that
//! says for each symbol at which byte its member's header stands.

use anyhow::{Context, Result, bail};
use object::archive::{Header, MAGIC};
use std::collections::HashMap;
use std::io::Write;
use std::mem::offset_of;
use std::ops::Range;

const HEADER: usize = size_of::<Header>();

/// A copy of an archive with new content in the place of these members, which are given by where their old content stands.
pub fn replace(archive: &[u8], mut members: HashMap<Range<usize>, Vec<u8>>) -> Result<Vec<u8>> {
    if !archive.starts_with(&MAGIC) {
        bail!("it is no archive, or a thin one");
    }
    let mut copy = MAGIC.to_vec();
    // Where each member's header stood, and stands.
    let mut moved = HashMap::new();
    let mut index = None;
    let mut at = MAGIC.len();
    while at < archive.len() {
        let header = archive.get(at..at + HEADER).context("an archive ends early")?;
        let size = &header[offset_of!(Header, size)..][..10];
        let size: usize = std::str::from_utf8(size)?.trim_end().parse().context("an archive's member has no length")?;
        let range = at + HEADER..at + HEADER + size;
        let old = archive.get(range.clone()).context("an archive ends early")?;
        moved.insert(at as u64, copy.len() as u64);
        let start = copy.len();
        copy.extend_from_slice(header);
        let new = members.remove(&range);
        if let Some(new) = &new {
            write!(&mut copy[start + offset_of!(Header, size)..][..10], "{:<10}", new.len())?;
        }
        let width = match header[..16].trim_ascii_end() {
            b"/" => Some(4),
            b"/SYM64/" => Some(8),
            _ => None,
        };
        index = index.or(width.map(|width| (copy.len(), width)));
        copy.extend_from_slice(new.as_deref().unwrap_or(old));
        // Members stand at even places.
        if !copy.len().is_multiple_of(2) {
            copy.push(b'\n');
        }
        at = range.end.next_multiple_of(2);
    }
    if !members.is_empty() {
        bail!("an archive lacks a member that it had");
    }
    if let Some((at, width)) = index {
        move_index(&mut copy[at..], width, &moved)?;
    }
    Ok(copy)
}

/// An index is numbers of this width, the highest byte first: how many there are, and then the places.
fn move_index(index: &mut [u8], width: usize, moved: &HashMap<u64, u64>) -> Result<()> {
    let read = |bytes: &[u8]| bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    let count = usize::try_from(read(index.get(..width).context("an archive's index ends early")?))?;
    let places = index.get_mut(width..width * (count + 1)).context("an archive's index ends early")?;
    for place in places.chunks_exact_mut(width) {
        let to = moved.get(&read(place)).context("an archive's index leads to no member")?;
        place.copy_from_slice(&to.to_be_bytes()[8 - width..]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive with an index of these numbers.
    fn archive(members: &[(&str, &[u8])], index: &[u32]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let count = (index.len() as u32).to_be_bytes();
        let index: Vec<u8> = count.into_iter().chain(index.iter().flat_map(|place| place.to_be_bytes())).collect();
        for (name, content) in [("/", &index[..])].iter().chain(members) {
            bytes.extend(format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 644, content.len()).as_bytes());
            bytes.extend_from_slice(content);
            if content.len() % 2 == 1 {
                bytes.push(b'\n');
            }
        }
        bytes
    }

    #[test]
    fn members_behind_a_longer_one_move_and_the_index_follows() {
        let (first, second) = (8 + 60 + 12, 8 + 60 + 12 + 60 + 4u32);
        let old = archive(&[("a/", b"aaa"), ("b/", b"bbbb")], &[first, second]);
        let range = first as usize + HEADER..first as usize + HEADER + 3;
        let new = replace(&old, HashMap::from([(range, b"AAAAAAA".to_vec())])).unwrap();
        assert_eq!(new, archive(&[("a/", b"AAAAAAA"), ("b/", b"bbbb")], &[first, second + 4]));
        assert_eq!(replace(&old, HashMap::new()).unwrap(), old);
    }

    #[test]
    fn broken_archive_is_an_error() {
        let whole = archive(&[("a/", b"aa")], &[80]);
        for len in (0..8).chain(9..68).chain(69..whole.len() - 62).chain(whole.len() - 61..whole.len()) {
            assert!(replace(&whole[..len], HashMap::new()).is_err(), "{len}");
        }
        assert!(replace(&archive(&[("a/", b"aa")], &[81]), HashMap::new()).is_err());
    }
}
