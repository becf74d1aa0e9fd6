//! A program that Engraft has nothing to do with: how rustc links when nobody tells it anything.

use super::{command, place};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The program, linked by rustc's default linker.
pub fn program() -> PathBuf {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(build).clone().unwrap_or_else(|error| panic!("the ordinary program is not built: {error}"))
}

fn build() -> Result<PathBuf, String> {
    // Other test binaries may do the same at this moment.
    let directory = place::target().join(format!("ordinary-{}", std::process::id()));
    std::fs::create_dir_all(&directory).map_err(|error| format!("failed to create {}: {error}", directory.display()))?;
    let (source, program) = (directory.join("main.rs"), directory.join("main"));
    std::fs::write(&source, "fn main() {}\n").map_err(|error| format!("failed to write {}: {error}", source.display()))?;
    let mut rustc = Command::new("rustc");
    super::environment::clean(&mut rustc);
    command::build(rustc.arg(&source).arg("-o").arg(&program))?;
    Ok(program)
}
