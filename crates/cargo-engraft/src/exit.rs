//! The exit codes of `cargo engraft`.

use crate::output;
use std::ffi::OsStr;
use std::process::ExitStatus;

/// All went well.
pub const FINE: u8 = 0;
/// An incompatibility was found: a plugin does not fit its hosts.
pub const INCOMPATIBLE: u8 = 100;
/// What was asked could not be completed.
pub const FAILED: u8 = 101;

/// The exit code of a program that was run in our place. One that a signal ended counts as failed, and that is told: such a program has
/// said nothing, and whoever called us would never know.
#[must_use]
pub fn code_of(program: &OsStr, status: ExitStatus) -> u8 {
    if status.code().is_none() {
        output::error(&anyhow::anyhow!("{} did not come to its end: {status}", program.display()));
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)
}
