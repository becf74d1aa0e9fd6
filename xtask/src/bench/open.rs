//! What `engraft::open` costs beside what the loader alone takes for the same file.
//!
//! The first open of a process is what matters, with all that Engraft does once; so every measurement
//! is a process of its own, of one and the same host, and the two ways take turns.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::figure::{Figure, Unit};
use super::samples::Samples;
use crate::process;

const BAR: f64 = 1.3;
const REPETITIONS: usize = 401;

/// By the modes of the measuring host.
const WAYS: [&str; 2] = ["engraft", "dlopen"];

/// Opens two plugins, each of them as the first and as the second of a process.
pub(super) fn measure(host: &Path, plugins: [&Path; 2]) -> Result<Vec<Figure>> {
    let [one, other] = plugins;
    let mut figures = opened_in_order(host, [one, other])?;
    figures.extend(opened_in_order(host, [other, one])?);
    // First opens first: they are what the bar was meant for.
    figures.sort_by_key(|(place, _)| *place);
    Ok(figures.into_iter().map(|(_, figure)| figure).collect())
}

/// One figure for each plugin, with the place that it had.
fn opened_in_order(host: &Path, plugins: [&Path; 2]) -> Result<Vec<(usize, Figure)>> {
    let once = |way: &str| opens(Command::new(host).arg(way).args(plugins));
    // Nobody's measurement should be the one that reads the files from the disk.
    for way in WAYS {
        once(way)?;
    }
    let mut micros: [[Vec<f64>; 2]; 2] = Default::default();
    for _ in 0..REPETITIONS {
        for (way, micros) in WAYS.iter().zip(&mut micros) {
            for (micros, taken) in micros.iter_mut().zip(once(way)?) {
                micros.push(taken);
            }
        }
    }
    let [by_engraft, by_loader] = micros;
    let pairs = by_engraft.into_iter().zip(by_loader).enumerate();
    pairs.map(|(place, (by_engraft, by_loader))| Ok((place, figure(plugins[place], place, by_engraft, by_loader)?))).collect()
}

/// Microseconds for the first and for the second plugin of a process.
fn opens(command: &mut Command) -> Result<[f64; 2]> {
    let text = process::stdout_of(command)?;
    let nanos: Option<Vec<f64>> = text.lines().map(|line| line.parse().ok()).collect();
    let nanos = nanos.and_then(|nanos| <[f64; 2]>::try_from(nanos).ok());
    Ok(nanos.with_context(|| format!("expected two numbers, found `{text}`"))?.map(|nanos| nanos / 1000.0))
}

fn figure(plugin: &Path, place: usize, by_engraft: Vec<f64>, by_loader: Vec<f64>) -> Result<Figure> {
    let samples = |values| Samples::new(values).context("nothing was measured");
    let (by_engraft, by_loader) = (samples(by_engraft)?, samples(by_loader)?);
    let name = plugin.file_name().unwrap_or_default().to_string_lossy();
    Ok(Figure {
        name: format!("open of {name}, {} of a process, to dlopen", ["first", "second"][place]),
        value: by_engraft.median() / by_loader.median(),
        unit: Unit::Ratio,
        bar: Some(BAR),
        from: format!("{} to {}, {REPETITIONS} processes each", by_engraft.show("µs", 1), by_loader.show("µs", 1)),
    })
}
