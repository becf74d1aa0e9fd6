//! Every shape of function.
#![allow(unused_variables, missing_abi)]

use std::fmt::Debug;

pub struct Rule<'a, T: ?Sized>(&'a T);
pub trait Shape {
    type Side;
}
impl Shape for u8 {
    type Side = u16;
}

#[engraft::export]
pub fn nothing() {}

#[engraft::export]
pub const fn constant() -> u32 {
    7
}

/// # Safety
/// None.
#[engraft::export]
pub unsafe fn unsafe_one(at: *const u8, to: *mut *mut [u8]) {}

#[engraft::export]
pub extern "C" fn c(length: usize) -> usize {
    length
}

#[engraft::export]
pub extern fn c_by_default() {}

/// # Safety
/// None.
#[engraft::export]
#[unsafe(no_mangle)]
pub const unsafe extern "C-unwind" fn c_with_name(_: u8) {}

#[engraft::export]
#[unsafe(export_name = "another_name")]
#[inline(never)]
#[track_caller]
#[must_use]
pub fn with_attributes() -> u8 {
    1
}

/// # Safety
/// The features are needed.
#[engraft::export]
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
pub unsafe fn with_features() {}

#[engraft::export]
pub fn elided(one: &str, rule: Rule<'_, str>, dynamic: &mut dyn Debug) {}

#[engraft::export]
pub fn elided_in_return(one: &str, two: u8) -> Option<&str> {
    Some(one)
}

#[engraft::export]
pub fn named<'a, 'b>(one: &'a str, two: &'b mut Rule<'a, str>, three: &u8) -> (&'a str, &'b u8) {
    (one, &7)
}

#[engraft::export]
pub fn unused_lifetime<'a>() {}

#[engraft::export]
pub fn dynamic<'a>(one: &'a dyn Debug, two: Box<dyn Debug + 'a>, three: Box<dyn Debug>) -> Box<dyn Debug + 'a> {
    two
}

#[engraft::export]
pub fn binder(one: &dyn for<'x> Fn(&'x str) -> &'x str, two: for<'y> fn(&'y u8) -> &'y u8, three: fn(&str) -> &str) {}

#[engraft::export]
pub fn patterns((a, b): (u8, u8), mut c: u8, Rule(inner): Rule<'_, [u8]>, [first, ..]: [u8; 3], _: ()) {
    c += a + b + first + inner[0];
    let _ = c;
}

#[engraft::export]
pub fn concrete_condition(of: String)
where
    String: Debug,
    for<'x> &'x str: Debug,
{
}

#[engraft::export]
pub fn associated(side: <u8 as Shape>::Side) -> <Vec<<u8 as Shape>::Side> as IntoIterator>::Item {
    side
}

#[engraft::export]
pub fn never() -> ! {
    panic!()
}

#[engraft::export]
pub fn conditional_arguments(#[cfg(any())] absent: NoSuchType, #[cfg(all())] present: u8, #[allow(unused)] last: u8) {
    let _ = present;
}

const LENGTH: usize = 2;

#[engraft::export]
pub fn lengths(one: [u8; LENGTH * 2 + { 1 }], two: [[u8; size_of::<usize>()]; 2]) {}

#[engraft::export]
pub fn many(_: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) {}

fn main() {
    nothing();
    conditional_arguments(1, 2);
}
