//! A path behind which engraft is not.

#[engraft::export(crate = ::std)]
pub static WRONG: u8 = 1;

fn main() {}
