//! The calls that are measured: to a remote procedure, and to a function of the host for comparison.

use protocol::Pair;

type Step<'a> = dyn Fn(u64) -> u64 + 'a;

/// Calls per batch: a remote call takes as long as thousands of local calls.
const CALLS: u32 = 20;

pub(crate) fn of(theirs: &Step<'_>) -> Pair {
    protocol::compare::<Step<'_>>(&work::step, theirs, CALLS, |step, state| step(state))
}
