//! The note is found in what the program headers describe, and no file that is none is taken for one.

mod sample;
#[path = "sample/shared_object.rs"]
mod shared_object;

use engraft_manifest::{
    BuildId, Damage, FORMAT, FileKind, HEAD, Manifest, NOTE_HEADER, NotARecord, Note, find_note, find_note_by, has_traces, note_bytes,
    note_len, parts_of_note, seal,
};
use shared_object::{HEADER, SEGMENT, with_segments};
use std::ops::Range;

/// Every byte is tried; by Miri, which runs this some hundred times slower, few.
const STEP: usize = if cfg!(miri) { 61 } else { 1 };

fn shared_object(note: &[u8]) -> Vec<u8> {
    with_segments(note, 1)
}

#[test]
fn the_note_is_found_and_the_file_is_sealed() {
    let record = sample::manifest().encode();
    let mut file = shared_object(&note_bytes(&record));
    let note = find_note(&file, file.len() as u64).unwrap();
    assert_eq!(note.build_id, BuildId([0; 32]));
    assert_eq!(Manifest::decode(note.record).unwrap(), sample::manifest());

    assert_eq!(Damage::of_length(&note, file.len() as u64), Some(Damage::Unsealed));
    let sealed = seal(&mut file).unwrap();
    assert_eq!(seal(&mut file), Ok(sealed), "a file has one digest");
    let note = find_note(&file, file.len() as u64).unwrap();
    assert_eq!((note.build_id, note.file_len), (sealed, file.len() as u64));
    assert_eq!(Manifest::decode(note.record).unwrap(), sample::manifest());
}

#[test]
fn whatever_is_altered_is_told() {
    let mut file = shared_object(&note_bytes(&sample::manifest().encode()));
    let sealed = seal(&mut file).unwrap();
    let damage = |file: &[u8]| Damage::of(file, &find(file).ok()?);
    assert_eq!(damage(&file), None);
    for at in (0..file.len()).step_by(STEP) {
        for bit in 0..8 {
            let mut altered = file.clone();
            altered[at] ^= 1 << bit;
            assert!(find(&altered).is_err() || damage(&altered).is_some(), "bit {bit} of byte {at}");
        }
    }
    let note = find(&file).unwrap();
    let (len, other) = (file.len() as u64, BuildId([7; 32]));
    assert_eq!(Damage::of_length(&note, len - 1), Some(Damage::Shortened { linked: len, found: len - 1 }));
    assert_eq!(Damage::of_length(&note, len + 1), Some(Damage::Lengthened { linked: len, found: len + 1 }));
    assert_eq!(Damage::of_content(sealed, other), Some(Damage::Content { linked: sealed, found: other }));
}

#[test]
fn a_record_that_headers_do_not_lead_to_leaves_traces() {
    let mut file = shared_object(&note_bytes(b"record"));
    file[HEADER + SEGMENT] = 0;
    assert!(matches!(find(&file), Err(NotARecord::Other(_))));
    assert!(has_traces(&file));
    let name = file.windows(8).position(|window| window == b"Engraft\0").unwrap();
    file[name] ^= 1;
    assert!(!has_traces(&file));
    file.extend(b"\0.note.engraft\0");
    assert!(has_traces(&file));
}

fn find(file: &[u8]) -> Result<Note<'_>, NotARecord> {
    find_note(file, file.len() as u64)
}

fn part(file: &[u8], range: Range<u64>) -> Vec<u8> {
    file[range.start as usize..range.end as usize].to_vec()
}

#[test]
fn the_beginning_of_a_file_tells_where_the_record_is() {
    let record: Vec<u8> = (0..100_000_u32).map(|index| index as u8).collect();
    let file = shared_object(&note_bytes(&record));
    let note = find_note(&file[..HEAD], file.len() as u64).unwrap();
    assert_eq!(note.record, &record[..note.record.len()]);
    assert_eq!(&file[note.record_range.start as usize..note.record_range.end as usize], record);
}

#[test]
fn a_note_beyond_the_beginning_is_asked_for() {
    // Another note first, that leaves no room for ours in what is looked at.
    let file = shared_object(&[gnu_note(20_000), note_bytes(b"record")].concat());
    let Err(NotARecord::Beyond(end)) = find_note(&file[..HEAD], file.len() as u64) else { panic!("more is needed") };
    assert_eq!(find_note(&file[..end as usize], file.len() as u64).unwrap().record, b"record");
}

/// Wherever what is looked at ends: the answer is that of the whole file, or more is asked for.
#[test]
fn the_note_is_the_same_however_little_is_looked_at_first() {
    let file = shared_object(&[note_bytes(b"record"), gnu_note(20)].concat());
    let whole = find(&file).unwrap();
    for len in HEADER + 2 * SEGMENT..file.len() {
        match find_note(&file[..len], file.len() as u64) {
            Ok(note) => assert_eq!((note.build_id_offset, note.record_range), (whole.build_id_offset, whole.record_range.clone()), "{len}"),
            Err(NotARecord::Beyond(end)) => assert_eq!(end, file.len() as u64, "{len}"),
            Err(found) => panic!("{len}: {found:?}"),
        }
    }
    assert_eq!(find_note(&file[..HEADER - 1], file.len() as u64).unwrap_err(), NotARecord::Beyond(HEADER as u64));
    for len in HEADER + 2 * SEGMENT..file.len() {
        let read = |range| Ok::<_, ()>(part(&file, range));
        let found = find_note_by(&file[..len], file.len() as u64, read, |note| (note.build_id_offset, note.record_range)).unwrap();
        assert_eq!(found, Ok((whole.build_id_offset, whole.record_range.clone())), "{len}");
    }
}

#[test]
fn what_stands_behind_what_was_looked_at_first_decides() {
    for (notes, expected) in [
        (vec![note_bytes(&[7; HEAD]), gnu_note(20), note_bytes(b"other")], NotARecord::Corrupt("it has two of Engraft's notes")),
        (vec![gnu_note(HEAD as u32), go_note()], NotARecord::Other(FileKind::GoSharedObject)),
        (vec![gnu_note(HEAD as u32), gnu_note(20)], NotARecord::Other(FileKind::SharedObject)),
    ] {
        let file = shared_object(&notes.concat());
        let read = |range| Ok::<_, ()>(part(&file, range));
        assert_eq!(find_note_by(&file[..HEAD], file.len() as u64, read, |_| ()), Ok(Err(expected)));
    }
}

#[test]
fn behind_a_long_record_only_what_is_left_of_the_notes_is_read() {
    let file = shared_object(&[note_bytes(&[7; HEAD]), gnu_note(20)].concat());
    let mut ranges = Vec::new();
    let read = |range: Range<u64>| {
        ranges.push((range.start, range.end));
        Ok::<_, ()>(part(&file, range))
    };
    let found = find_note_by(&file[..HEAD], file.len() as u64, read, |note| note.record.len()).unwrap().unwrap();
    assert!(found > HEAD - 300, "{found}");
    assert_eq!(ranges, [(HEAD as u64, file.len() as u64)]);
}

#[test]
fn two_notes_are_refused_and_one_in_two_segments_is_not() {
    let two = shared_object(&[note_bytes(b"record"), gnu_note(8), note_bytes(b"other")].concat());
    assert_eq!(find(&two).unwrap_err(), NotARecord::Corrupt("it has two of Engraft's notes"));
    // Also where only the first was looked at.
    assert!(matches!(find_note(&two[..two.len() - 60], two.len() as u64), Err(NotARecord::Beyond(_))));
    assert_eq!(find(&with_segments(&note_bytes(b"record"), 2)).unwrap().record, b"record");
}

#[test]
fn a_note_that_is_not_loaded_where_it_says_is_refused() {
    let file = shared_object(&note_bytes(b"record"));
    let refused = |at: usize, value: u64| {
        let mut altered = file.clone();
        altered[at..at + 8].copy_from_slice(&value.to_le_bytes());
        find(&altered).unwrap_err()
    };
    let elsewhere = NotARecord::Corrupt("Engraft's note is not where its segment is loaded");
    // p_vaddr of either segment; p_filesz of the loaded one.
    assert_eq!(refused(HEADER + 16, 0x1000), elsewhere);
    assert_eq!(refused(HEADER + SEGMENT + 16, 0x1000), elsewhere);
    assert_eq!(refused(HEADER + 32, file.len() as u64 - 8), elsewhere);
    assert_eq!(refused(HEADER + 16, u64::MAX), NotARecord::Corrupt("a header describes more than 2^64 bytes"));

    // Another segment over the same page.
    let mut file = with_segments(&note_bytes(b"record"), 2);
    file[HEADER + 2 * SEGMENT] = 1;
    assert_eq!(find(&file).unwrap_err(), elsewhere);
}

#[test]
fn what_can_only_be_run_is_told() {
    let mut file = with_segments(&note_bytes(b"record"), 2);
    assert!(!find(&file).unwrap().is_program);
    // PT_INTERP in place of the second note segment.
    file[HEADER + 2 * SEGMENT] = 3;
    assert!(find(&file).unwrap().is_program);
    // ET_EXEC.
    let mut file = shared_object(&note_bytes(b"record"));
    file[16] = 2;
    assert!(find(&file).unwrap().is_program);
}

/// A note of somebody else's, with a description of this length.
fn gnu_note(len: u32) -> Vec<u8> {
    let mut note: Vec<u8> = [4, len, 3].iter().flat_map(|word| word.to_le_bytes()).collect();
    note.extend(b"GNU\0");
    note.resize(note.len() + len as usize, 9);
    note
}

/// As Go's build id: name "Go", type 4.
fn go_note() -> Vec<u8> {
    let mut note = [4_u32, 8, 4].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    note.extend(b"Go\0\0a/b/c/d\0");
    note
}

#[test]
fn other_notes_are_passed_over() {
    assert_eq!(find(&shared_object(&[gnu_note(20), note_bytes(b"record")].concat())).unwrap().record, b"record");
}

/// mold does this: the segment takes the larger alignment, and its first note is one that fits both.
#[test]
fn the_note_is_found_in_a_segment_of_mixed_alignment() {
    let mut notes = [4_u32, 16, 5].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    notes.extend(b"GNU\0");
    notes.extend([1; 16]);
    notes.extend([4_u32, 20, 3].iter().flat_map(|word| word.to_le_bytes()));
    notes.extend(b"GNU\0");
    notes.extend([9; 20]);
    notes.extend(note_bytes(b"record"));
    let mut file = shared_object(&notes);
    let align = HEADER + SEGMENT + 48;
    file[align..align + 8].copy_from_slice(&8_u64.to_le_bytes());
    assert_eq!(find_note(&file, file.len() as u64).unwrap().record, b"record");
}

#[test]
fn a_note_in_memory_tells_its_length_and_record() {
    for record in [&b""[..], b"r", b"record", &[0; 1000]] {
        let note = note_bytes(record);
        assert_eq!(note_len(*note.first_chunk::<NOTE_HEADER>().unwrap()), note.len());
        assert_eq!(parts_of_note(&note), Some((BuildId([0; 32]), record)));
        for len in 0..note.len() {
            assert_eq!(parts_of_note(&note[..len]), None, "{len}");
        }
    }
}

#[test]
fn a_file_cut_short_at_any_length_is_refused() {
    let file = shared_object(&note_bytes(&sample::manifest().encode()));
    for len in 0..file.len() {
        let refused = find(&file[..len]).expect_err("it is not whole");
        // Of nothing at all, nobody can say what it was.
        let told = matches!(refused, NotARecord::Truncated { len: told, needed } if told == len as u64 && needed <= file.len() as u64);
        assert!(told || (len == 0 && refused == NotARecord::Other(FileKind::Empty)), "{len}: {refused:?}");
    }
}

#[test]
fn no_altered_byte_makes_it_panic() {
    let file = shared_object(&note_bytes(b"record"));
    for at in (0..file.len()).step_by(STEP) {
        for value in 0..=u8::MAX {
            let mut altered = file.clone();
            altered[at] = value;
            let _ = find_note(&altered, altered.len() as u64);
        }
    }
}

/// An archive of these members, in the form of `ar(5)`.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = b"!<arch>\n".to_vec();
    for (name, content) in members {
        file.extend(format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 644, content.len()).bytes());
        file.extend(*content);
        file.resize(file.len().next_multiple_of(2), b'\n');
    }
    file
}

#[test]
fn an_rlib_with_many_symbols_is_told_once_enough_of_it_was_read() {
    let file = archive(&[("/", &[0; 3 * HEAD]), ("//", &[0; HEAD]), ("lib.rmeta/", b"rust")]);
    let mut rounds = 0;
    let read = |range: Range<u64>| {
        rounds += 1;
        Ok::<_, ()>(part(&file, range))
    };
    let found = find_note_by(&file[..HEAD], file.len() as u64, read, |_| ()).unwrap();
    assert_eq!((found, rounds), (Err(NotARecord::Other(FileKind::Rlib)), 2));
}

#[test]
fn what_a_file_is_instead() {
    let mut other_machine = shared_object(&[]);
    other_machine[18] = 183;
    let mut other_byte_order = shared_object(&note_bytes(b"record"));
    other_byte_order[5] = 2;
    let mut object = shared_object(&[]);
    object[16] = 1;
    let mut executable = shared_object(&[]);
    executable[24] = 1;
    let mut other_format = note_bytes(b"record");
    other_format[8] = (FORMAT + 1) as u8;
    let of_go = shared_object(&go_note());
    let cases: [(&[u8], NotARecord, &str); 17] = [
        (b"", NotARecord::Other(FileKind::Empty), "an empty file"),
        (b"hello, world\n", NotARecord::Other(FileKind::Text), "a text file"),
        ("#!/bin/sh\n# größe\n".as_bytes(), NotARecord::Other(FileKind::Text), "a text file"),
        (b"!<arch>\nlib.rmeta", NotARecord::Other(FileKind::Archive), "a static archive"),
        (&archive(&[("lib.rmeta/", b"rust")]), NotARecord::Other(FileKind::Rlib), "an rlib"),
        (&archive(&[("/", b"odd"), ("//", b"names"), ("code.o/", b"")]), NotARecord::Other(FileKind::Archive), "a static archive"),
        (&of_go, NotARecord::Other(FileKind::GoSharedObject), "a shared object that Go made"),
        (b"\xcf\xfa\xed\xfe\x07\0\0\x01", NotARecord::Other(FileKind::MachO), "macOS"),
        (b"MZ\x90\0", NotARecord::Other(FileKind::Pe), "Windows"),
        (b"\0asm\x01\0\0\0", NotARecord::Other(FileKind::Wasm), "WebAssembly"),
        (b"\0\0\x01", NotARecord::Other(FileKind::Unknown), "unknown kind"),
        (&other_machine, NotARecord::Other(FileKind::OtherMachine(183)), "AArch64"),
        (&other_byte_order, NotARecord::Other(FileKind::OtherMachine(62)), "byte order that is not its own"),
        (&object, NotARecord::Other(FileKind::OtherElf(1)), "not linked yet"),
        (&executable, NotARecord::Other(FileKind::Executable), "executable that Engraft did not link"),
        (&shared_object(&[]), NotARecord::Other(FileKind::SharedObject), "shared object that Engraft did not link"),
        (&shared_object(&other_format), NotARecord::Format(FORMAT + 1), "format 5; this version reads format 4"),
    ];
    for (file, expected, words) in cases {
        let found = find(file).unwrap_err();
        assert_eq!(found, expected);
        assert!(found.to_string().contains(words), "{found}");
    }
}
