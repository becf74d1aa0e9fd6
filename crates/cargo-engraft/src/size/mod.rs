//! Attributes the bytes of a linked file to packages.

mod breakdown;
mod claims;
pub mod crate_name;
mod tables;
mod unwinding;

pub use breakdown::{Bytes, Known, breakdown};
pub use crate_name::Crate;
