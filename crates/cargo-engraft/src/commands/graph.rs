//! `cargo engraft graph`: the picture of a host, its plugins and the packages in them.

mod outputs;

use super::check::rehearse;
use super::inspect::read;
use crate::output::{self, Progress};
use crate::{exit, graph};
use anyhow::Result;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How the picture is written
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// The program that would open the plugins; without it, the host of the workspace and the plugins that were built for it
    #[arg(long, value_name = "FILE", requires = "plugins")]
    host: Option<PathBuf>,
    /// Plugins, in the order in which they would be opened; of a directory all files, in order of their names
    #[arg(value_name = "PLUGIN|DIR", requires = "host")]
    plugins: Vec<PathBuf>,
    #[command(flatten)]
    outputs: outputs::Outputs,
}

/// How the picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A picture
    Svg,
    /// The graph for Graphviz
    Dot,
    /// A page in one file, with a filter and with all that is known of each package
    Html,
    /// The data (docs/graph.schema.json)
    Json,
}

/// The subcommand. A picture of what does not fit is a picture too: the verdict is `check`'s.
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
