//! Opens plugins one after another in a fresh process, and prints the time of each open.
//!
//! - `HOST start` exits at once.
//! - `HOST engraft FILE…` uses `engraft::open`, which reads, judges, maps and initializes the file.
//! - `HOST dlopen FILE…` uses only `dlopen`, with the flags that Engraft passes, which maps the file.
//! - `HOST digest FILE…` hashes the file's bytes once, then uses `dlopen`. That is the minimum for a check of the content.
//!
//! All except `start` print `open <nanoseconds>` for each file.

mod ways;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command of the command line; `None` if it is another command.
pub fn main() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let way = ways::named(arguments.next()?.to_str()?)?;
    let files: Vec<OsString> = arguments.collect();
    match ways::in_order(&files, way) {
        Ok(()) => Some(ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("{error}");
            Some(ExitCode::FAILURE)
        }
    }
}
