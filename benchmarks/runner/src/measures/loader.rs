//! `loader`: the time of `engraft::open`, compared with the loader alone for the same file in the same host.

use std::path::Path;

use anyhow::{Context, Result};

use super::open::opens;
use crate::field::Field;
use crate::findings::{Bar, Findings, Row, Table};
use crate::program::Program;
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

/// The commands of the crate `opening`, with their names in tables.
const WAYS: [(&str, &str); 3] = [("engraft", "engraft::open"), ("dlopen", "dlopen"), ("digest", "digest and dlopen")];
/// The factor over the loader's time that the bar allows.
const FACTOR: f64 = 1.2;
/// The speed of the digest that the bar allows, in bytes per nanosecond: 2 GB/s.
const SPEED: f64 = 2.0;

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let engraft = field.engraft()?;
    let [items, two] = &engraft.plugins;
    let greeter = items.with_file_name("greeter.so");
    let mut findings = Findings::default();
    for plugins in [[items, two], [&greeter, items]] {
        in_order(field, &engraft.host, &plugins.map(|plugin| plugin.as_path()), &mut findings)?;
    }
    if let Some(heavy) = &engraft.heavy {
        in_order(field, &heavy.host, &[&heavy.plugin], &mut findings)?;
    }
    Ok(findings)
}

/// A table and a bar for each plugin of a process.
fn in_order(field: &Field, host: &Program, plugins: &[&Path], findings: &mut Findings) -> Result<()> {
    let turns = WAYS.map(|(way, name)| Turn::new(name, move || opens(host, way, plugins.iter().copied())));
    let taken = by_turns(turns.into(), field.repetitions(31, 301))?;
    for (place, plugin) in plugins.iter().enumerate() {
        let bytes = std::fs::metadata(plugin).with_context(|| format!("failed to read {}", plugin.display()))?.len();
        let name = plugin.file_name().unwrap_or_default().to_string_lossy();
        let rows = taken.iter().map(|(way, columns)| Row { name: way.clone(), outcome: Ok(columns[place].clone()) });
        let table = Table {
            title: format!("Engraft and the loader, {name}, {} of a process", ["first", "second"][place]),
            about: format!(
                "{bytes} bytes, mapped by `dlopen` with the same flags; the digest is BLAKE3, of the file's bytes as they are read."
            ),
            unit: Unit::Time,
            rows: rows.collect(),
            plot: None,
        };
        findings.bars.push(bar(&table, bytes as f64));
        findings.tables.push(table);
    }
    Ok(())
}

fn bar(table: &Table, bytes: f64) -> Bar {
    let (measure, bar) = (table.title.clone(), format!("≤ {FACTOR} × dlopen + bytes at 2 GB/s"));
    let (Some(open), Some(dlopen)) = (table.samples(WAYS[0].1), table.samples(WAYS[1].1)) else {
        return Bar { measure, bar, found: "no figure".to_owned(), held: None };
    };
    let allowed = FACTOR * dlopen.median() + bytes / SPEED;
    let found = format!(
        "{} of {} allowed (dlopen {}, digest {})",
        Unit::Time.show(open.median()),
        Unit::Time.show(allowed),
        Unit::Time.show(dlopen.median()),
        Unit::Time.show(bytes / SPEED)
    );
    Bar { measure, bar, found, held: Some(open.median() <= allowed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Samples;

    #[test]
    fn bar_allows_time_for_digest_per_byte() {
        let row = |name: &str, value: f64| Row { name: name.to_owned(), outcome: Ok(Samples::new(vec![value]).expect("one")) };
        for (open, held) in [(170.0, true), (171.0, false)] {
            let rows = vec![row("engraft::open", open), row("dlopen", 100.0)];
            let table = Table { title: String::new(), about: String::new(), unit: Unit::Time, rows, plot: None };
            assert_eq!(bar(&table, 100.0).held, Some(held), "{open}");
        }
    }
}
