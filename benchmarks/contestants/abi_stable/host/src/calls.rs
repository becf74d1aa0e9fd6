//! The calls that are measured: to a function and an object of the plugin, and of the host for comparison.

use abi_stable::sabi_trait::TD_Opaque;
use abi_stable::std_types::RBox;
use abi_stable_api::{Step, Stepper, Stepper_TO};
use protocol::{CALLS, Pair, compare};

type Object = Stepper_TO<'static, RBox<()>>;

struct Own(u64);

impl Stepper for Own {
    fn step(&self, state: u64) -> u64 {
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
    compare(&Stepper_TO::from_value(Own(1), TD_Opaque), theirs, CALLS, |stepper, state| stepper.step(state))
}
