//! The calls that are measured: to a function and a trait object of the plugin, and of the host for comparison.

use dylib_api::work::{self, Step, Stepper};
use protocol::Pair;
use std::hint::black_box;

/// The same function as in the plugin.
fn step(state: u64) -> u64 {
    work::step(state)
}

/// The same trait object as in the plugin.
struct Own(u64);

impl Stepper for Own {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    protocol::compare(&(step as Step), theirs, protocol::CALLS, |step, state| step(state))
}

pub(crate) fn of_trait_objects(theirs: &(dyn Stepper + 'static)) -> Pair {
    protocol::compare(&*black_box(Box::new(Own(1)) as Box<dyn Stepper>), theirs, protocol::CALLS, |stepper, state| stepper.step(state))
}
