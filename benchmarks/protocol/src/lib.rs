//! What every contestant's host understands, and how it measures.
//!
//! - `HOST start` ends at once.
//! - `HOST open PLUGIN…` opens plugins in order: `open <nanoseconds>` for each, from before the call to the moment
//!   when its function can be called.
//! - `HOST call PLUGIN` measures calls of a function that does hardly anything: `call <nanoseconds>` of the plugin's,
//!   `own <nanoseconds>` of the host's, called the same way; `trait` and `own-trait` for those that have trait objects.
//! - `HOST work ITEM PLUGIN` has one of `filter`, `sum` and `map` done: `ITEM <nanoseconds>` and `answer <text>`.
//! - `HOST edited` reads paths of plugins, one a line, opens each and prints `edited <its constant>` at once.
//!
//! A host that is written in Rust implements [`Contestant`] and has [`main()`] do the rest. What fails is told on
//! stderr, with exit code 1.

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
