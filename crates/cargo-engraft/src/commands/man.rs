//! `cargo engraft man`: man pages, made from the command line's definition.

use crate::exit;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Where to.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The directory to write them into, such as /usr/local/share/man/man1; it is made if it is not there
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// The subcommand; `cli` is the whole command line.
pub fn command(options: &Options, cli: clap::Command) -> Result<u8> {
    let directory = &options.directory;
    let write = || {
        std::fs::create_dir_all(directory)?;
        // Pages are found by the program's name; what people write stays in the text.
        clap_mangen::generate_to(cli.name("cargo-engraft").display_name("cargo-engraft"), directory)
    };
    write().with_context(|| format!("failed to write man pages into {}", directory.display()))?;
    Ok(exit::FINE)
}
