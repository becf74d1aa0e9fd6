//! The vocabulary of Engraft's CI: `cargo xtask <command>` does here what CI does there.

use std::process::ExitCode;

mod bench;
mod book;
mod ci;
mod cli;
mod engraft;
mod examples;
mod fuzz;
mod heavy;
mod miri;
mod nightly;
mod process;
mod repository;
mod tidy;

fn main() -> ExitCode {
    cli::run()
}
