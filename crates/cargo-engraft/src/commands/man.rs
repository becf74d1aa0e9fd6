//! `cargo engraft man`: writes man pages, generated from the definition of the command line.

use crate::exit;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Options of `man`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Directory to write the pages to, such as /usr/local/share/man/man1 (created if missing)
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Runs the subcommand. `cli` is the definition of the whole command line.
pub fn command(options: &Options, cli: clap::Command) -> Result<u8> {
    let directory = &options.directory;
    let write = || {
        std::fs::create_dir_all(directory)?;
        // The file names use the program's name, by which `man` finds them. The text shows `cargo engraft`.
        clap_mangen::generate_to(cli.name("cargo-engraft").display_name("cargo-engraft"), directory)
    };
    write().with_context(|| format!("failed to write man pages to {}", directory.display()))?;
    Ok(exit::FINE)
}
