//! Compares calls of two functions of the same type, one of the host and one of a plugin, in the same loop.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Enough calls that reading the clock is negligible, and few enough that a batch is rarely interrupted.
pub const CALLS: u32 = 20_000;
const BATCHES: u32 = 1_001;

/// The nanoseconds of one call, as the median of many batches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The time of the host's function.
    pub own: f64,
    /// The time of the plugin's function.
    pub theirs: f64,
}

/// Measures `own` and `theirs` in turns, in batches of `calls` calls. `call` calls one of them.
pub fn compare<F: ?Sized>(own: &F, theirs: &F, calls: u32, call: impl Fn(&F, u64) -> u64) -> Pair {
    by_turns(own, theirs, calls, |function, calls| batch(function, calls, &call))
}

/// Returns the time of `calls` calls. Both functions use this loop, which is never inlined, so that the position of its code makes no
/// difference. No call depends on the result of the previous one, because then the function's work would hide the time of the call.
#[inline(never)]
fn batch<F: ?Sized>(function: &F, calls: u32, call: &impl Fn(&F, u64) -> u64) -> Duration {
    let start = Instant::now();
    let mut all = 0;
    for state in 0..u64::from(calls) {
        all ^= call(black_box(function), black_box(state));
    }
    black_box(all);
    start.elapsed()
}

fn by_turns<F: ?Sized>(own: &F, theirs: &F, calls: u32, batch: impl Fn(&F, u32) -> Duration) -> Pair {
    let (mut of_own, mut of_theirs) = (Vec::new(), Vec::new());
    // Warm up the branch predictor.
    batch(own, calls);
    batch(theirs, calls);
    for pair in 0..BATCHES {
        // Each function is second equally often, which cancels the effect of the order.
        if pair % 2 == 0 {
            of_own.push(batch(own, calls));
            of_theirs.push(batch(theirs, calls));
        } else {
            of_theirs.push(batch(theirs, calls));
            of_own.push(batch(own, calls));
        }
    }
    Pair { own: median_call(of_own, calls), theirs: median_call(of_theirs, calls) }
}

fn median_call(mut batches: Vec<Duration>, calls: u32) -> f64 {
    batches.sort();
    batches[batches.len() / 2].as_nanos() as f64 / f64::from(calls)
}

#[cfg(test)]
mod tests {
    use super::{Pair, by_turns};
    use std::time::Duration;

    #[test]
    fn own_and_theirs_are_measured_separately() {
        let pair = by_turns(&7, &9, 1000, |nanos: &u64, calls| Duration::from_nanos(nanos * u64::from(calls)));
        assert_eq!(pair, Pair { own: 7.0, theirs: 9.0 });
    }
}
