//! Defines the command line of `cargo engraft` and dispatches to the subcommands.

use super::options::BuildOptions;
use super::{build, check, completions, doctor, explain, graph, init, inspect, keygen, man, new, run, sign, test, verify};
use crate::exit;
use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Build hosts and the native plugins that they open
#[derive(Debug, Parser)]
#[command(name = "cargo engraft", bin_name = "cargo engraft", version, styles = clap_cargo_style())]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build hosts and plugins
    #[command(visible_alias = "b")]
    Build {
        #[command(flatten)]
        options: BuildOptions,
        /// Move symbols and debug information into separate files, such as `filter.so.debug`
        #[arg(long, help_heading = "Compilation Options")]
        strip: bool,
    },
    /// Build hosts and plugins, and run a host
    #[command(visible_alias = "r")]
    Run {
        #[command(flatten)]
        options: BuildOptions,
        /// Move symbols and debug information into separate files, such as `filter.so.debug`
        #[arg(long, help_heading = "Compilation Options")]
        strip: bool,
        /// Name of the binary to run
        #[arg(long, value_name = "NAME", conflicts_with = "example")]
        bin: Option<String>,
        /// Name of the example to run
        #[arg(long, value_name = "NAME")]
        example: Option<String>,
        /// Arguments for the host
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Build hosts and plugins, and run the tests, which can open plugins
    #[command(visible_alias = "t")]
    Test {
        #[command(flatten)]
        options: BuildOptions,
        #[command(flatten)]
        selection: test::Selection,
    },
    /// Show what is inside hosts and plugins
    Inspect(inspect::Options),
    /// Check whether a host can open a set of plugins, without running them
    Check(check::Options),
    /// Check a workspace for known plugin pitfalls
    Doctor(doctor::Options),
    /// Draw a host, its plugins and the packages in them
    Graph(graph::Options),
    /// Make every cargo command in a workspace build hosts and plugins
    Init(init::Options),
    /// Create a workspace with an API crate, a host and a plugin, or add a plugin to a workspace
    New {
        /// Path of the workspace to create
        #[arg(required_unless_present = "plugin", conflicts_with = "plugin")]
        path: Option<PathBuf>,
        /// Add a plugin with this name to the current workspace
        #[arg(long, value_name = "NAME")]
        plugin: Option<String>,
        /// Path to Cargo.toml
        #[arg(long, value_name = "PATH", requires = "plugin")]
        manifest_path: Option<PathBuf>,
    },
    /// Explain error codes: cause, example and fix
    Explain(explain::Options),
    /// Create a key pair for signing and verifying plugins
    Keygen(keygen::Options),
    /// Sign plugins, writing a signature file beside each
    Sign(sign::Options),
    /// Verify plugins as a host with a keyring does
    Verify(verify::Options),
    /// Print a shell completion script
    Completions(completions::Options),
    /// Write the man pages
    Man(man::Options),
}

/// Parses the command line and runs the subcommand. Returns the exit code.
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
        options.set_color_choice();
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
        Command::Init(options) => init::command(&options),
        Command::New { path, plugin, manifest_path } => match (path, plugin) {
            (Some(path), _) => new::workspace(&path),
            (None, Some(name)) => new::plugin(&name, manifest_path.as_deref()),
            (None, None) => unreachable!("clap requires one of the two"),
        },
        Command::Explain(options) => explain::command(&options),
        Command::Keygen(options) => keygen::command(&options),
        Command::Sign(options) => sign::command(&options),
        Command::Verify(options) => verify::command(&options),
        Command::Completions(options) => completions::command(&options, Cli::command()),
        Command::Man(options) => man::command(&options, Cli::command()),
    }
}

/// The colors of cargo's own help.
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
