//! The host for components in wasmtime, which `wasm-host compile COMPONENT OUTPUT` compiles in advance.

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
