//! The start of a program: its initialisers, before the body of `main`.

use crate::{OpenError, host, open, sys};

/// Runs the initialisers of this program's packages, unless they have run; if another thread is at them, waits for it.
///
/// [`#[engraft::main]`](macro@crate::main) does this before the body of `main`, and the first [`open`](fn@crate::open) does it where
/// nobody has. This function is for programs whose `main` is not their own, such as tests.
///
/// # Errors
///
/// [`OpenError::InitFailed`], also when it has failed before; [`OpenError::HostNotLinked`] in a program that has initialisers and was not
/// linked by Engraft, because then their order is not known; [`OpenError::WaitCycle`] if the thread that is at them waits for this one.
///
/// ```
/// # fn main() -> Result<(), engraft::OpenError> {
/// engraft::initialise()?;
/// # Ok(())
/// # }
/// ```
pub fn initialise() -> Result<(), OpenError> {
    match host::this() {
        Ok(host) => crate::initialise::host_and_wait(host).map_err(|halt| open::halted(halt, None)),
        Err(_) if sys::host_initialisers().is_empty() => Ok(()),
        Err(not_linked) => Err(not_linked),
    }
}

/// What `#[engraft::main]` puts before the body of `main`: if an initialiser fails, prints the error and ends the process, because `main`
/// must not begin.
///
/// Only here does the library print. It runs as a part of the program's own `main`, whose attribute asks for this, and there is nobody to
/// return the error to. A program that wants to decide calls [`initialise`] instead.
pub fn start() {
    if let Err(error) = initialise() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
