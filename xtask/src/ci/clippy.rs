//! `clippy`: no warning, in no target and with no feature.

use anyhow::Result;

use crate::process;

pub(super) fn run() -> Result<()> {
    process::check(process::cargo().args(["clippy", "--workspace", "--all-targets", "--all-features", "--locked", "--", "-D", "warnings"]))
}
