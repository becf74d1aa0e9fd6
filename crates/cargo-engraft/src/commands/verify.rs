//! `cargo engraft verify`: says of each plugin what a program with a keyring would.

use crate::signing::{judge, parse_public_key, read_public_key};
use crate::{exit, output};
use anyhow::Result;
use engraft_manifest::PublicKey;
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

/// The subcommand. A line for each file; the exit code is 0 if all would be opened, 100 if one would be refused, 101 if one
/// could not be judged.
pub fn command(options: &Options) -> Result<u8> {
    let files = options.key_files.iter().map(|path| read_public_key(path));
    let lines = options.key_lines.iter().map(|line| parse_public_key(line));
    let keys = files.chain(lines).collect::<Result<Vec<PublicKey>>>()?;
    let (mut refused, mut undecided) = (Vec::new(), false);
    for file in &options.files {
        match judge(file, &keys) {
            Ok(Ok(signed)) => println!("{}: fine: signed by {}, build {}", file.display(), signed.key, signed.build.short()),
            Ok(Err(refusal)) => {
                println!("{}: {}: {refusal}", file.display(), refusal.code());
                if !refused.contains(&refusal.help()) {
                    refused.push(refusal.help());
                }
            }
            Err(error) => {
                output::error(&error);
                undecided = true;
            }
        }
    }
    for help in &refused {
        output::help(help);
    }
    Ok(match (refused.is_empty(), undecided) {
        (false, _) => exit::INCOMPATIBLE,
        (true, true) => exit::FAILED,
        (true, false) => exit::FINE,
    })
}
