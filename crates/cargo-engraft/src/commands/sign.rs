//! `cargo engraft sign`: puts a signature beside each plugin.

use crate::output::Steps;
use crate::signing::{beside, read_secret_key, sign};
use crate::{exit, place};
use anyhow::{Context, Result};
use engraft::Checked;
use engraft_manifest::{signature_path, signed_message};
use std::path::{Path, PathBuf};

/// What is signed, and with what.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The secret key, from `cargo engraft keygen` or minisign; its password is asked for, or taken from ENGRAFT_KEY_PASSWORD
    #[arg(short, long, value_name = "PATH", default_value = "engraft.key")]
    secret_key: PathBuf,
    /// Sign nothing, print what a signature has to be over: for minisign itself, and keys that never leave a device
    #[arg(long)]
    print_message: bool,
    /// The plugins
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// The subcommand.
pub fn command(options: &Options) -> Result<u8> {
    // All are looked at before one is signed.
    let plugins = options.files.iter().map(|file| checked(file)).collect::<Result<Vec<Checked>>>()?;
    if options.print_message {
        for plugin in plugins {
            print!("{}", signed_message(plugin.build_id));
        }
        return Ok(exit::FINE);
    }
    let key = read_secret_key(&options.secret_key)?;
    for (file, plugin) in options.files.iter().zip(plugins) {
        let build = plugin.build_id;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        place::write(&signature_path(file), sign(&key, &name, build)?.as_bytes())?;
        Steps::Told.tell("Signed", &format!("{} (build {})", file.display(), build.short()));
        // Whoever signs vouches for these too: nothing else does.
        for line in beside::lines(&plugin) {
            Steps::Told.tell("Note", &line);
        }
    }
    Ok(exit::FINE)
}

/// The plugin that a file is. A damaged one is never signed: the signature would hold for what nobody built.
fn checked(file: &Path) -> Result<Checked> {
    // A bare name is a file here, not one of the plugin directories'.
    let checked = engraft::verify(std::path::absolute(file)?);
    checked.with_context(|| format!("{} can't be signed", file.display()))
}
