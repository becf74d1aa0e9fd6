//! Generates `RESULTS.md` with all results. Nothing on the page is written by hand.

use std::fmt::Write;

use crate::findings::{Findings, Row, Table};
use crate::machine::Facts;

/// What the page contains besides figures.
pub(crate) struct Heading<'a> {
    /// The command that generates the page.
    pub(crate) command: &'a str,
    /// The machine and the versions of the tools.
    pub(crate) facts: &'a Facts,
    /// Each contestant: its name, its method, and why it is absent if it is.
    pub(crate) contestants: &'a [(&'a str, &'a str, Option<&'a str>)],
}

/// Generates the page.
pub(crate) fn text(heading: &Heading<'_>, findings: &Findings) -> String {
    let mut page = format!("# Engraft beside the field\n\nWritten by `{}`. Only ratios within one run mean anything.\n", heading.command);
    page.push_str("\n| | |\n|---|---|\n");
    for (name, fact) in heading.facts {
        line(&mut page, &[(*name).to_owned(), fact.clone()]);
    }
    page.push_str("\n## Bars\n\n| measure | bar | measured | |\n|---|---|---|---|\n");
    for bar in &findings.bars {
        line(&mut page, &[bar.measure.clone(), bar.bar.clone(), bar.found.clone(), bar.verdict().to_owned()]);
    }
    page.push_str("\n## Contestants\n\nAll are built optimised (`opt-level` 3, no LTO; the work itself as one codegen unit, so that all have the same machine code of it), and take turns in fresh processes.\n\n| name | way |\n|---|---|\n");
    for (name, way, absent) in heading.contestants {
        let way = absent.map_or((*way).to_owned(), |reason| format!("{way}. {}", absent_because(reason)));
        line(&mut page, &[(*name).to_owned(), way]);
    }
    for table in &findings.tables {
        push_table(&mut page, table);
    }
    page
}

fn push_table(page: &mut String, table: &Table) {
    let Table { title, about, unit, rows, plot } = table;
    // Writing to a string can't fail.
    let _ = write!(page, "\n## {title}\n\n{about}\n");
    if let Some(plot) = plot {
        let _ = write!(page, "\n![{title}](plots/{plot}.svg)\n");
    }
    page.push_str("\n| | median | quartiles | of |\n|---|--:|--:|--:|\n");
    for Row { name, outcome } in rows {
        let cells = match outcome {
            Ok(samples) => {
                let (lower, upper) = samples.quartiles();
                let spread = if samples.count() == 1 { String::new() } else { format!("{} to {}", unit.show(lower), unit.show(upper)) };
                [name.clone(), unit.show(samples.median()), spread, samples.count().to_string()]
            }
            Err(reason) => [name.clone(), absent_because(reason), String::new(), String::new()],
        };
        line(page, &cells);
    }
}

/// Shortens a text to one line for a table cell.
fn absent_because(reason: &str) -> String {
    let flat = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = flat.chars().take(200).collect();
    format!("absent: {short}{}", if short.len() < flat.len() { " …" } else { "" })
}

fn line(page: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Samples;
    use crate::unit::Unit;

    #[test]
    fn page_shows_figures_bars_and_absent_contestants() {
        let samples = Samples::new(vec![1000.0, 2000.0, 3000.0]).expect("some");
        let rows = vec![
            Row { name: "engraft".to_owned(), outcome: Ok(samples) },
            Row { name: "go".to_owned(), outcome: Err("no `go`\n| here".to_owned()) },
        ];
        let table = Table { title: "Open".to_owned(), about: "So.".to_owned(), unit: Unit::Time, rows, plot: Some("open") };
        let bars = vec![table.within("engraft", 1999.0), table.within("engraft", 2000.0)];
        let contestants = [("engraft", "a way", None), ("go", "another", Some("no `go`"))];
        let facts = vec![("kernel", "Linux 6".to_owned())];
        let heading = Heading { command: "cargo xtask bench", facts: &facts, contestants: &contestants };
        let page = text(&heading, &Findings { tables: vec![table], bars });
        for expected in [
            "| kernel | Linux 6 |\n",
            "| Open: engraft | ≤ 2.00 µs | 2.00 µs | **MISSED** |\n| Open: engraft | ≤ 2.00 µs | 2.00 µs | held |\n",
            "| go | another. absent: no `go` |\n",
            "![Open](plots/open.svg)",
            "| engraft | 2.00 µs | 1.50 µs to 2.50 µs | 3 |\n| go | absent: no `go` \\| here |  |  |\n",
        ] {
            assert!(page.contains(expected), "{expected} is not in\n{page}");
        }
    }

    #[test]
    fn long_reason_is_shortened() {
        assert_eq!(absent_because("a\n  b"), "absent: a b");
        assert!(absent_because(&"x ".repeat(300)).ends_with(" …"));
    }
}
