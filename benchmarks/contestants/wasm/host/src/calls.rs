//! The calls that are measured. A guest can't be called through a pointer, so this compares two closures, one of which calls a
//! function of the host.

use protocol::Pair;

/// Calls per batch: a call into a guest takes longer.
const CALLS: u32 = 1_000;

type Step<'a> = dyn Fn(u64) -> u64 + 'a;

pub(crate) fn of_closures(theirs: &Step<'_>) -> Pair {
    protocol::compare::<Step<'_>>(&work::step, theirs, CALLS, |step, state| step(state))
}
