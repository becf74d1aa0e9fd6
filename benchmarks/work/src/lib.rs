//! What every contestant's plugin does, and what every contestant's host has it done with.
//!
//! What plugins do is `#[inline]`, so that it stands in the plugin: a plugin of Engraft or of a `dylib` would
//! otherwise borrow even that from its host, and be measured without it.

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
