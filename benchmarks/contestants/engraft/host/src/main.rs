//! The host of Engraft. Beside what every contestant's host understands it opens plugins in the ways of `opening`.

mod calls;
mod plugin;

// Only named: a crate that no code names is not linked, and then the plugins would bring it along.
use engraft_api as _;
use log as _;
use regex as _;

use std::process::ExitCode;

fn main() -> ExitCode {
    opening::main().unwrap_or_else(protocol::main::<plugin::Plugin>)
}
