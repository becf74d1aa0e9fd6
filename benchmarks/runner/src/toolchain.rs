//! Asks the tools of this machine for their versions and directories.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::program;

/// The first line that a program prints with this argument.
pub(crate) fn first_line(name: &str, argument: &str) -> Result<String> {
    let text = program::stdout_of(program::command(Path::new(name)).arg(argument))?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// The directory of the compiler's own shared libraries.
pub(crate) fn libraries() -> Result<PathBuf> {
    Ok(Path::new(&first_line("rustc", "--print=target-libdir")?).to_owned())
}

/// Whether the compiler has a standard library for this target.
pub(crate) fn has_target(target: &str) -> Result<bool> {
    let directory = program::stdout_of(program::command(Path::new("rustc")).args(["--print", "target-libdir", "--target", target]))?;
    Ok(Path::new(directory.trim()).exists())
}
