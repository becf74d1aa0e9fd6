//! `cargo engraft doctor`: checks a workspace for known plugin pitfalls.

mod gather;
mod outputs;
mod sources;
mod text;

use crate::doctor::finding::Report;
use crate::{exit, output};
use anyhow::Result;
use std::path::PathBuf;

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Directory of all generated artifacts
    #[arg(long, value_name = "DIR")]
    target_dir: Option<PathBuf>,
    /// Print findings as JSON (docs/doctor.schema.json)
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand. It builds nothing, and checks existing outputs.
pub fn command(options: &Options) -> Result<u8> {
    let report: Report = gather::examine(options.manifest_path.as_deref(), options.target_dir.as_deref())?;
    output::print(&if options.json { serde_json::to_string_pretty(&report)? + "\n" } else { text::report(&report) })?;
    Ok(if report.findings.is_empty() { exit::FINE } else { exit::INCOMPATIBLE })
}
