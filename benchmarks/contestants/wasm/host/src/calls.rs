//! What is called. A guest is not called through a pointer: what is compared are two closures,
//! one around a function of the host's.

use protocol::Pair;

/// A guest's call takes a while.
const CALLS: u32 = 1_000;

type Step<'a> = dyn Fn(u64) -> u64 + 'a;

pub(crate) fn of_closures(theirs: &Step<'_>) -> Pair {
    protocol::compare::<Step<'_>>(&work::step, theirs, CALLS, |step, state| step(state))
}
