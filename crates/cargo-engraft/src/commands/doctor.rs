//! `cargo engraft doctor`: looks in a workspace for what leads to the catalogue's bugs, before it does.

mod gather;
mod outputs;
mod sources;
mod text;

use crate::doctor::finding::Report;
use crate::{exit, output};
use anyhow::Result;
use std::path::PathBuf;

/// What is asked.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Path of the workspace's Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Directory that everything was built into
    #[arg(long, value_name = "DIR")]
    target_dir: Option<PathBuf>,
    /// Print what was found as JSON (docs/doctor.schema.json)
    #[arg(long)]
    json: bool,
}

/// The subcommand. Nothing is built; outputs are looked at if there are any.
pub fn command(options: &Options) -> Result<u8> {
    let report: Report = gather::examine(options.manifest_path.as_deref(), options.target_dir.as_deref())?;
    output::print(&if options.json { serde_json::to_string_pretty(&report)? + "\n" } else { text::of(&report) })?;
    Ok(if report.findings.is_empty() { exit::FINE } else { exit::INCOMPATIBLE })
}
