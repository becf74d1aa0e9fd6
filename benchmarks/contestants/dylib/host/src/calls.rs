//! The loops that calls are measured in: one for both functions, one for both trait objects.

use dylib_api::work::{self, Step, Stepper};
use protocol::Pair;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The same as the plugin's: what differs is who has it.
fn step(state: u64) -> u64 {
    work::step(state)
}

/// The same as the plugin's, too.
struct Own(u64);

impl Stepper for Own {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

pub(crate) fn of_functions(theirs: &Step) -> Pair {
    protocol::compare(&(step as Step), theirs, protocol::CALLS, batch_of_functions)
}

pub(crate) fn of_trait_objects(theirs: &(dyn Stepper + 'static)) -> Pair {
    protocol::compare(&*black_box(Box::new(Own(1)) as Box<dyn Stepper>), theirs, protocol::CALLS, batch_of_methods)
}

#[inline(never)]
fn batch_of_functions(function: &Step, calls: u32) -> Duration {
    let start = Instant::now();
    let mut all = 0;
    for state in 0..u64::from(calls) {
        all ^= black_box(function)(black_box(state));
    }
    black_box(all);
    start.elapsed()
}

#[inline(never)]
fn batch_of_methods(stepper: &(dyn Stepper + 'static), calls: u32) -> Duration {
    let start = Instant::now();
    let mut all = 0;
    for state in 0..u64::from(calls) {
        all ^= black_box(stepper).step(black_box(state));
    }
    black_box(all);
    start.elapsed()
}
