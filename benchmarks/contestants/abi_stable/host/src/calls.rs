//! The loops that calls are measured in, for the host's function and object and for the plugin's.

use abi_stable::sabi_trait::TD_Opaque;
use abi_stable::std_types::RBox;
use abi_stable_api::{Step, Stepper, Stepper_TO};
use protocol::{CALLS, Pair, compare};
use std::hint::black_box;
use std::time::{Duration, Instant};

type Object = Stepper_TO<'static, RBox<()>>;

struct Own(u64);

impl Stepper for Own {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

/// The same as the plugin's: what differs is who has it.
extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    compare(&(step as Step), theirs, CALLS, functions)
}

pub(crate) fn of_objects(theirs: &Object) -> Pair {
    compare(&Stepper_TO::from_value(Own(1), TD_Opaque), theirs, CALLS, objects)
}

#[inline(never)]
fn functions(function: &Step, calls: u32) -> Duration {
    let start = Instant::now();
    let mut all = 0;
    for state in 0..u64::from(calls) {
        all ^= black_box(function)(black_box(state));
    }
    black_box(all);
    start.elapsed()
}

#[inline(never)]
fn objects(stepper: &Object, calls: u32) -> Duration {
    let start = Instant::now();
    let mut all = 0;
    for state in 0..u64::from(calls) {
        all ^= black_box(stepper).step(black_box(state));
    }
    black_box(all);
    start.elapsed()
}
