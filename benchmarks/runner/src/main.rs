//! `cargo xtask bench`: builds every contestant, measures them in turns, and writes the results.

#![forbid(unsafe_code)]

use std::process::ExitCode;

mod borrowed;
mod cli;
mod contestant;
mod contestants;
mod edited_copy;
mod field;
mod findings;
mod heavy;
mod machine;
mod many;
mod measures;
mod page;
mod place;
mod plot;
mod program;
mod run;
mod running_host;
mod samples;
mod symbol_table;
mod toolchain;
mod turns;
mod unit;

fn main() -> ExitCode {
    cli::run()
}
