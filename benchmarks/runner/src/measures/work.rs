//! `work`: all contestants do the three items of work, and their answers must be equal.

use std::cell::RefCell;

use anyhow::{Context, Result, ensure};

use crate::contestant::Built;
use crate::field::Field;
use crate::findings::{Bar, Findings, Table};
use crate::program;
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

/// Name, heading and description of an item.
const ITEMS: [(&str, &str, &str); 3] = [
    (
        "filter",
        "A request is filtered",
        "Twelve headers and 2 KiB of body in, an answer out: from the host's own type to the host's own type, with all conversions, up to the answer's end.",
    ),
    ("sum", "A million numbers are summed up", "Numbers that the host has in a vector."),
    (
        "map",
        "Ten thousand strings are handed over",
        "A map of the host's, handed over, read and dropped; making it is not measured. Go's collector drops it within the time, too.",
    ),
];

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let mut findings = Findings::default();
    for (item, title, about) in ITEMS {
        let answers = RefCell::new(Vec::new());
        let turns = field.present.iter().map(|(contestant, built)| {
            let answers = &answers;
            Turn::new(contestant.name, move || {
                let (figure, answer) = once(built, item)?;
                answers.borrow_mut().push((contestant.name, answer));
                Ok(vec![figure])
            })
        });
        let taken = by_turns(turns.collect(), field.repetitions(3, 15))?;
        one_answer(item, &answers.into_inner())?;
        let figures = taken.into_iter().map(|(name, mut columns)| (name, columns.swap_remove(0))).collect();
        let mut table = field.table(title, about, Unit::Time, figures);
        table.plot = Some(item);
        findings.bars.push(bar(&table));
        findings.tables.push(table);
    }
    Ok(findings)
}

/// The nanoseconds for one execution, and the answer.
fn once(built: &Built, item: &str) -> Result<(f64, String)> {
    let mut command = built.host.command(["work", item]);
    let text = program::stdout_of(command.arg(&built.plugins[0]))?;
    let answer =
        program::values(&text, "answer").next().with_context(|| format!("expected a line with `answer`, found `{}`", text.trim()))?;
    Ok((program::number(&text, item)?, answer.to_owned()))
}

/// Fails if the answers differ, because then the contestants did not do the same work.
fn one_answer(item: &str, answers: &[(&str, String)]) -> Result<()> {
    let Some((first, expected)) = answers.first() else {
        return Ok(());
    };
    for (name, answer) in answers {
        ensure!(answer == expected, "{item}: {name} answers `{answer}`, and {first} `{expected}`");
    }
    Ok(())
}

/// Two contestants that execute the same instructions differ by chance. Therefore the bar compares Engraft's median with the middle half
/// of the samples of the fastest other contestant.
fn bar(table: &Table) -> Bar {
    let (measure, bar) = (table.title.clone(), "≤ the fastest other, within its quartiles".to_owned());
    let others = table.rows.iter().filter(|row| row.name != "engraft");
    let others = others.filter_map(|row| Some((&row.name, row.outcome.as_ref().ok()?)));
    let fastest = others.min_by(|(_, a), (_, b)| a.median().total_cmp(&b.median()));
    let (Some(ours), Some((name, fastest))) = (table.samples("engraft"), fastest) else {
        return Bar { measure, bar, found: "nobody to compare with".to_owned(), held: None };
    };
    let (median, limit) = (ours.median(), fastest.quartiles().1);
    let shown = |value| table.unit.show(value);
    let found = format!("{}, beside {name}'s {} (up to {})", shown(median), shown(fastest.median()), shown(limit));
    Bar { measure, bar, found, held: Some(median <= limit) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Row;
    use crate::samples::Samples;

    #[test]
    fn different_answers_are_an_error() {
        let answers = |last: &str| [("engraft", "17".to_owned()), ("go", "17".to_owned()), ("wasm", last.to_owned())];
        assert!(one_answer("sum", &answers("17")).is_ok());
        let error = one_answer("sum", &answers("18")).expect_err("they differ").to_string();
        assert_eq!(error, "sum: wasm answers `18`, and engraft `17`");
    }

    #[test]
    fn bar_compares_with_spread_of_fastest_other() {
        let row = |name: &str, values: [f64; 3]| Row { name: name.to_owned(), outcome: Ok(Samples::new(values.to_vec()).expect("some")) };
        for (ours, held) in [(99.0, true), (101.0, true), (104.0, false)] {
            let rows = vec![row("engraft", [ours; 3]), row("slow", [500.0; 3]), row("fast", [96.0, 100.0, 104.0])];
            let table = Table { title: String::new(), about: String::new(), unit: Unit::Time, rows, plot: None };
            assert_eq!(bar(&table).held, Some(held), "{ours}");
        }
    }
}
