//! The work, in a Rust dylib.

use dylib_api::work::{self, Answer, Request, Stepper};
use std::collections::HashMap;

/// What the benchmark edits.
const CONSTANT: u64 = 1;

struct Theirs(u64);

impl Stepper for Theirs {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

/// Hardly anything.
// SAFETY: no other object in the process defines it, and those who look it up know its type.
#[unsafe(no_mangle)]
pub fn step(state: u64) -> u64 {
    work::step(state)
}

/// Hardly anything, as a trait object.
// SAFETY: no other object in the process defines it, and those who look it up know its type.
#[unsafe(no_mangle)]
pub fn stepper() -> Box<dyn Stepper> {
    Box::new(Theirs(CONSTANT))
}

/// Answers a request.
// SAFETY: no other object in the process defines it, and those who look it up know its type.
#[unsafe(no_mangle)]
pub fn filter(request: &Request) -> Answer {
    work::filter(request)
}

/// Adds numbers up.
// SAFETY: no other object in the process defines it, and those who look it up know its type.
#[unsafe(no_mangle)]
pub fn sum(numbers: &[u64]) -> u64 {
    work::sum(numbers)
}

/// Reads a map, which ends here.
// SAFETY: no other object in the process defines it, and those who look it up know its type.
#[unsafe(no_mangle)]
pub fn map(strings: HashMap<String, String>) -> u64 {
    work::map(strings)
}

/// The constant, as it is now.
// SAFETY: no other object in the process defines it, and those who look it up know its type.
#[unsafe(no_mangle)]
pub fn constant() -> u64 {
    CONSTANT
}
