//! A component in wasmtime, built from the same crate `work`.

mod compiler;

use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

use crate::contestant::{Built, Contestant};
use crate::place::Place;
use crate::program::{self, Program};
use compiler::Compiler;

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "wasm",
    way: "a component in wasmtime, opened from machine code that was compiled beforehand: WIT's types, memory of its own. The first \
          open makes the engine, too",
    build,
    edit: None,
};

fn build(place: &Place) -> Result<Built> {
    let compiler = Compiler::found()?;
    program::stdout_of(&mut guest(place, &compiler))?;
    program::stdout_of(&mut place.cargo("build", &["wasm-host"]))?;
    let host = Program::new(place.output("", "wasm-host"));
    let component = place.output("wasm/wasm32-unknown-unknown", "wasm_guest.wasm");
    let machine_code = place.output("wasm", "guest.cwasm");
    let directory = machine_code.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).with_context(|| format!("failed to create {}", directory.display()))?;
    program::stdout_of(&mut host.command([Path::new("compile"), &component, &machine_code]))?;
    Ok(Built {
        plugins: [machine_code.clone(), place.second_copy(&machine_code)?],
        host,
        heavy: None,
        versions: vec![
            ("wasmtime", place.locked_version("wasmtime")?),
            ("wit-bindgen", place.locked_version("wit-bindgen")?),
            ("the guest's rustc", compiler.version.clone()),
        ],
    })
}

/// Uses a separate target directory, because another compiler rebuilds everything.
fn guest(place: &Place, compiler: &Compiler) -> Command {
    let mut command = place.cargo("build", &["wasm-guest"]);
    command.args(["--target", "wasm32-unknown-unknown", "--target-dir"]).arg(place.root.join("target/wasm"));
    compiler.applied(&mut command);
    command
}
