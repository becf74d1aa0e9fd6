//! `cargo engraft graph`: draws a host, its plugins and their packages.

mod outputs;

use super::check::rehearse;
use super::inspect::read;
use crate::output::{self, Progress};
use crate::{exit, graph};
use anyhow::Result;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Options of `graph`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// Path of the host [default: the workspace's host and the plugins built for it]
    #[arg(long, value_name = "FILE", requires = "plugins")]
    host: Option<PathBuf>,
    /// Plugins in the order in which the host opens them; a directory stands for all its files, sorted by name
    #[arg(value_name = "PLUGIN|DIR", requires = "host")]
    plugins: Vec<PathBuf>,
    #[command(flatten)]
    outputs: outputs::Outputs,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// SVG picture
    Svg,
    /// Graphviz source
    Dot,
    /// HTML page in one file, with a filter and the details of each package
    Html,
    /// JSON data (docs/graph.schema.json)
    Json,
}

/// Runs the subcommand. It succeeds even if a plugin would be refused: `check` gives the verdict.
pub fn command(options: &Options) -> Result<u8> {
    let (host, plugins) = match &options.host {
        Some(host) => (host.clone(), options.plugins.clone()),
        None => options.outputs.find()?,
    };
    let progress = Progress::begin();
    let report = rehearse::rehearse(&host, &plugins, progress)?;
    let read = |path: &Path| progress.step("Reading", &path.display().to_string(), || read::file(path));
    let plugins: Vec<_> = report
        .plugins
        .into_iter()
        .map(|verdict| {
            let file = read(Path::new(&verdict.path));
            (verdict, file)
        })
        .collect();
    let graph = graph::assemble(&graph::Parts { host: &read(&host), plugins: &plugins });
    output::print(&match options.format {
        Format::Svg => graph::svg(&graph) + "\n",
        Format::Dot => graph::dot(&graph),
        Format::Html => graph::html(&graph) + "\n",
        Format::Json => serde_json::to_string_pretty(&graph)? + "\n",
    })?;
    Ok(exit::FINE)
}
