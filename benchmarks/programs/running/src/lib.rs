//! How a program tells how long it ran: `ran <nanoseconds>` and, so that nothing is left out, `answer <text>`.

use std::fmt::Display;
use std::time::Instant;

/// Runs `work` once, as programs do. Starting the process does not count: that is another measure.
///
/// # Errors
///
/// Those of `work`.
pub fn told<A: Display, E>(work: impl FnOnce() -> Result<A, E>) -> Result<(), E> {
    let start = Instant::now();
    let answer = work()?;
    let taken = start.elapsed();
    println!("ran {}\nanswer {answer}", taken.as_nanos());
    Ok(())
}
