//! The host that opens components in wasmtime, compiled beforehand by `wasm-host compile COMPONENT OUTPUT`.

mod bindings;
mod calls;
mod compile;
mod plugin;

use std::process::ExitCode;

fn main() -> ExitCode {
    match compile::asked() {
        Some((component, output)) => compile::to_file(&component, &output),
        None => protocol::main::<plugin::Plugin>(),
    }
}
