//! The host that opens a Rust dylib. Nobody checks that both were compiled by the same compiler from the same sources.

mod calls;
mod plugin;

use std::process::ExitCode;

fn main() -> ExitCode {
    protocol::main::<plugin::Plugin>()
}
