//! The work as an Engraft plugin.

use std::collections::HashMap;
use work::{Answer, Request, Stepper};

/// The benchmark edits this constant.
const CONSTANT: u64 = 1;

struct Theirs(u64);

impl Stepper for Theirs {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

/// Does almost no work.
#[engraft::export]
pub fn step(state: u64) -> u64 {
    work::step(state)
}

/// Does almost no work, as a trait object.
#[engraft::export]
pub fn stepper() -> Box<dyn Stepper> {
    Box::new(Theirs(CONSTANT))
}

/// Answers a request.
#[engraft::export]
pub fn filter(request: &Request) -> Answer {
    work::filter(request)
}

/// Adds up numbers.
#[engraft::export]
pub fn sum(numbers: &[u64]) -> u64 {
    work::sum(numbers)
}

/// Reads a map and drops it.
#[engraft::export]
pub fn map(strings: HashMap<String, String>) -> u64 {
    work::map(strings)
}

/// Returns the constant's current value.
#[engraft::export]
pub fn constant() -> u64 {
    CONSTANT
}
