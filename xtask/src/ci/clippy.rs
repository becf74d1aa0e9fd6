//! `clippy`: no warning, in no target.

use anyhow::Result;

use crate::process;

pub(super) fn run() -> Result<()> {
    process::check(process::cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}
