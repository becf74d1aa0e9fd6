//! The loop that calls are measured in. A guest is not called through a pointer: what is compared are two closures,
//! one around a function of the host's.

use protocol::Pair;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A guest's call takes a while.
const CALLS: u32 = 1_000;

type Step<'a> = dyn Fn(u64) -> u64 + 'a;

pub(crate) fn of_closures(theirs: &Step<'_>) -> Pair {
    protocol::compare::<Step<'_>>(&work::step, theirs, CALLS, batch)
}

#[inline(never)]
fn batch(function: &Step<'_>, calls: u32) -> Duration {
    let start = Instant::now();
    let mut all = 0;
    for state in 0..u64::from(calls) {
        all ^= black_box(function)(black_box(state));
    }
    black_box(all);
    start.elapsed()
}
