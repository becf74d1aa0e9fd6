//! Traits whose objects may cross. What lends something is a method: stabby compares no function types with lifetimes.

#![allow(missing_docs, reason = "stabby makes types of the traits")]

use crate::{Answer, Request};
use stabby::slice::Slice;
use stabby::string::String;
use stabby::tuple::Tuple2;
use stabby::vec::Vec;

/// A function that plugins have, as a method.
#[stabby::stabby(checked)]
pub trait Stepper {
    /// Hardly any work, with something of the object's own in it.
    extern "C" fn step(&self, state: u64) -> u64;
}

/// An object of whatever type has it.
pub type Object = stabby::dynptr!(stabby::boxed::Box<dyn Stepper>);

/// The items of work.
#[stabby::stabby]
pub trait Items {
    /// Answers a request.
    extern "C" fn filter<'a>(&'a self, request: Request<'a>) -> Answer;
    /// Adds numbers up.
    extern "C" fn sum<'a>(&'a self, numbers: Slice<'a, u64>) -> u64;
    /// Reads a map's pairs.
    extern "C" fn map(&self, strings: Vec<Tuple2<String, String>>) -> u64;
    /// The constant, as it is now.
    extern "C" fn constant(&self) -> u64;
}

/// An object of whatever type does them.
pub type Work = stabby::dynptr!(stabby::boxed::Box<dyn Items>);
