//! Traits whose objects can be passed. Items that borrow are methods, because stabby can't compare function types with lifetimes.

#![allow(missing_docs, reason = "stabby makes types of the traits")]

use crate::{Answer, Request};
use stabby::slice::Slice;
use stabby::string::String;
use stabby::tuple::Tuple2;
use stabby::vec::Vec;

/// A function of a plugin, as a method.
#[stabby::stabby(checked)]
pub trait Stepper {
    /// Does almost no work, and uses a field of the object.
    extern "C" fn step(&self, state: u64) -> u64;
}

/// An object of any type that implements the trait.
pub type Object = stabby::dynptr!(stabby::boxed::Box<dyn Stepper>);

/// The items of work as methods.
#[stabby::stabby]
pub trait Items {
    /// Answers a request.
    extern "C" fn filter<'a>(&'a self, request: Request<'a>) -> Answer;
    /// Adds up numbers.
    extern "C" fn sum<'a>(&'a self, numbers: Slice<'a, u64>) -> u64;
    /// Reads the pairs of a map.
    extern "C" fn map(&self, strings: Vec<Tuple2<String, String>>) -> u64;
    /// Returns the constant's current value.
    extern "C" fn constant(&self) -> u64;
}

/// An object of any type that implements the trait.
pub type Work = stabby::dynptr!(stabby::boxed::Box<dyn Items>);
