//! The host for Engraft. It has the commands of every contestant's host, and those of `opening`.

mod calls;
mod plugin;

// Name the crates here, because rustc does not link a crate that no code names. The plugins would then bundle them.
use engraft_api as _;
use log as _;
use regex as _;

use std::process::ExitCode;

fn main() -> ExitCode {
    opening::main().unwrap_or_else(protocol::main::<plugin::Plugin>)
}
