//! The work of every contestant's plugin, and the input that every contestant's host passes.
//!
//! The functions for plugins are `#[inline]`, so that plugins contain their code. Otherwise a plugin of Engraft or of a `dylib` would use
//! the host's code, and the measurement would not be of the plugin.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod filter;
mod fnv;
mod map;
mod request;
mod step;
mod sum;

pub use filter::{filter, filter_parts, Answer};
pub use fnv::Fnv;
pub use map::{map, map_parts, strings};
pub use request::{request, Request};
pub use step::{step, Step, Stepper};
pub use sum::{numbers, sum};
