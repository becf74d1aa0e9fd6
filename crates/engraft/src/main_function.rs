//! The start of a program: its initialisers, before the body of `main`.

use crate::initialise::host_and_wait;
use crate::{OpenError, open};

/// Runs the initialisers of this program's packages, unless they have run; if another thread is at them, waits for it.
///
/// [`#[engraft::main]`](macro@crate::main) does this before the body of `main`, and the first [`open`](fn@crate::open) does it where
/// nobody has. This function is for programs whose `main` is not their own, such as tests.
///
/// It runs them in the same order in a program that Engraft did not link; [`#[init]`](macro@crate::init) says how it knows that.
///
/// # Errors
///
/// [`OpenError::InitFailed`], also when it has failed before; [`OpenError::WaitCycle`] if the thread that is at them waits for this one.
///
/// ```
/// # fn main() -> Result<(), engraft::OpenError> {
/// engraft::initialise()?;
/// # Ok(())
/// # }
/// ```
pub fn initialise() -> Result<(), OpenError> {
    host_and_wait().map_err(|halt| open::halted(halt, None))
}

/// What `#[engraft::main]` puts before the body of `main`: if an initialiser fails, says so and ends the process, because `main` must
/// not begin.
pub fn start() {
    if let Err(error) = initialise() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
