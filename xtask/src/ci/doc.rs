//! `doc`: the documentation builds, and every link in it leads somewhere.

use anyhow::Result;

use crate::process;

pub(super) fn run() -> Result<()> {
    process::check(process::cargo().env("RUSTDOCFLAGS", "-Dwarnings").args([
        "doc",
        "--workspace",
        "--no-deps",
        "--all-features",
        "--locked",
    ]))
}
