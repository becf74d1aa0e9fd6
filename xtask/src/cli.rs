//! The command line: which commands there are, and how a failure is told.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::{bench, book, ci, examples, fuzz, heavy, miri, tidy};

/// Engraft's own chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every step of CI in CI's order, up to the first that fails.
    Ci,
    /// Run the tests that are free of `dlopen` under Miri, if it is installed.
    Miri,
    /// Check the architecture's rules: file sizes, names, where `unsafe` may stand, code and links on pages.
    Tidy,
    /// Make the book of `docs/`, in `target/book`.
    Book,
    /// Build and run the examples as a new user would.
    Examples,
    /// Build and run the fixture whose host and plugin share large real-world crates.
    Heavy,
    /// Fuzz the readers of files and arguments, by cargo-fuzz.
    Fuzz {
        /// For how long, each.
        #[arg(long, value_name = "N", default_value_t = 60)]
        seconds: u32,
        /// One of them alone.
        #[arg(value_parser = fuzz::TARGETS)]
        target: Option<String>,
    },
    /// Measure Engraft beside what one would otherwise use, and write `benchmarks/RESULTS.md`.
    Bench {
        /// For the runner: `--quick`, `--only MEASURE,…`, `--with CONTESTANT,…`; `--help` tells.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// Reads the command line and runs the command that it names.
pub(crate) fn run() -> ExitCode {
    match dispatch(&Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A step doesn't name itself: `ci` names the steps that it runs, and this those that a person asked for.
fn dispatch(command: &Command) -> Result<()> {
    match command {
        Command::Ci => ci::run(),
        Command::Miri => miri::run().context("miri"),
        Command::Tidy => tidy::run().context("tidy"),
        Command::Book => book::run().context("book"),
        Command::Examples => examples::run().context("examples"),
        Command::Heavy => heavy::run().context("heavy"),
        Command::Fuzz { seconds, target } => fuzz::run(target.as_deref(), *seconds).context("fuzz"),
        Command::Bench { arguments } => bench::run(arguments).context("bench"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
