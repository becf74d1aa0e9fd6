//! `cargo engraft inspect`: shows what is inside hosts and plugins.

pub mod read;
pub mod report;
mod size_text;
mod text;

#[cfg(test)]
pub use report::Report;

use crate::exit;
use crate::output::{self, Progress};
use anyhow::Result;
use report::{Report as Inspected, SCHEMA};
use std::path::PathBuf;

/// Options of `inspect`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Files to inspect
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show the size of code, data and names for each package
    #[arg(long, conflicts_with = "json")]
    size: bool,
    /// Print everything as JSON, including sizes (docs/inspect.schema.json)
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand. It fails if a file can't be read, but not if a file is neither host nor plugin.
pub fn command(options: &Options) -> Result<u8> {
    let progress = Progress::begin();
    let file = |path: &PathBuf| progress.step("Reading", &path.display().to_string(), || read::file(path));
    let report = Inspected { schema: SCHEMA, files: options.files.iter().map(file).collect() };
    let text = match (options.json, options.size) {
        (true, _) => serde_json::to_string_pretty(&report)? + "\n",
        (false, true) => report.files.iter().map(size_text::size_table).collect::<Vec<_>>().join("\n"),
        (false, false) => report.files.iter().map(text::description).collect::<Vec<_>>().join("\n"),
    };
    output::print(&text)?;
    let unreadable = report.files.iter().any(|file| file.kind == report::Kind::Unreadable);
    Ok(if unreadable { exit::FAILED } else { exit::FINE })
}
