//! A trait whose objects may cross.

#![allow(missing_docs, non_local_definitions, reason = "abi_stable makes types of the trait, its own way")]

/// A function that plugins have, as a method.
#[abi_stable::sabi_trait]
pub trait Stepper {
    /// Hardly any work, with something of the object's own in it.
    fn step(&self, state: u64) -> u64;
}
