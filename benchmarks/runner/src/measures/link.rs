//! `link`: the time to link a plugin: a build that only links, minus a build that does nothing.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::field::Field;
use crate::findings::{Bar, Findings, Row, Table};
use crate::program;
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

/// The time limit, in nanoseconds.
const BAR: f64 = 0.3e9;
const WAYS: [&str; 2] = ["a plugin to link", "nothing to do"];

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let plugin = &field.engraft()?.plugins[0];
    let build = || {
        let start = Instant::now();
        program::stdout_of(&mut field.place.engraft(&[]))?;
        Ok(vec![start.elapsed().as_nanos() as f64])
    };
    let linked = Turn::new(WAYS[0], || {
        std::fs::remove_file(plugin).with_context(|| format!("failed to remove {}", plugin.display()))?;
        build()
    });
    let taken = by_turns(vec![linked, Turn::new(WAYS[1], build)], field.repetitions(3, 11))?;
    let table = Table {
        title: "A build, by what it has to do".to_owned(),
        about: "`cargo engraft build` in release, of this workspace.".to_owned(),
        unit: Unit::Time,
        rows: taken.into_iter().map(|(name, mut columns)| Row { name, outcome: Ok(columns.swap_remove(0)) }).collect(),
        plot: None,
    };
    let bar = bar(&table);
    Ok(Findings { tables: vec![table], bars: vec![bar] })
}

fn bar(table: &Table) -> Bar {
    let [linked, idle] = WAYS.map(|way| table.samples(way).map(crate::samples::Samples::median));
    let taken = linked.zip(idle).map(|(linked, idle)| (linked - idle).max(0.0));
    Bar {
        measure: "The link of a plugin".to_owned(),
        bar: format!("≤ {}", Unit::Time.show(BAR)),
        found: taken.map_or("no figure".to_owned(), |taken| Unit::Time.show(taken)),
        held: taken.map(|taken| taken <= BAR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Samples;

    #[test]
    fn link_time_is_difference_of_builds() {
        let row = |name: &str, value: f64| Row { name: name.to_owned(), outcome: Ok(Samples::new(vec![value]).expect("one")) };
        for (linked, held) in [(0.5e9, true), (0.6e9, false)] {
            let rows = vec![row(WAYS[0], linked), row(WAYS[1], 0.2e9)];
            let table = Table { title: String::new(), about: String::new(), unit: Unit::Time, rows, plot: None };
            assert_eq!(bar(&table).held, Some(held));
        }
    }
}
