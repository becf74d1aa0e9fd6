//! A judge that cannot be broken: a real plugin is altered in every way that there is, and `open` refuses each, in processes
//! that live on.
//!
//! The host in `fixtures/altered` alters its plugin and opens it, some thousand times a process. What it does follows from the
//! words that it is called with, so a failure tells how it is done again.

mod harness;

use harness::command::{self, Ended};
use harness::variant::{Fixture, Variant};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

static FIXTURE: Fixture = Fixture { directory: "altered", host: "altered-host", plugins: &["altered-plugin"] };
static BUILT: Variant = Variant::release_default(&FIXTURE);

/// What one process does: few enough that none takes long on a busy machine.
const SHARE: u64 = 5_000;

/// Processes at once.
const AT_ONCE: usize = 2;

/// Alters the plugin so often in this way. How often each thing came of it: the code of an error, or `accepted`.
#[track_caller]
fn outcomes(way: &str, seed: u64, count: u64) -> BTreeMap<String, u64> {
    let (host, plugin) = (BUILT.host(), BUILT.plugin("altered-plugin"));
    let (shares, next) = (count.div_ceil(SHARE), AtomicU64::new(0));
    let work = || {
        let mut outcomes = BTreeMap::new();
        let directory = scratch();
        loop {
            let share = next.fetch_add(1, Ordering::Relaxed);
            if share >= shares {
                return outcomes;
            }
            let (from, to) = (share * SHARE, count.min((share + 1) * SHARE));
            let words = |way: &str, from: u64| [way.to_owned(), seed.to_string(), from.to_string(), to.to_string()];
            let run = |[way, seed, from, to]: [String; 4]| {
                command::run(command::program(&host).arg(way).arg(&plugin).arg(directory.path()).args([seed, from, to]))
            };
            let ended = run(words(way, from));
            if !ended.status.success() {
                let kept = std::fs::read_to_string(directory.path().join("at")).unwrap_or_default();
                let what = kept.parse().map(|at| run(words("show", at)).stdout).unwrap_or_default();
                panic!("{way} with seed {seed}, number {kept} ({}): {ended}", what.trim_end());
            }
            add(&mut outcomes, &ended);
        }
    };
    let mut all = BTreeMap::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            match thread.join() {
                Ok(outcomes) => outcomes.into_iter().for_each(|(outcome, count)| *all.entry(outcome).or_default() += count),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    all
}

/// Lines of an outcome and its number.
fn add(outcomes: &mut BTreeMap<String, u64>, ended: &Ended) {
    for line in ended.stdout.lines() {
        let (outcome, count) = line.split_once(' ').unwrap_or_else(|| panic!("expected an outcome and its number: {ended}"));
        *outcomes.entry(outcome.to_owned()).or_default() += count.parse::<u64>().unwrap_or_else(|_| panic!("expected a number: {ended}"));
    }
}

/// A directory in memory, where there is one: hundreds of thousands of files are written.
fn scratch() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a directory can be made")
}

/// The plugin's length: so many bytes it has, and so many lengths it can be cut to.
fn len() -> u64 {
    std::fs::metadata(Path::new(&BUILT.plugin("altered-plugin"))).expect("it is built").len()
}

/// All were refused: as no plugin, or as one that was altered. Nothing else was reached.
#[track_caller]
fn are_refused(outcomes: &BTreeMap<String, u64>, count: u64) {
    assert_eq!(outcomes.values().sum::<u64>(), count, "{outcomes:?}");
    assert!(outcomes.keys().all(|code| ["E04", "E18"].contains(&code.as_str())), "{outcomes:?}");
}

#[test]
fn f01_a_plugin_cut_to_any_length_is_refused() {
    are_refused(&outcomes("truncated", 1, len()), len());
}

#[test]
fn f02_any_byte_that_was_flipped_is_told() {
    are_refused(&outcomes("flipped", 2, len()), len());
}

#[test]
fn f02_noise_of_4_kib_anywhere_is_told() {
    let outcomes = outcomes("noise", 3, len());
    are_refused(&outcomes, len() / 16);
}

#[test]
fn f02_a_hundred_thousand_alterations_of_headers_tables_and_bytes_are_told() {
    let outcomes = outcomes("altered", 4, 100_000);
    are_refused(&outcomes, 100_000);
    // Headers are told before the digest is.
    assert!(outcomes.len() == 2 && outcomes.values().all(|count| *count > 1000), "{outcomes:?}");
}

/// Whoever seals a file again gets past the digest, and to everything that is checked after it.
#[test]
fn what_is_sealed_again_is_refused_or_does_not_contradict_itself() {
    let outcomes = outcomes("sealed", 5, 20_000);
    assert_eq!(outcomes.values().sum::<u64>(), 20_000, "{outcomes:?}");
    // Packages that differ, other compilers, no plugins, no records, no notes; and what alters nothing that the record is about.
    for outcome in ["E01", "E02", "E04", "E10", "E18", "accepted"] {
        assert!(outcomes.get(outcome).is_some_and(|count| *count > 5), "{outcome} is among {outcomes:?}");
    }
}
