//! `call`: the time of a call into a plugin, compared with the same call within the host.

use anyhow::Result;

use crate::field::Field;
use crate::findings::{Findings, Table};
use crate::program;
use crate::samples::Samples;
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

const BAR: f64 = 1.02;

/// The words that hosts print for each kind of call, for the plugin and for the host.
const FUNCTION: [&str; 2] = ["call", "own"];
const METHOD: [&str; 2] = ["trait", "own-trait"];

pub(crate) fn take(field: &Field) -> Result<Findings> {
    // The loader maps files at other addresses in each process, which can matter more than everything else.
    let processes = field.repetitions(5, 25);
    let turns = field.present.iter().map(|(contestant, built)| {
        Turn::new(contestant.name, || {
            let text = program::stdout_of(&mut built.host.command(["call".as_ref(), built.plugins[0].as_os_str()]))?;
            let mut figures = pair(&text, FUNCTION)?;
            if program::values(&text, METHOD[0]).next().is_some() {
                figures.extend(pair(&text, METHOD)?);
            }
            Ok(figures)
        })
    });
    let taken = by_turns(turns.collect(), processes)?;
    let column = |at: usize| -> Vec<(String, Samples)> {
        taken.iter().filter_map(|(name, columns)| Some((name.clone(), columns.get(at)?.clone()))).collect()
    };
    let about = "A function `u64 -> u64` that does hardly anything, through its pointer; the median of batches, for each process.";
    let mut calls = field.table("A call into a plugin", about, Unit::Time, column(0));
    calls.plot = Some("call");
    let ratio = "The plugin's time divided by that of a function of the host, in the same process, called by the same loop in batches that alternate.";
    let functions = field.table("A call, to the host's own", ratio, Unit::Ratio, column(1));
    let methods = "The same for a method through a trait object, for those that have them.";
    let methods = field.table("A method, to the host's own", methods, Unit::Ratio, column(3));
    let bars = vec![within(&functions), within(&methods), calls.at_most("engraft", 1.0, "go")];
    Ok(Findings { tables: vec![calls, functions, methods], bars })
}

fn within(table: &Table) -> crate::findings::Bar {
    table.within("engraft", BAR)
}

/// The nanoseconds, and the ratio to the host's own call.
fn pair(text: &str, [theirs, own]: [&str; 2]) -> Result<Vec<f64>> {
    let (theirs, own) = (program::number(text, theirs)?, program::number(text, own)?);
    Ok(vec![theirs, theirs / own])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pair_becomes_time_and_ratio() -> Result<()> {
        let text = "call 3\nown 2\ntrait 5\nown-trait 4\n";
        assert_eq!(pair(text, FUNCTION)?, [3.0, 1.5]);
        assert_eq!(pair(text, METHOD)?, [5.0, 1.25]);
        assert!(pair("call 3\n", FUNCTION).is_err());
        Ok(())
    }
}
