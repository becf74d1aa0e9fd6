//! `judge`: the time to judge a plugin before it is mapped, without reading and hashing it.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::borrowed::judged::Judged;
use crate::field::Field;
use crate::findings::{Findings, Row, Table};
use crate::samples::Samples;
use crate::unit::Unit;

/// The time limit, in nanoseconds.
const LIMIT: f64 = 100e3;
/// The size of the plugin, in bytes.
const BYTES: usize = 1_000_000;

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let rows = [10, 100, 300, 1000].map(|packages| {
        let outcome = samples(packages, field.repetitions(100, 2000));
        Row { name: format!("{packages} packages"), outcome: outcome.map_err(|error| error.to_string()) }
    });
    let table = Table {
        title: "Judging alone".to_owned(),
        about: "Finding the note of a plugin of a megabyte, reading its packages and comparing them with the host's; without reading the \
                file and without its digest. In the runner itself, warm."
            .to_owned(),
        unit: Unit::Time,
        rows: rows.into(),
        plot: None,
    };
    Ok(Findings { bars: vec![table.within("300 packages", LIMIT)], tables: vec![table] })
}

fn samples(packages: u32, repetitions: usize) -> Result<Samples> {
    let judged = Judged::new(packages, BYTES);
    let host = judged.host();
    let once = || {
        let start = Instant::now();
        let faults = black_box(&judged).judge(&host);
        (start.elapsed().as_nanos() as f64, faults)
    };
    let (times, faults): (Vec<f64>, Vec<usize>) = (0..repetitions).map(|_| once()).unzip();
    ensure!(faults.iter().all(|&faults| faults == 0), "the plugin should fit");
    Samples::new(times).context("nothing was measured")
}
