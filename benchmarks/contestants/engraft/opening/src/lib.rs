//! Opens plugins, one after the other, in a process that has opened none before, and tells what each open took.
//!
//! - `HOST start` ends at once.
//! - `HOST engraft FILE…` by `engraft::open`: read, judged, mapped, initialised.
//! - `HOST dlopen FILE…` by `dlopen` alone, with the flags that Engraft gives it: mapped.
//! - `HOST digest FILE…` by `dlopen` after one pass over the file's bytes, which is the least that a check of its content takes.
//!
//! The others print `open <nanoseconds>` for each file.

mod ways;

use std::ffi::OsString;
use std::process::ExitCode;

/// Does what the command line asks for; `None` if it asks for something else.
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
