//! Where the bytes of a linked file go: to which package, for what, and which of them can't be attributed.

mod breakdown;
mod claims;
pub mod crate_name;
mod tables;
mod unwinding;

pub use breakdown::{Bytes, Known, breakdown};
pub use crate_name::Crate;
