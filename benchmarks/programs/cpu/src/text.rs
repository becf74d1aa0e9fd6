//! Searches and hashes a log with code of other crates, most of which is generic or inlined.

use regex::Regex;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Counts the matching lines of the log, over `passes` passes.
pub(crate) fn matches(passes: u32) -> Result<usize, regex::Error> {
    let log = log();
    let slow = Regex::new(r"(?m)^\d+ (GET|POST) /(orders|users)/(\d+)\S* (5\d\d) (\d{3,})ms$")?;
    Ok((0..passes).map(|_| slow.captures_iter(&log).filter(|found| found[3].ends_with('7')).count()).sum())
}

/// Hashes the log repeatedly.
pub(crate) fn digest(passes: u32) -> String {
    let log = log();
    let digest = (0..passes).fold(Sha256::new(), |digest, _| digest.chain_update(&log)).finalize();
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}

fn log() -> String {
    (0..20_000_u32).fold(String::new(), |mut log, at| {
        let (method, what) = if at % 3 == 0 { ("POST", "orders") } else { ("GET", "users") };
        // Writing to a string can't fail.
        _ = writeln!(log, "{at} {method} /{what}/{}?page={} {} {}ms", at * 31 % 1009, at % 7, 200 + at % 4 * 100, at * 17 % 1500);
        log
    })
}
