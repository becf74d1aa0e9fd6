//! The dynamic section is read as the system's loader reads it, within bounds, whatever a file says.

mod allocations;
#[path = "sample/dynamic_object.rs"]
mod dynamic_object;
#[path = "sample/shared_object.rs"]
#[allow(dead_code, reason = "the other tests need the rest")]
mod shared_object;

use allocations::peak;
use dynamic_object::{DISTANCE, strings_at, with_dynamic};
use engraft_manifest::{Dynamic, FileKind, HEAD, NotARecord};
use shared_object::{HEADER, SEGMENT, with_segments};
use std::convert::Infallible;

const NEEDED: i64 = 1;
const STRTAB: i64 = 5;
const RPATH: i64 = 15;
const SYMBOLIC: i64 = 16;
const TEXTREL: i64 = 22;
const RUNPATH: i64 = 29;
const FLAGS: i64 = 30;
const FLAGS_1: i64 = 0x6fff_fffb;
const AUXILIARY: i64 = 0x7fff_fffd;
const FILTER: i64 = 0x7fff_ffff;
const END: (i64, u64) = (0, 0);

/// At 1 `libc.so.6`, at 11 `/opt/a:$ORIGIN/../lib:`, at 35 `libfoo.so`, at 38 `foo.so`.
const STRINGS: &[u8] = b"\0libc.so.6\0/opt/a:$ORIGIN/../lib:\0libfoo.so\0";

/// With `DT_STRTAB` in front and an end behind.
fn object(entries: &[(i64, u64)]) -> Vec<u8> {
    let strtab = (STRTAB, strings_at(entries.len() + 2));
    with_dynamic(&[&[strtab], entries, &[END]].concat(), STRINGS)
}

fn read(entries: &[(i64, u64)]) -> Result<Dynamic, NotARecord> {
    Dynamic::read(&object(entries))
}

#[test]
fn dynamic_section_is_read_by_address() {
    let found = read(&[(NEEDED, 1), (RUNPATH, 11), (NEEDED, 34), (FLAGS, 8), (FLAGS_1, 0x80)]).unwrap();
    assert_eq!(found.needed, [&b"libc.so.6"[..], b"libfoo.so"]);
    assert_eq!(found.runpath.as_deref(), Some(&b"/opt/a:$ORIGIN/../lib:"[..]));
    assert_eq!((found.rpath.as_ref(), found.flags, found.flags_1), (None, 8, 0x80));
    assert_eq!(found.directories().collect::<Vec<_>>(), [&b"/opt/a"[..], b"$ORIGIN/../lib", b""]);
    assert!(found.names_origin());
    // The order of the entries does not matter, what comes behind the end does not count, and names may share their ends.
    let shuffled = with_dynamic(&[(NEEDED, 37), (STRTAB, strings_at(4)), END, (NEEDED, 1)], STRINGS);
    assert_eq!(Dynamic::read(&shuffled).unwrap().needed, [b"foo.so"]);
}

#[test]
fn libraries_of_every_tag_are_found() {
    let found = read(&[(AUXILIARY, 1), (FILTER, 34)]).unwrap();
    assert_eq!(found.needed, [&b"libc.so.6"[..], b"libfoo.so"]);
    assert!(!found.names_origin() && found.directories().next().is_none());
}

#[test]
fn runpath_takes_precedence_over_rpath() {
    assert_eq!(read(&[(RPATH, 11)]).unwrap().directories().count(), 3);
    let both = read(&[(RPATH, 11), (RUNPATH, 1)]).unwrap();
    assert_eq!(both.directories().collect::<Vec<_>>(), [b"libc.so.6"]);
    assert!(!both.names_origin(), "the loader does not look there");
    assert_eq!(read(&[(RUNPATH, 11), (RUNPATH, 1)]).unwrap().runpath.as_deref(), Some(&b"libc.so.6"[..]), "the last one counts");
}

#[test]
fn flags_have_older_tags_too() {
    for (entries, flags) in [(&[(SYMBOLIC, 0)][..], 2), (&[(TEXTREL, 0), (FLAGS, 8)], 12), (&[(FLAGS, 2)], 2), (&[], 0)] {
        assert_eq!(read(entries).unwrap().flags, flags, "{entries:?}");
    }
}

#[test]
fn file_without_dynamic_section_needs_nothing() {
    assert_eq!(Dynamic::read(&with_segments(&[0; 64], 1)), Ok(Dynamic::default()));
    assert_eq!(Dynamic::read(b"#!/bin/sh\n"), Err(NotARecord::Other(FileKind::Text)));
    assert_eq!(Dynamic::read(b""), Err(NotARecord::Other(FileKind::Empty)));
}

#[test]
fn contradictions_are_refused() {
    let corrupt = |file: &[u8], words: &str| match Dynamic::read(file) {
        Err(NotARecord::Corrupt(found)) => assert!(found.contains(words), "{found}, not {words}"),
        other => panic!("{other:?}, not {words}"),
    };
    let word = |file: &[u8], at: usize, value: u64| {
        let mut file = file.to_vec();
        file[at..at + 8].copy_from_slice(&value.to_le_bytes());
        file
    };
    let good = object(&[(NEEDED, 1)]);
    let (section, load) = (HEADER + SEGMENT, HEADER + 2 * SEGMENT);
    corrupt(&with_dynamic(&[(STRTAB, strings_at(1))], STRINGS), "no end");
    corrupt(&object(&[(NEEDED, 1 << 40)]), "a name in its dynamic section is not in a segment");
    corrupt(&object(&[(NEEDED, u64::MAX)]), "a name in its dynamic section is not in a segment");
    corrupt(&with_dynamic(&[(NEEDED, 1), END], STRINGS), "a name in its dynamic section is not in a segment");
    corrupt(&with_dynamic(&[(STRTAB, strings_at(3)), (NEEDED, 1), END], b"\0lib"), "a name in its dynamic section has no end");
    // Its address is that of nothing, its offset still that of the section.
    corrupt(&word(&good, section + 16, 1), "its dynamic section");
    corrupt(&word(&good, section + 16, u64::MAX), "not in a segment that is loaded");
    corrupt(&word(&good, section + 32, 1 << 17), "larger than any");
    corrupt(&word(&good, section + 32, u64::MAX), "larger than any");
    // Another segment is loaded over it.
    corrupt(&word(&good, HEADER + 40, DISTANCE + 0x1000), "not in a segment that is loaded");
    let mut second = good.clone();
    second[load..load + 4].copy_from_slice(&2_u32.to_le_bytes());
    corrupt(&second, "two dynamic sections");
}

/// As `open` reads it: in ranges that lie within the file.
#[test]
fn ranges_are_within_the_file() {
    let file = object(&[(NEEDED, 1), (RUNPATH, 11)]);
    for at in 0..file.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut altered = file.clone();
            altered[at] = value;
            let read = |range: std::ops::Range<u64>| {
                assert!(range.start <= range.end && range.end <= altered.len() as u64, "{range:?} with {value} at {at}");
                Ok::<_, Infallible>(altered[range.start as usize..range.end as usize].to_vec())
            };
            let Ok(by_and_by) = Dynamic::read_by(&altered[..altered.len().min(HEAD)], altered.len() as u64, read);
            assert_eq!(by_and_by, Dynamic::read(&altered), "{value} at {at}");
        }
    }
}

/// As many entries as there may be, all of one name that is as long as a name may be.
#[test]
fn names_take_bounded_memory() {
    let long = [&[b'x'; 65_000][..], b"\0"].concat();
    let mut entries = vec![(NEEDED, 0); 4094];
    entries.insert(0, (STRTAB, strings_at(4096)));
    entries.push(END);
    let file = with_dynamic(&entries, &long);
    let held = peak(|| {
        assert_eq!(Dynamic::read(&file).unwrap_err(), NotARecord::Corrupt("the names in its dynamic section are longer than any"));
    });
    assert!(held < 3 << 20, "{held}");
}
