//! What the real linker can do, which it is asked: linkers differ, and the C compiler chooses one.

use anyhow::{Context, Result};
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether the linker that these arguments choose knows an option.
pub fn knows(linker: &Path, given: &[String], option: &str) -> Result<bool> {
    // The arguments by which a C compiler chooses its linker.
    let choice = given.iter().filter(|argument| ["-fuse-ld", "--ld-path", "-B", "-m"].iter().any(|start| argument.starts_with(start)));
    let mut command = Command::new(linker);
    command.args(choice).args(["-Xlinker", option, "-Wl,--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command.status().with_context(|| format!("failed to run the linker {}", linker.display()))?.success())
}
