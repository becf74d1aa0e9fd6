//! `cargo engraft check`: whether a host would open plugins, told from the files alone.

pub mod rehearse;
pub mod report;
mod text;

#[cfg(test)]
pub use report::Report;

use crate::exit;
use crate::output::{self, Progress};
use anyhow::Result;
use report::Verdict;
use std::path::PathBuf;

/// What is asked.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The program that would open them
    #[arg(long, value_name = "FILE")]
    host: PathBuf,
    /// Plugins, in the order in which they would be opened; of a directory all files, in order of their names, but signatures and debug information
    #[arg(required = true, value_name = "PLUGIN|DIR")]
    plugins: Vec<PathBuf>,
    /// Print the verdicts as JSON (docs/check.schema.json)
    #[arg(long)]
    json: bool,
}

/// The subcommand.
pub fn command(options: &Options) -> Result<u8> {
    let report = rehearse::rehearse(&options.host, &options.plugins, Progress::begin())?;
    if options.json {
        output::print(&(serde_json::to_string_pretty(&report)? + "\n"))?;
    } else {
        output::print(&text::of(&report))?;
    }
    Ok(match report.verdict {
        Verdict::Opens => exit::FINE,
        Verdict::Refused => exit::INCOMPATIBLE,
        Verdict::Undecided => exit::FAILED,
    })
}
