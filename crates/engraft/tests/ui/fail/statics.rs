//! Statics that cannot be shared.

use std::cell::Cell;

#[engraft::export]
pub static mut MUTABLE: u8 = 1;

#[engraft::export]
static mut PRIVATE_TOO: u8 = 1;

#[engraft::export]
pub const CONSTANT: Option<&'static str> = None;

thread_local! {
    #[engraft::export]
    pub static LOCAL: Cell<u8> = const { Cell::new(1) };
}

fn main() {}
