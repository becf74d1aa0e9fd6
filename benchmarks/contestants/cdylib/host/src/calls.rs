//! The calls that are measured: to a function of the plugin, and of the host for comparison.

use cdylib_abi::Step;
use protocol::Pair;

/// The same function as in the plugin.
extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    protocol::compare(&(step as Step), theirs, protocol::CALLS, |step, state| step(state))
}
