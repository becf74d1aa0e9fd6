//! `fmt`: rustfmt's opinion, in every workspace of the repository.

use anyhow::Result;

use crate::{process, repository};

pub(super) fn run() -> Result<()> {
    process::check(process::cargo().args(["fmt", "--all", "--check"]))?;
    for manifest in repository::nested_workspaces()? {
        process::check(process::cargo().args(["fmt", "--all", "--check", "--manifest-path"]).arg(manifest))?;
    }
    Ok(())
}
