//! Instrumented builds: host and plugins each write what they have counted.

use crate::ran::Ran;
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;

/// Called in one branch only, so often as nothing else is.
const PLUGIN: &str = "
#[engraft::export]
pub fn value(number: u32) -> u32 {
    if number > 2 { number + api::CALLS.load(std::sync::atomic::Ordering::Relaxed) } else { never(number) }
}
fn never(number: u32) -> u32 {
    number * 7
}
";

const CALLS: u64 = 4711;

const TEST: &str = "
#[test]
fn calls_the_plugin() {
    let value = *unsafe { engraft::open(\"one\") }.unwrap().lookup::<fn(u32) -> u32>(\"value\").unwrap();
    assert!((0..4711).all(|_| value(3) == 3));
}
";

/// The counters in a raw profile, in the order of its functions (`InstrProfData.inc` of LLVM, `INSTR_PROF_RAW_HEADER`).
fn counters(profile: &Path) -> Vec<u64> {
    let bytes = fs::read(profile).unwrap();
    let number = |index: usize| u64::from_le_bytes(bytes[index * 8..][..8].try_into().unwrap());
    assert_eq!(number(0), u64::from_be_bytes(*b"\xfflprofr\x81"), "{} is no profile", profile.display());
    let version = number(1) & 0xff_ffff;
    assert!((9..=10).contains(&version), "LLVM writes profiles of another version, {version}: look at their header");
    let (ids, functions, padding, count) = (number(2), number(3), number(4), number(5));
    // The header has sixteen numbers, and what is said of a function takes 64 bytes.
    let start = (16 * 8 + ids + functions * 64 + padding) / 8;
    (start..start + count).map(|index| number(index as usize)).collect()
}

/// Runs the test with these flags, by which each file writes a profile into a directory; the counters of each, without the order of files.
///
/// Build scripts and macros write some too. The plugin's has few counters, and the test's very many.
fn profiles(flags: &str, file: Option<&str>) -> Vec<Vec<u64>> {
    let workspace = Workspace::cold();
    workspace.plugin("one", PLUGIN);
    workspace.write("host/tests/calls.rs", TEST);
    let profiles = workspace.root.join("profiles");
    let mut test = workspace.command(["test", "-p", "host", "--test", "calls"]);
    test.env("RUSTFLAGS", flags.replace("DIR", &profiles.display().to_string()));
    test.envs(file.map(|file| ("LLVM_PROFILE_FILE", profiles.join(file))));
    Ran::of(&mut test).success();
    fs::read_dir(&profiles).unwrap().map(|file| counters(&file.unwrap().path())).collect()
}

/// The plugin has counted what it ran, and not what it did not.
#[track_caller]
fn plugin_and_test_have_counted(all: &[Vec<u64>], most: usize) {
    let of_plugin: Vec<_> = all.iter().filter(|counters| counters.len() <= most && counters.contains(&CALLS)).collect();
    assert_eq!(of_plugin.len(), 1, "{:?}", all.iter().map(Vec::len).collect::<Vec<_>>());
    assert!(of_plugin[0].contains(&0), "one of them was never called: {of_plugin:?}");
    assert!(all.iter().any(|counters| counters.len() > most && counters.contains(&CALLS)), "the test has a loop of its own");
}

#[test]
fn g37_every_file_writes_its_own_profile() {
    plugin_and_test_have_counted(&profiles("-Cinstrument-coverage", Some("%m-%p.profraw")), 7);
}

/// For optimisation by profiles. Each of a plugin's packages has the names by which a file's profiler is told where to write: they are no
/// names that packages chose.
#[test]
fn g37_every_file_writes_its_own_profile_for_optimisation() {
    plugin_and_test_have_counted(&profiles("-Cprofile-generate=DIR", None), 20);
}
