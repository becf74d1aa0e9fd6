//! `cargo engraft verify`: says of each plugin what a program with a keyring would.

use crate::signing::beside;
use crate::{exit, output};
use anyhow::Result;
use engraft::{Keyring, OpenError};
use std::path::PathBuf;

/// What is checked, and with what.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("keys").required(true).multiple(true).args(["key_files", "key_lines"]))]
pub struct Options {
    /// A file with a public key that is trusted; may be given again
    #[arg(short = 'p', long = "public-key", value_name = "PATH")]
    key_files: Vec<PathBuf>,
    /// A public key that is trusted, itself: the second line of such a file; may be given again
    #[arg(short = 'P', value_name = "KEY")]
    key_lines: Vec<String>,
    /// The plugins
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// The subcommand. Says of each file what it is; the exit code is 0 if all would be opened, 100 if one would be refused, and 101 if one
/// could not be judged.
pub fn command(options: &Options) -> Result<u8> {
    let mut keyring = Keyring::new();
    for path in &options.key_files {
        keyring.trust_file(path)?;
    }
    for line in &options.key_lines {
        keyring.trust(line)?;
    }
    let (mut refused, mut undecided) = (false, false);
    for file in &options.files {
        // A bare name is a file here, not one of the plugin directories'.
        match keyring.verify(std::path::absolute(file)?) {
            Ok(checked) => {
                let key = checked.signed_by.map_or_else(String::new, |key| key.to_string());
                println!("{}: fine: signed by {key}, build {}", file.display(), checked.build_id.short());
                for line in beside::lines(&checked) {
                    println!("  {line}");
                }
            }
            Err(error @ (OpenError::NotFound { .. } | OpenError::Unreadable { .. })) => {
                output::error(&error.into());
                undecided = true;
            }
            Err(error) => {
                println!("{error}");
                refused = true;
            }
        }
    }
    Ok(match (undecided, refused) {
        (true, _) => exit::FAILED,
        (false, true) => exit::INCOMPATIBLE,
        (false, false) => exit::FINE,
    })
}
