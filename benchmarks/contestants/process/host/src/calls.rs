//! The loop that calls are measured in, for the host's function and for a remote procedure.

use protocol::Pair;
use std::hint::black_box;
use std::time::{Duration, Instant};

type Step<'a> = dyn Fn(u64) -> u64 + 'a;

/// In a batch: a remote call takes as long as thousands of others.
const CALLS: u32 = 20;

pub(crate) fn of(theirs: &Step<'_>) -> Pair {
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
