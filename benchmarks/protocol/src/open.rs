//! Measures opening plugins one after another in a fresh process.

use crate::contestant::{BoxError, Contestant};
use std::ffi::OsStr;
use std::path::Path;
use std::time::Instant;

pub(crate) fn in_order<C: Contestant>(plugins: &[&OsStr]) -> Result<(), BoxError> {
    let mut opened = Vec::with_capacity(plugins.len());
    for plugin in plugins {
        let start = Instant::now();
        let outcome = C::open(Path::new(plugin));
        let taken = start.elapsed();
        opened.push((taken, outcome?));
    }
    // Print after all measurements, because printing the first line takes time itself.
    for (taken, _) in &opened {
        println!("open {}", taken.as_nanos());
    }
    Ok(())
}
