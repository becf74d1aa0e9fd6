//! Builds every contestant, measures them by turns, and writes down what came of it: `cargo xtask bench`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

mod cli;
mod contestant;
mod contestants;
mod place;
mod program;
mod toolchain;

fn main() -> ExitCode {
    cli::run()
}
