//! The calls that are measured: to a function and an object of the plugin, and of the host for comparison.

use protocol::{CALLS, Pair, compare};
use stabby_api::{Object, Step, Stepper, StepperDyn};

struct Own(u64);

impl Stepper for Own {
    extern "C" fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

/// The same function as in the plugin.
extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    compare(&(step as Step), theirs, CALLS, |step, state| step(state))
}

pub(crate) fn of_objects(theirs: &Object) -> Pair {
    compare(&stabby::boxed::Box::new(Own(1)).into(), theirs, CALLS, |stepper, state| stepper.step(state))
}
