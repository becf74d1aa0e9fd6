//! What the item silences is silent in its record too, which names the item and repeats its types.
#![deny(warnings)]

#[deprecated]
pub struct Old;

#[engraft::export]
#[expect(deprecated)]
pub fn takes_old(_: Old) {}

#[engraft::export]
#[allow(deprecated)]
pub async fn takes_old_later(_: Old) {}

#[engraft::export]
#[deprecated = "there is a better one"]
pub fn old() {}

#[engraft::export]
#[deprecated]
pub static OLD: u8 = 1;

#[engraft::export]
#[deprecated]
pub enum OldToo {}

#[engraft::export]
#[expect(improper_ctypes_definitions, reason = "nobody calls it from C")]
pub extern "C" fn improper(text: &str) -> bool {
    text.is_empty()
}

#[engraft::export]
#[expect(non_camel_case_types)]
pub struct lower;

#[engraft::export]
#[must_use]
pub async fn must_be_used() -> u8 {
    std::future::ready(1).await
}

fn main() {}
