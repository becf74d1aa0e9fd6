//! The work as a Rust dylib.

use dylib_api::work::{self, Answer, Request, Stepper};
use std::collections::HashMap;

/// The benchmark edits this constant.
const CONSTANT: u64 = 1;

struct Theirs(u64);

impl Stepper for Theirs {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

/// Does almost no work.
// SAFETY: no other object in the process defines it, and hosts look it up with its type.
#[unsafe(no_mangle)]
pub fn step(state: u64) -> u64 {
    work::step(state)
}

/// Does almost no work, as a trait object.
// SAFETY: no other object in the process defines it, and hosts look it up with its type.
#[unsafe(no_mangle)]
pub fn stepper() -> Box<dyn Stepper> {
    Box::new(Theirs(CONSTANT))
}

/// Answers a request.
// SAFETY: no other object in the process defines it, and hosts look it up with its type.
#[unsafe(no_mangle)]
pub fn filter(request: &Request) -> Answer {
    work::filter(request)
}

/// Adds up numbers.
// SAFETY: no other object in the process defines it, and hosts look it up with its type.
#[unsafe(no_mangle)]
pub fn sum(numbers: &[u64]) -> u64 {
    work::sum(numbers)
}

/// Reads a map and drops it.
// SAFETY: no other object in the process defines it, and hosts look it up with its type.
#[unsafe(no_mangle)]
pub fn map(strings: HashMap<String, String>) -> u64 {
    work::map(strings)
}

/// Returns the constant's current value.
// SAFETY: no other object in the process defines it, and hosts look it up with its type.
#[unsafe(no_mangle)]
pub fn constant() -> u64 {
    CONSTANT
}
