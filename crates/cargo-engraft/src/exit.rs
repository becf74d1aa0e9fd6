//! The exit codes of `cargo engraft`.

use std::process::ExitStatus;

/// All went well.
pub const FINE: u8 = 0;
/// An incompatibility was found: a plugin does not fit its hosts.
pub const INCOMPATIBLE: u8 = 100;
/// What was asked could not be completed.
pub const FAILED: u8 = 101;

/// The exit code of a program that was run in our place; one that a signal ended counts as failed, as in a shell.
#[must_use]
pub fn code_of(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)
}
