//! Prints a program's run time as `ran <nanoseconds>`, and its result as `answer <text>`, so that the work is not optimized away.

use std::fmt::Display;
use std::time::Instant;

/// Runs `work` once. The time does not include the start of the process, which is another measure.
///
/// # Errors
///
/// Returns the error of `work`.
pub fn told<A: Display, E>(work: impl FnOnce() -> Result<A, E>) -> Result<(), E> {
    let start = Instant::now();
    let answer = work()?;
    let taken = start.elapsed();
    println!("ran {}\nanswer {answer}", taken.as_nanos());
    Ok(())
}
