//! The command line, and how a failure is told.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;

use crate::run;
use crate::{contestants, measures};

/// Measures Engraft beside what one would otherwise use.
#[derive(Debug, Parser)]
#[command(name = "runner")]
pub(crate) struct Arguments {
    /// The `cargo-engraft` that is measured, optimised.
    #[arg(long, value_name = "FILE")]
    pub(crate) engraft: PathBuf,
    /// A few repetitions: to see whether all works, not for figures to be quoted.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these measures.
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(measures::ALL.iter().map(|measure| measure.name)))]
    pub(crate) only: Vec<String>,
    /// Only these contestants, beside Engraft.
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(contestants::ALL.iter().map(|contestant| contestant.name)))]
    pub(crate) with: Vec<String>,
}

/// Reads the command line and measures.
pub(crate) fn run() -> ExitCode {
    match run::run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
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
