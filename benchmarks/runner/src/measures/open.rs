//! `open`: the time to open a plugin in a fresh process.

use anyhow::{Result, ensure};

use crate::field::Field;
use crate::findings::Findings;
use crate::program::{self, Program};
use crate::samples::Samples;
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

const ABOUT: &str = "From before the call to the moment when the plugin's functions can be called, looked up by name where the way does so; \
                     in a fresh process each time. Both plugins do the three items of work.";

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let turns = field.present.iter().map(|(contestant, built)| {
        Turn::new(contestant.name, || opens(&built.host, "open", built.plugins.iter().map(std::path::PathBuf::as_path)))
    });
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for (name, columns) in by_turns(turns.collect(), field.repetitions(31, 301))? {
        let [of_first, of_second]: [Samples; 2] = columns.try_into().map_err(|_| anyhow::anyhow!("{name} did not open two plugins"))?;
        first.push((name.clone(), of_first));
        second.push((name, of_second));
    }
    let mut first = field.table("Open, the first plugin of a process", ABOUT, Unit::Time, first);
    first.plot = Some("open");
    let second = field.table("Open, the second plugin of a process", ABOUT, Unit::Time, second);
    let bars = vec![first.at_most("engraft", 1.0 / 12.0, "go")];
    let mut tables = vec![first, second];
    let mut bars = bars;
    if let Some((heavy, bar)) = heavy(field)? {
        tables.push(heavy);
        bars.push(bar);
    }
    Ok(Findings { tables, bars })
}

/// Plugins with an HTTP, TLS and SQL stack, for contestants that have one.
fn heavy(field: &Field) -> Result<Option<(crate::findings::Table, crate::findings::Bar)>> {
    let turns: Vec<Turn<'_>> = field
        .present
        .iter()
        .filter_map(|(contestant, built)| {
            let heavy = built.heavy.as_ref()?;
            Some(Turn::new(contestant.name, || opens(&heavy.host, heavy.verb, [heavy.plugin.as_path()])))
        })
        .collect();
    if turns.is_empty() {
        return Ok(None);
    }
    let taken = by_turns(turns, field.repetitions(31, 201))?;
    let figures = taken.into_iter().map(|(name, mut columns)| (name, columns.swap_remove(0))).collect();
    let about = "A plugin that uses an HTTP, TLS and SQL stack, which the host has; the first of a fresh process.";
    let mut table = field.table("Open, a heavy plugin", about, Unit::Time, figures);
    table.plot = Some("open-heavy");
    let bar = table.at_most("engraft", 1.0 / 20.0, "go");
    Ok(Some((table, bar)))
}

/// The nanoseconds for each plugin.
pub(super) fn opens<'a>(host: &Program, verb: &str, plugins: impl IntoIterator<Item = &'a std::path::Path>) -> Result<Vec<f64>> {
    let plugins: Vec<_> = plugins.into_iter().collect();
    let text = program::stdout_of(host.command([verb]).args(&plugins))?;
    let figures = program::numbers(&text, "open")?;
    ensure!(figures.len() == plugins.len(), "expected {} lines with `open`, found `{}`", plugins.len(), text.trim());
    Ok(figures)
}
