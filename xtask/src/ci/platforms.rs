//! `platforms`: the library, and a plugin's crate, compile where nothing can be opened yet.
//!
//! Only rlibs are made, which takes no linker of that platform.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// One of each kind: another system with files of its own, one without files, one with another object format.
const TARGETS: [&str; 3] = ["x86_64-pc-windows-gnu", "wasm32-unknown-unknown", "aarch64-apple-darwin"];

pub(super) fn run() -> Result<()> {
    for target in TARGETS {
        let libraries = process::stdout_of(Command::new("rustc").args(["--print=target-libdir", "--target", target]))?;
        if !Path::new(libraries.trim()).is_dir() {
            println!("platforms: {target} is not installed and was NOT checked; `rustup target add {target}`");
            continue;
        }
        let plugin = "--manifest-path=examples/hello/plugins/greet/Cargo.toml";
        let built = ["rustc", "--locked", "--lib", "--crate-type=lib", "--target", target, plugin];
        process::check(process::cargo().args(["build", "--locked", "--package=engraft", "--all-features", "--target", target]))?;
        process::check(process::cargo().args(built))?;
    }
    Ok(())
}
