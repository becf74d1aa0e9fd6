//! The tool under test, in an environment that only the test decides on.

use crate::harness::environment;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The built `cargo-engraft`.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-engraft");

/// `cargo engraft`, in this directory and with this target directory.
pub fn engraft(directory: &Path, target: &Path) -> Command {
    let mut command = clean(PROGRAM);
    command.arg("engraft").current_dir(directory).env("CARGO_TARGET_DIR", target);
    command
}

/// cargo itself, in this directory and with this target directory. The hook finds the tool under test.
pub fn cargo(directory: &Path, target: &Path) -> Command {
    cargo_at(Path::new("cargo"), directory, target)
}

/// The same, of the cargo at this path.
pub fn cargo_at(cargo: &Path, directory: &Path, target: &Path) -> Command {
    let mut command = clean(cargo);
    command.current_dir(directory).env("CARGO_TARGET_DIR", target).env("CARGO_ENGRAFT", PROGRAM);
    command
}

/// A program without the settings of whoever runs the tests, and without what cargo sets for tests.
pub fn clean(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    environment::clean(&mut command);
    // The packages that are needed were fetched when the tests were built.
    command.env("CARGO_NET_OFFLINE", "true");
    command
}

/// The directory of Engraft's crates.
pub fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The lock file of this repository: with it, workspaces get the packages that are here.
pub fn lock_file() -> PathBuf {
    crates().parent().unwrap().join("Cargo.lock")
}
