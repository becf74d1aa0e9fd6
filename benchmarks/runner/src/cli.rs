//! Parses the command line and reports failures.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;

use crate::run;
use crate::{contestants, measures};

/// Benchmark Engraft against the alternatives
#[derive(Debug, Parser)]
#[command(name = "runner")]
pub(crate) struct Arguments {
    /// Path of the `cargo-engraft` to measure, built in release mode
    #[arg(long, value_name = "FILE")]
    pub(crate) engraft: PathBuf,
    /// Do only a few repetitions, to check that everything works
    #[arg(long)]
    pub(crate) quick: bool,
    /// Run only these measures
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(measures::ALL.iter().map(|measure| measure.name)))]
    pub(crate) only: Vec<String>,
    /// Compare Engraft only with these contestants
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(contestants::ALL.iter().map(|contestant| contestant.name)))]
    pub(crate) with: Vec<String>,
}

impl Arguments {
    /// The command line that repeats this run.
    pub(crate) fn as_typed(&self) -> String {
        let quick = if self.quick { " --quick" } else { "" };
        let list = |option: &str, names: &[String]| if names.is_empty() { String::new() } else { format!(" {option} {}", names.join(",")) };
        format!("cargo xtask bench{quick}{}{}", list("--only", &self.only), list("--with", &self.with))
    }

    /// Whether this is a full run.
    pub(crate) fn is_whole(&self) -> bool {
        !self.quick && self.only.is_empty() && self.with.is_empty()
    }
}

/// Parses the command line and runs the measures.
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
    fn command_line_definition_is_valid() {
        <Arguments as CommandFactory>::command().debug_assert();
    }

    #[test]
    fn run_is_shown_as_command_line() {
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
