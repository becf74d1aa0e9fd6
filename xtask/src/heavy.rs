//! `heavy`: a host and a plugin that share large real-world crates, with C and assembly in them,
//! built optimised. What no small fixture shows, this shows.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::engraft::Engraft;
use crate::{process, repository};

const MANIFEST: &str = "fixtures/heavy/Cargo.toml";

/// Builds the fixture in release and runs its host, which checks itself and says so by its exit code.
pub(crate) fn run() -> Result<()> {
    // Absence must not pass for success.
    ensure!(repository::root().join(MANIFEST).is_file(), "there is no {MANIFEST}");
    let mut command = Engraft::build()?.command("run", Path::new(MANIFEST));
    process::check(command.arg("--release"))
}
