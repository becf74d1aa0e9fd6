//! What is called: a function of the host, beside a remote procedure.

use protocol::Pair;

type Step<'a> = dyn Fn(u64) -> u64 + 'a;

/// In a batch: a remote call takes as long as thousands of others.
const CALLS: u32 = 20;

pub(crate) fn of(theirs: &Step<'_>) -> Pair {
    protocol::compare::<Step<'_>>(&work::step, theirs, CALLS, |step, state| step(state))
}
