//! A trait whose objects can be passed between host and plugin.

#![allow(missing_docs, non_local_definitions, reason = "abi_stable makes types of the trait, its own way")]

/// A function of a plugin, as a method.
#[abi_stable::sabi_trait]
pub trait Stepper {
    /// Does almost no work, and uses a field of the object.
    fn step(&self, state: u64) -> u64;
}
