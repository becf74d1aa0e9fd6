//! The host that opens a plugin of stabby.

mod calls;
mod plugin;

use std::process::ExitCode;

fn main() -> ExitCode {
    protocol::main::<plugin::Plugin>()
}
