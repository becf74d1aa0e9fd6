//! Runs a target's body over files, without a fuzzer.

use std::io;

/// Runs `check` over every file that the command line names.
///
/// # Errors
///
/// One of them can't be read.
pub fn files(check: fn(&[u8])) -> io::Result<()> {
    std::env::args_os().skip(1).try_for_each(|path| {
        check(&std::fs::read(&path)?);
        println!("{} is fine", path.display());
        Ok(())
    })
}
