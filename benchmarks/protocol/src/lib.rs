//! The commands of every contestant's host, and its measurements.
//!
//! - `HOST start` exits at once.
//! - `HOST open PLUGIN…` opens plugins in order. It prints `open <nanoseconds>` for each, from before the call until the plugin's
//!   function can be called.
//! - `HOST call PLUGIN` measures calls of a function that does almost no work. It prints `call <nanoseconds>` for the plugin's function
//!   and `own <nanoseconds>` for the host's, called the same way, and `trait` and `own-trait` if the way supports trait objects.
//! - `HOST work ITEM PLUGIN` does one of `filter`, `sum` and `map`. It prints `ITEM <nanoseconds>` and `answer <text>`.
//! - `HOST edited` reads paths of plugins, one per line. It opens each at once and prints `edited <constant>`.
//!
//! A host in Rust implements [`Contestant`] and calls [`main()`]. Errors go to stderr, with exit code 1.

#![forbid(unsafe_code)]

mod batches;
mod command_line;
mod contestant;
mod open;
mod pairs;
mod work_items;

pub use batches::per_call;
pub use command_line::{main, run};
pub use contestant::{BoxError, Contestant};
pub use pairs::{CALLS, Pair, compare};
