//! Items of every other kind.

pub struct Rule;

#[engraft::export]
pub union Union {
    _one: u8,
}

#[engraft::export]
pub trait Trait {}

#[engraft::export]
pub unsafe trait UnsafeTrait {}

#[engraft::export]
impl Rule {}

#[engraft::export]
unsafe impl UnsafeTrait for Rule {}

#[engraft::export]
pub mod module {}

#[engraft::export]
pub type Alias = Rule;

#[engraft::export]
pub use std::fmt::Debug;

#[engraft::export]
extern crate core;

#[engraft::export]
unsafe extern "C" {}

#[engraft::export]
macro_rules! rules {
    () => {};
}

rules!();

fn main() {}
