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

impl Arguments {
    /// What a person types for the same run.
    pub(crate) fn as_typed(&self) -> String {
        let quick = if self.quick { " --quick" } else { "" };
        let list = |option: &str, names: &[String]| if names.is_empty() { String::new() } else { format!(" {option} {}", names.join(",")) };
        format!("cargo xtask bench{quick}{}{}", list("--only", &self.only), list("--with", &self.with))
    }

    /// Whether nothing is left out.
    pub(crate) fn is_whole(&self) -> bool {
        !self.quick && self.only.is_empty() && self.with.is_empty()
    }
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
    use clap::{CommandFactory, Parser};

    use super::Arguments;

    #[test]
    fn the_command_line_is_well_formed() {
        <Arguments as CommandFactory>::command().debug_assert();
    }

    #[test]
    fn a_run_is_shown_as_one_would_type_it() {
        let cases: [(&[&str], &str, bool); 3] = [
            (&[], "cargo xtask bench", true),
            (&["--quick", "--only", "open,call"], "cargo xtask bench --quick --only open,call", false),
            (&["--with=cdylib"], "cargo xtask bench --with cdylib", false),
        ];
        for (options, shown, whole) in cases {
            let arguments = Arguments::parse_from(["runner", "--engraft=x"].iter().chain(options));
            assert_eq!((&*arguments.as_typed(), arguments.is_whole()), (shown, whole));
        }
    }
}
