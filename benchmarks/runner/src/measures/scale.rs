//! `scale`: many plugins in one process: the total time, the time of each as their number grows, and the memory.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::field::Field;
use crate::findings::{Bar, Findings, Row, Table};
use crate::many;
use crate::program::{self, Program};
use crate::samples::Samples;
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

/// The commands of the crate `opening`.
const WAYS: [(&str, &str); 2] = [("engraft", "engraft::open"), ("dlopen", "dlopen")];
/// The factor over the time of the first plugin that the last of a thousand may take.
const GROWTH: f64 = 1.5;
const THOUSAND: usize = 1000;
/// The resident memory that each plugin may take, in bytes.
const RESIDENT: f64 = 64e3;
/// How many of the last plugins are measured together, because a table can grow at a single one.
const LAST: usize = 20;

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let engraft = field.engraft()?;
    let template = engraft.plugins[0].with_file_name("many-aaaaaa.so");
    let counts = if field.quick { [50, 200, THOUSAND] } else { [50, THOUSAND, 10_000] };
    let plugins = many::make(&template, &field.scratch("many"), counts[2])?;
    let mut findings = Findings::default();
    for count in counts {
        let repetitions = if count > THOUSAND { field.repetitions(1, 5) } else { field.repetitions(5, 31) };
        together(&engraft.host, &plugins[..count], repetitions, &mut findings)?;
    }
    std::fs::remove_dir_all(field.scratch("many"))?;
    Ok(findings)
}

/// Tables and bars for a number of plugins in one process.
fn together(host: &Program, plugins: &[PathBuf], repetitions: usize, findings: &mut Findings) -> Result<()> {
    let count = plugins.len();
    let places = places(count);
    let turns = WAYS.map(|(verb, name)| Turn::new(name, || opened(host, verb, plugins, &places)));
    let taken = by_turns(turns.into(), repetitions)?;
    let rows =
        |column: usize| taken.iter().map(|(name, columns)| Row { name: name.clone(), outcome: Ok(columns[column].clone()) }).collect();
    let table = |title: String, about: &str, unit, rows, plot| Table { title, about: about.to_owned(), unit, rows, plot };
    let resident = table(
        format!("{count} plugins in one process: memory"),
        "By how much the process's resident memory grew, for each plugin. Most of it are pages of the file, which are in memory anyway.",
        Unit::Size,
        rows(1),
        None,
    );
    findings.bars.push(resident.within(WAYS[0].1, RESIDENT));
    let by_place = |(name, columns): &(String, Vec<Samples>)| -> Vec<Row> {
        let rows = places.iter().zip(&columns[2..]);
        rows.map(|(place, samples)| Row { name: format!("{name}, number {place}"), outcome: Ok(samples.clone()) }).collect()
    };
    if count == THOUSAND {
        let [first, .., last] = &taken[0].1[2..] else { unreachable!("there are the first and the last") };
        findings.bars.push(growth(first, last));
    }
    findings.tables.push(table(
        format!("{count} plugins in one process: all together"),
        "From before the first open to after the last, without what prints the figures.",
        Unit::Time,
        rows(0),
        None,
    ));
    findings.tables.push(table(
        format!("{count} plugins in one process: one after the other"),
        "What the first open takes, and later ones: medians of those up to that number.",
        Unit::Time,
        taken.iter().flat_map(by_place).collect(),
        (count == THOUSAND).then_some("scale"),
    ));
    findings.tables.push(resident);
    Ok(())
}

/// The time of all plugins, the memory of each, and the times at selected positions.
fn opened(host: &Program, verb: &str, plugins: &[PathBuf], places: &[usize]) -> Result<Vec<f64>> {
    let text = program::stdout_of(host.command([verb]).args(plugins))?;
    let times = program::numbers(&text, "open")?;
    ensure!(times.len() == plugins.len(), "expected {} lines with `open`, found {}", plugins.len(), times.len());
    let each = program::number(&text, "resident")? / plugins.len() as f64;
    let mut figures = vec![times.iter().sum(), each];
    for &place in places {
        let those = times[place.saturating_sub(LAST).max(1).min(place - 1)..place].to_vec();
        figures.extend(Samples::new(those).map(|samples| samples.median()));
    }
    Ok(figures)
}

/// The first position, some in between, and the last.
fn places(count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = [1, 50, 200, 500, 1000, 2000, 5000].into_iter().filter(|&place| place < count).collect();
    places.push(count);
    places
}

fn growth(first: &Samples, last: &Samples) -> Bar {
    let ratio = last.median() / first.median();
    Bar {
        measure: format!("the last open of {THOUSAND}"),
        bar: format!("≤ {GROWTH} × the first"),
        found: format!("{ratio:.3}× ({} to {})", Unit::Time.show(last.median()), Unit::Time.show(first.median())),
        held: Some(ratio <= GROWTH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_position_are_measured() {
        assert_eq!(places(50), [1, 50]);
        assert_eq!(places(1000), [1, 50, 200, 500, 1000]);
    }

    #[test]
    fn growth_bar_compares_last_with_first() {
        let samples = |value: f64| Samples::new(vec![value]).expect("one");
        for (last, held) in [(150.0, true), (151.0, false)] {
            assert_eq!(growth(&samples(100.0), &samples(last)).held, Some(held));
        }
    }
}
