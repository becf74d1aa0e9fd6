//! The command line, and how a failure is told.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::contestants;
use crate::place::{Place, Profile};

/// Measures Engraft beside what one would otherwise use.
#[derive(Debug, Parser)]
#[command(name = "runner")]
struct Arguments {
    /// The `cargo-engraft` that is measured, optimised.
    #[arg(long, value_name = "FILE")]
    engraft: PathBuf,
}

/// Reads the command line and measures.
pub(crate) fn run() -> ExitCode {
    match measure(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let place = Place { root: root.to_owned(), engraft: arguments.engraft.clone(), profile: Profile::Release };
    for contestant in contestants::ALL {
        match (contestant.build)(&place) {
            Ok(built) => println!("{}: {:?}", contestant.name, built.plugins),
            Err(error) => println!("{}: absent: {error:#}", contestant.name),
        }
    }
    Ok(())
}
