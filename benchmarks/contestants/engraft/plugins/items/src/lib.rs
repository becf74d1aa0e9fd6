//! The work, in a plugin of Engraft.

use std::collections::HashMap;
use work::{Answer, Request, Stepper};

/// What the benchmark edits.
const CONSTANT: u64 = 1;

struct Theirs(u64);

impl Stepper for Theirs {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

/// Hardly anything.
#[engraft::export]
pub fn step(state: u64) -> u64 {
    work::step(state)
}

/// Hardly anything, as a trait object.
#[engraft::export]
pub fn stepper() -> Box<dyn Stepper> {
    Box::new(Theirs(CONSTANT))
}

/// Answers a request.
#[engraft::export]
pub fn filter(request: &Request) -> Answer {
    work::filter(request)
}

/// Adds numbers up.
#[engraft::export]
pub fn sum(numbers: &[u64]) -> u64 {
    work::sum(numbers)
}

/// Reads a map, which ends here.
#[engraft::export]
pub fn map(strings: HashMap<String, String>) -> u64 {
    work::map(strings)
}

/// The constant, as it is now.
#[engraft::export]
pub fn constant() -> u64 {
    CONSTANT
}
