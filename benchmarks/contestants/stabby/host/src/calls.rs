//! What is called: a function and an object of the host, beside the plugin's.

use protocol::{CALLS, Pair, compare};
use stabby_api::{Object, Step, Stepper, StepperDyn};

struct Own(u64);

impl Stepper for Own {
    extern "C" fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

/// The same as the plugin's: what differs is who has it.
extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    compare(&(step as Step), theirs, CALLS, |step, state| step(state))
}

pub(crate) fn of_objects(theirs: &Object) -> Pair {
    compare(&stabby::boxed::Box::new(Own(1)).into(), theirs, CALLS, |stepper, state| stepper.step(state))
}
