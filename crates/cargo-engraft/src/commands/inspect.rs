//! `cargo engraft inspect`: what files are, and what they say about themselves.

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

/// What is asked.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Hosts, plugins, and whatever else may be one
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Tell where the bytes go: code, data and names of each package
    #[arg(long, conflicts_with = "json")]
    size: bool,
    /// Print all that is known as JSON, sizes too (docs/inspect.schema.json)
    #[arg(long)]
    json: bool,
}

/// The subcommand. A file that is neither host nor plugin is an answer too; one that can't be read is none.
pub fn command(options: &Options) -> Result<u8> {
    let progress = Progress::begin();
    let file = |path: &PathBuf| progress.step("Reading", &path.display().to_string(), || read::file(path));
    let report = Inspected { schema: SCHEMA, files: options.files.iter().map(file).collect() };
    let text = match (options.json, options.size) {
        (true, _) => serde_json::to_string_pretty(&report)? + "\n",
        (false, true) => report.files.iter().map(size_text::of).collect::<Vec<_>>().join("\n"),
        (false, false) => report.files.iter().map(text::of).collect::<Vec<_>>().join("\n"),
    };
    output::print(&text)?;
    let unreadable = report.files.iter().any(|file| file.kind == report::Kind::Unreadable);
    Ok(if unreadable { exit::FAILED } else { exit::FINE })
}
