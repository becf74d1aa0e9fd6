//! The host for stabby.

mod calls;
mod plugin;

use std::process::ExitCode;

fn main() -> ExitCode {
    protocol::main::<plugin::Plugin>()
}
