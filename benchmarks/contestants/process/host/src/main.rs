//! The host for a child process.

mod calls;
mod plugin;

use std::process::ExitCode;

fn main() -> ExitCode {
    protocol::main::<plugin::Plugin>()
}
