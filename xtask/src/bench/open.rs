//! What `engraft::open` costs beside what the loader takes for the same file.
//!
//! The first open is what matters, with all that Engraft does once; so every measurement is a
//! process of its own, of one and the same host, and the two ways take turns.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::figure::{Figure, Unit};
use super::samples::Samples;
use crate::process;

const BAR: f64 = 1.3;
const REPETITIONS: usize = 401;

pub(super) fn measure(host: &Path, first: &Path, second: &Path) -> Result<Vec<Figure>> {
    let once = |mode: &str| opens(Command::new(host).arg(mode).args([first, second]));
    // Nobody's first run should be the one that reads the files from the disk.
    once("engraft")?;
    once("dlopen")?;
    let mut taken: [[Vec<f64>; 2]; 2] = Default::default();
    for _ in 0..REPETITIONS {
        for (way, mode) in ["engraft", "dlopen"].into_iter().enumerate() {
            for (place, micros) in once(mode)?.into_iter().enumerate() {
                taken[way][place].push(micros);
            }
        }
    }
    let [engraft, loader] = taken;
    ["first", "second"].into_iter().zip(engraft.into_iter().zip(loader)).map(|(place, (by, alone))| figure(place, by, alone)).collect()
}

/// Microseconds for the first and for the second plugin of a process.
fn opens(command: &mut Command) -> Result<[f64; 2]> {
    let text = process::stdout_of(command)?;
    let nanos: Option<Vec<f64>> = text.lines().map(|line| line.parse().ok()).collect();
    let nanos = nanos.and_then(|nanos| <[f64; 2]>::try_from(nanos).ok());
    Ok(nanos.with_context(|| format!("expected two numbers, found `{text}`"))?.map(|nanos| nanos / 1000.0))
}

fn figure(place: &str, by: Vec<f64>, alone: Vec<f64>) -> Result<Figure> {
    let samples = |values| Samples::new(values).context("nothing was measured");
    let (by, alone) = (samples(by)?, samples(alone)?);
    Ok(Figure {
        name: format!("open of a small plugin, {place} in the process, to dlopen"),
        value: by.median() / alone.median(),
        unit: Unit::Ratio,
        bar: Some(BAR),
        from: format!("{} to {}, {REPETITIONS} processes each", by.show("µs"), alone.show("µs")),
    })
}
