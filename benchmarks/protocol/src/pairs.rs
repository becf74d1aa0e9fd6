//! Two functions of one type, one of the host and one of a plugin, called by one loop.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// So many that reading the clock does not count, so few that a batch is rarely interrupted.
pub const CALLS: u32 = 20_000;
const BATCHES: u32 = 1_001;

/// Nanoseconds for one call, the median of many batches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Of what the host has.
    pub own: f64,
    /// Of what the plugin has.
    pub theirs: f64,
}

/// Measures `own` and `theirs` by turns, in batches of so many `calls`; `call` calls one of them.
pub fn compare<F: ?Sized>(own: &F, theirs: &F, calls: u32, call: impl Fn(&F, u64) -> u64) -> Pair {
    by_turns(own, theirs, calls, |function, calls| batch(function, calls, &call))
}

/// How long `calls` calls take. It is one loop for both, never inlined, which knows neither from the other, so that where its own code
/// stands makes no difference. No call waits for the one before it, or what the function computes would hide what the call takes.
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
    // The processor learns.
    batch(own, calls);
    batch(theirs, calls);
    for pair in 0..BATCHES {
        // Whatever it does to a batch to be the second, it does to both.
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
    fn own_and_theirs_are_told_apart() {
        let pair = by_turns(&7, &9, 1000, |nanos: &u64, calls| Duration::from_nanos(nanos * u64::from(calls)));
        assert_eq!(pair, Pair { own: 7.0, theirs: 9.0 });
    }
}
