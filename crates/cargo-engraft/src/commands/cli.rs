//! The command line.

use super::options::BuildOptions;
use super::{build, check, completions, doctor, explain, graph, inspect, keygen, man, new, run, sign, test, verify};
use crate::exit;
use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Builds hosts and the native plugins that they open.
#[derive(Debug, Parser)]
#[command(name = "cargo engraft", bin_name = "cargo engraft", version, about, styles = clap_cargo_style())]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build all hosts and plugins of the workspace, or link the named ones
    #[command(visible_alias = "b")]
    Build {
        #[command(flatten)]
        options: BuildOptions,
        /// Put symbols and debug information into files of their own, beside hosts and plugins: `filter.so.debug`
        #[arg(long, help_heading = "Compilation")]
        strip: bool,
    },
    /// Build everything and run a host
    #[command(visible_alias = "r")]
    Run {
        #[command(flatten)]
        options: BuildOptions,
        /// As for `build`
        #[arg(long, help_heading = "Compilation")]
        strip: bool,
        /// The binary to run
        #[arg(long, value_name = "NAME", conflicts_with = "example")]
        bin: Option<String>,
        /// The example to run
        #[arg(long, value_name = "NAME")]
        example: Option<String>,
        /// Arguments for the host
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Build everything and run the tests: a test binary is a host too, and can open plugins
    #[command(visible_alias = "t")]
    Test {
        #[command(flatten)]
        options: BuildOptions,
        #[command(flatten)]
        selection: test::Selection,
    },
    /// Tell what files are: hosts, plugins and what is in them, or what else
    Inspect(inspect::Options),
    /// Tell whether a host would open plugins, all together, without running any of them
    Check(check::Options),
    /// Look in a workspace for what leads to known bugs, before it does
    Doctor(doctor::Options),
    /// Draw a host, its plugins and the packages in them
    Graph(graph::Options),
    /// Make a workspace with an API crate, a host and a plugin; or add a plugin to the one here
    New {
        /// Where to make the workspace
        #[arg(required_unless_present = "plugin", conflicts_with = "plugin")]
        path: Option<PathBuf>,
        /// Add a plugin of this name to the workspace that one stands in
        #[arg(long, value_name = "NAME")]
        plugin: Option<String>,
        /// Path of the workspace's Cargo.toml
        #[arg(long, value_name = "PATH", requires = "plugin")]
        manifest_path: Option<PathBuf>,
    },
    /// Explain errors by their codes: cause, example and mend
    Explain(explain::Options),
    /// Make a pair of keys: one to sign plugins with, one for the programs that open them
    Keygen(keygen::Options),
    /// Sign plugins: each gets a signature beside it
    Sign(sign::Options),
    /// Check plugins as a program with a keyring does
    Verify(verify::Options),
    /// Print what a shell needs to complete this command line
    Completions(completions::Options),
    /// Write man pages
    Man(man::Options),
}

/// Reads the command line and does what it says; the exit code.
pub fn main(arguments: Vec<OsString>) -> Result<u8> {
    if arguments.is_empty() {
        Cli::command().print_help()?;
        return Ok(exit::FINE);
    }
    let words = std::iter::once("cargo engraft".into()).chain(arguments);
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            error.print()?;
            return Ok(u8::try_from(error.exit_code()).unwrap_or(exit::FAILED));
        }
    };
    if let Command::Build { options, .. } | Command::Run { options, .. } | Command::Test { options, .. } = &cli.command {
        options.choose_colour();
    }
    match cli.command {
        Command::Build { options, strip } => build::command(&options, strip),
        Command::Run { options, strip, bin, example, arguments } => {
            run::command(&options, strip, bin.as_deref(), example.as_deref(), &arguments)
        }
        Command::Test { options, selection } => test::command(&options, &selection),
        Command::Inspect(options) => inspect::command(&options),
        Command::Check(options) => check::command(&options),
        Command::Doctor(options) => doctor::command(&options),
        Command::Graph(options) => graph::command(&options),
        Command::New { path, plugin, manifest_path } => match (path, plugin) {
            (Some(path), _) => new::workspace(&path),
            (None, Some(name)) => new::plugin(&name, manifest_path.as_deref()),
            (None, None) => unreachable!("clap asks for one of the two"),
        },
        Command::Explain(options) => explain::command(&options),
        Command::Keygen(options) => keygen::command(&options),
        Command::Sign(options) => sign::command(&options),
        Command::Verify(options) => verify::command(&options),
        Command::Completions(options) => completions::command(&options, Cli::command()),
        Command::Man(options) => man::command(&options, Cli::command()),
    }
}

/// cargo's colours, so that ours continue them.
fn clap_cargo_style() -> clap::builder::Styles {
    use anstyle::AnsiColor::{Cyan, Green, Red, Yellow};
    clap::builder::Styles::styled()
        .header(Green.on_default().bold())
        .usage(Green.on_default().bold())
        .literal(Cyan.on_default().bold())
        .placeholder(Cyan.on_default())
        .error(Red.on_default().bold())
        .valid(Cyan.on_default().bold())
        .invalid(Yellow.on_default().bold())
}
