//! `miri`: the tests that are free of `dlopen`, under an interpreter that sees undefined behaviour.

use anyhow::Result;

use crate::{nightly, process};

/// The parts of the library whose tests neither map anything nor ask the system's loader or files.
const PARTS: [&str; 8] = ["file_state::", "live::", "lookup::", "same_name::", "search::", "symbols::", "task::", "thread::"];

/// The one test there that asks the loader.
const ASKS_THE_LOADER: &str = "a_place_is_in_the_object_of_its_code";

/// Runs them, or says that it did not.
pub(crate) fn run() -> Result<()> {
    if !nightly::has("miri") {
        println!("miri: not installed, its tests were NOT run; `rustup toolchain install nightly --component miri`");
        return Ok(());
    }
    process::check(nightly::cargo().args(["miri", "test", "--locked", "--package=engraft-manifest"]))?;
    let parts = ["miri", "test", "--locked", "--package=engraft", "--lib", "--"];
    process::check(nightly::cargo().args(parts).args(PARTS).args(["--skip", ASKS_THE_LOADER]))
}
