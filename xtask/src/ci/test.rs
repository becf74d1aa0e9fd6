//! `test`: the command that README tells a contributor to type, with the lock file held to.

use anyhow::Result;

use crate::process;

pub(super) fn run() -> Result<()> {
    process::check(process::cargo().args(["test", "--workspace", "--locked"]))
}
