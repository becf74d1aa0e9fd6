//! What is called: a function of the host, beside the plugin's.

use cdylib_abi::Step;
use protocol::Pair;

/// The same as the plugin's: what differs is who has it.
extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    protocol::compare(&(step as Step), theirs, protocol::CALLS, |step, state| step(state))
}
