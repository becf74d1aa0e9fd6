//! Runs every target over its corpus, and over small edits of it, where no fuzzer is.

use engraft_manifest::{Manifest, find_note};
use std::fs;

/// Edits of each file. A fuzzer tries as many in a moment; this is for the readers to be run by every test run at all.
const EDITS: u64 = 500;

/// Bytes of all of the corpus at most: it is everybody's checkout that holds it.
const AT_MOST: usize = 200_000;

fn replay(target: &str, check: fn(&[u8])) {
    let directory = engraft_fuzz::corpus::directory(target);
    let files: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(files.len() > 1, "{} has something", directory.display());
    assert!(files.iter().map(Vec::len).sum::<usize>() < AT_MOST / 4, "{} is small", directory.display());
    for file in &files {
        check(file);
        for seed in 0..EDITS {
            check(&edited(file, seed));
        }
    }
}

/// A file with a few bytes changed, a part of it repeated or left out, as this number says.
fn edited(file: &[u8], seed: u64) -> Vec<u8> {
    let mut file = file.to_vec();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    // Marsaglia's xorshift: the same numbers everywhere.
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize % limit.max(1)
    };
    for _ in 0..=below(3) {
        // Headers and lengths are in front.
        let len = if below(2) == 0 { file.len() } else { file.len().min(512) };
        let at = below(len);
        match below(4) {
            0 => drop(file.splice(at.., [])),
            1 => {
                let part = file[at..(at + below(16)).min(file.len())].to_vec();
                file.splice(at..at, part);
            }
            2 => file[at..].first_mut().into_iter().for_each(|byte| *byte = [0, 1, 0x7f, 0xff][below(4)]),
            _ => file[at..].first_mut().into_iter().for_each(|byte| *byte ^= 1 << below(8)),
        }
    }
    file
}

#[test]
fn whatever_the_record_says() {
    replay("manifest", engraft_fuzz::manifest::check);
}

#[test]
fn whatever_the_file_is() {
    replay("elf", engraft_fuzz::elf::check);
}

#[test]
fn whatever_the_linker_is_given() {
    replay("arguments", engraft_fuzz::arguments::check);
}

#[test]
fn whoever_is_said_to_have_signed() {
    replay("signature", engraft_fuzz::signature::check);
}

/// Of a record of an older format only the beginning would be looked at: `seed` writes the corpus anew.
#[test]
fn corpus_is_of_this_format() {
    for name in ["altered-plugin.so", "hello"] {
        let read = |target: &str| fs::read(engraft_fuzz::corpus::directory(target).join(name)).unwrap();
        let (record, file) = (read("manifest"), read("elf"));
        Manifest::decode(&record).unwrap_or_else(|error| panic!("{name}: {error}"));
        let note = find_note(&file, file.len() as u64).unwrap_or_else(|found| panic!("{name} is {found}"));
        assert_eq!(note.record, record, "{name}");
    }
}
