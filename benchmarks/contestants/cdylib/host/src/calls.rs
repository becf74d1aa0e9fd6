//! The loop that calls are measured in, for the host's function and for the plugin's.

use cdylib_abi::Step;
use protocol::Pair;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The same as the plugin's: what differs is who has it.
extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    protocol::compare(&(step as Step), theirs, protocol::CALLS, batch)
}

#[inline(never)]
fn batch(function: &Step, calls: u32) -> Duration {
    let start = Instant::now();
    let mut all = 0;
    for state in 0..u64::from(calls) {
        all ^= black_box(function)(black_box(state));
    }
    black_box(all);
    start.elapsed()
}
