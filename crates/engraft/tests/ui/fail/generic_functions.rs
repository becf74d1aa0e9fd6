//! Functions that are generic, in any way of writing it.

use std::fmt::Debug;

#[engraft::export]
pub fn types<A, B: Debug>(_: A, _: B) {}

#[engraft::export]
pub fn constants<const LENGTH: usize>(_: [u8; LENGTH]) {}

#[engraft::export]
pub async fn mixed<'a, A: Sync, const LENGTH: usize>(_: &'a [A; LENGTH]) {}

#[engraft::export]
pub fn hidden(_: impl Debug, _: &(impl Debug + Send + ?Sized), _: Option<Box<impl Fn(&str) -> u8>>) {}

fn main() {}
