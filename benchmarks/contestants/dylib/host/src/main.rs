//! The host for a Rust dylib. Nothing checks that the same compiler compiled both from the same sources.

mod calls;
mod plugin;

use std::process::ExitCode;

fn main() -> ExitCode {
    protocol::main::<plugin::Plugin>()
}
