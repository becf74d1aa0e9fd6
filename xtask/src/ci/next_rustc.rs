//! `next rustc`: the nightly compiler, where it is installed, does what Engraft relies on. What it does otherwise is known half a year
//! before a release does so.

use anyhow::{Context, Result};

use crate::engraft::Engraft;
use crate::{examples, nightly};

pub(super) fn run() -> Result<()> {
    if !nightly::is_there() {
        println!("next rustc: no nightly toolchain is installed, and `hello` was NOT built with it; `rustup toolchain install nightly`");
        return Ok(());
    }
    let engraft = Engraft::build()?;
    examples::hello_runs(|subcommand, manifest| {
        let mut command = nightly::run(engraft.program());
        command.env_remove("CARGO_TARGET_DIR").args([subcommand, "--target-dir=target/nightly", "--manifest-path"]).arg(manifest);
        command
    })
    .context("hello, with the nightly compiler")
}
