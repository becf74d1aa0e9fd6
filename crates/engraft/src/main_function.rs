//! What `#[engraft::main]` puts before the body of `main`.

use crate::{host, initialise, open, sys};

/// Runs the initialisers of the program's packages. If one fails, says so and ends the process: `main` must not begin.
pub fn start() {
    let started = match host::this() {
        Ok(host) => initialise::host(host).map(drop).map_err(|halt| open::halted(halt, None)),
        // Without Engraft's linker there is no order to run them in; with none there is nothing to do.
        Err(_) if sys::host_initialisers().is_empty() => Ok(()),
        Err(not_linked) => Err(not_linked),
    };
    if let Err(error) = started {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
