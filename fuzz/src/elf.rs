//! Finding the record and the dynamic section in a file: however much of the file is given first, the answer is the same, within bounds,
//! and soon there.

use engraft_manifest::{Dynamic, HEAD, NOTE_HEADER, NotARecord, Note, find_note, find_note_by, note_len, parts_of_note, seal};
use std::convert::Infallible;
use std::ops::Range;

/// Bytes behind the file that say how much of it is given first.
const SPLIT: usize = 2;

/// No file takes more readings: its header, its beginning, the tables of an archive, or its notes.
const ROUNDS: usize = 6;

/// Takes the bytes for a file, of which the beginning is given first.
///
/// # Panics
///
/// Something does not hold.
pub fn check(data: &[u8]) {
    let (file, split) = data.split_last_chunk::<SPLIT>().map_or((data, 0), |(file, split)| (file, u16::from_le_bytes(*split)));
    let len = file.len() as u64;
    dynamic(file);
    let whole = find_note(file, len);
    // However long it claims to be.
    let _ = (find_note(file, u64::MAX), find_note(file, len.saturating_mul(2)));
    let by_and_by = in_rounds(file, usize::from(split), |first| {
        let whole =
            whole.as_ref().unwrap_or_else(|whole| panic!("{whole} of all of it, a record at {:?} of its beginning", first.record_range));
        assert_eq!((whole.build_id, whole.build_id_offset, whole.file_len), (first.build_id, first.build_id_offset, first.file_len));
        assert_eq!(whole.record_range, first.record_range);
        assert!(whole.record.starts_with(first.record));
        holds(file, whole);
    });
    match (&whole, &by_and_by) {
        (_, Ok(())) => {}
        (Err(NotARecord::Beyond(end)), _) => panic!("all of the file was given, and {end} bytes are asked for"),
        // Headers that were not given can't be read; nothing else may be told differently.
        (_, Err(NotARecord::Corrupt("its program headers can't be read"))) if usize::from(split) < file.len() => {}
        (Err(whole), Err(first)) => assert_eq!(whole, first),
        (Ok(whole), Err(first)) => panic!("a record at {:?} of all of it, {first} of its beginning", whole.record_range),
    }
}

/// Reads the dynamic section from the whole file, and as `open` does from its beginning and from ranges within it.
fn dynamic(file: &[u8]) {
    let len = file.len() as u64;
    let read = |range: Range<u64>| {
        assert!(range.start <= range.end && range.end <= len, "{range:?} is asked for of {len}");
        Ok::<_, Infallible>(file[range.start as usize..range.end as usize].to_vec())
    };
    let Ok(in_ranges) = Dynamic::read_by(&file[..file.len().min(HEAD)], len, read);
    if file.len() <= HEAD {
        assert_eq!(in_ranges, Dynamic::read(file));
    }
    let Ok(found) = in_ranges else { return };
    let names: usize = found.needed.iter().chain(&found.rpath).chain(&found.runpath).map(Vec::len).sum();
    assert!(names <= 1 << 20, "{names} bytes of names");
    assert!(found.directories().count() <= names + 1);
}

/// Looks as `open` does: at more of the file as often as more is asked for.
fn in_rounds(file: &[u8], first: usize, same: impl FnOnce(Note<'_>)) -> Result<(), NotARecord> {
    let mut rounds = 0;
    let read = |range: Range<u64>| {
        assert!(range.start < range.end && range.end as usize <= file.len(), "{range:?} is asked for of {}", file.len());
        rounds += 1;
        assert!(rounds <= ROUNDS, "more was asked for {rounds} times");
        Ok::<_, Infallible>(file[range.start as usize..range.end as usize].to_vec())
    };
    let Ok(found) = find_note_by(&file[..first.min(file.len())], file.len() as u64, read, same);
    found
}

/// What is said of a note is so.
fn holds(file: &[u8], note: &Note<'_>) {
    let (start, end) = (note.record_range.start as usize, note.record_range.end as usize);
    assert_eq!(&file[start..end], note.record);
    assert_eq!(file[note.build_id_offset as usize..][..32], note.build_id.0);
    // The name stands before the digest, and the note's header before that.
    let begin = note.build_id_offset as usize - 8 - NOTE_HEADER;
    let header = file[begin..].first_chunk::<NOTE_HEADER>().expect("the note has a header");
    assert_eq!(parts_of_note(&file[begin..begin + note_len(*header)]), Some((note.build_id, note.record)));
    let mut sealed = file.to_vec();
    let build_id = seal(&mut sealed).expect("it has a note");
    let sealed = find_note(&sealed, sealed.len() as u64).expect("it still has it");
    assert_eq!((sealed.build_id, sealed.file_len), (build_id, file.len() as u64));
    assert_eq!(sealed.record_range, note.record_range);
}
