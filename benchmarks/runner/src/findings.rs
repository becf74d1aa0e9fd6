//! The results of a measure: tables, and bars with whether they were met.

use crate::samples::Samples;
use crate::unit::Unit;

/// The results of one measure.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The tables, in the order of the page.
    pub(crate) tables: Vec<Table>,
    /// The bars, and whether they are met.
    pub(crate) bars: Vec<Bar>,
}

/// Figures of one kind, for comparison.
#[derive(Debug)]
pub(crate) struct Table {
    /// The heading.
    pub(crate) title: String,
    /// A description of the measurement.
    pub(crate) about: String,
    /// The unit of all figures.
    pub(crate) unit: Unit,
    /// One row for each contestant or way.
    pub(crate) rows: Vec<Row>,
    /// The file name of the plot, if the table has one.
    pub(crate) plot: Option<&'static str>,
}

/// The figures of one contestant or one way.
#[derive(Debug)]
pub(crate) struct Row {
    /// The name of the contestant or way.
    pub(crate) name: String,
    /// The figures, or the reason why there are none.
    pub(crate) outcome: Result<Samples, String>,
}

/// A goal for a figure.
#[derive(Debug)]
pub(crate) struct Bar {
    /// The measured quantity.
    pub(crate) measure: String,
    /// The required value.
    pub(crate) bar: String,
    /// The measured value.
    pub(crate) found: String,
    /// Whether the goal is met; `None` if the figure to compare with is missing.
    pub(crate) held: Option<bool>,
}

impl Table {
    /// Returns the figures of the row with this name.
    pub(crate) fn samples(&self, name: &str) -> Option<&Samples> {
        self.rows.iter().find(|row| row.name == name)?.outcome.as_ref().ok()
    }

    /// The goal that the median of `row` is at most `factor` times the median of `other`.
    pub(crate) fn at_most(&self, row: &str, factor: f64, other: &str) -> Bar {
        let bar = format!("≤ {} × {other}", shown_factor(factor));
        let measure = format!("{}: {row}", self.title);
        let (Some(ours), Some(theirs)) = (self.samples(row), self.samples(other)) else {
            let missing = if self.samples(row).is_none() { row } else { other };
            return Bar { measure, bar, found: format!("no figure of {missing}"), held: None };
        };
        let ratio = ours.median() / theirs.median();
        let found = format!("{ratio:.3}× ({} to {})", self.unit.show(ours.median()), self.unit.show(theirs.median()));
        Bar { measure, bar, found, held: Some(ratio <= factor) }
    }

    /// The goal that the median of `row` is at most `limit`.
    pub(crate) fn within(&self, row: &str, limit: f64) -> Bar {
        let (measure, bar) = (format!("{}: {row}", self.title), format!("≤ {}", self.unit.show(limit)));
        match self.samples(row).map(Samples::median) {
            None => Bar { measure, bar, found: format!("no figure of {row}"), held: None },
            Some(found) => Bar { measure, bar, found: self.unit.show(found), held: Some(found <= limit) },
        }
    }
}

impl Bar {
    /// The result in one word.
    pub(crate) fn verdict(&self) -> &'static str {
        match self.held {
            Some(true) => "held",
            Some(false) => "**MISSED**",
            None => "not measured",
        }
    }
}

/// Formats a ratio; `1/12` if it is less than one.
fn shown_factor(factor: f64) -> String {
    if factor < 1.0 { format!("1/{:.0}", 1.0 / factor) } else { factor.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |name: &str, value: f64| Row { name: name.to_owned(), outcome: Ok(Samples::new(vec![value]).expect("one")) };
        let absent = Row { name: "go".to_owned(), outcome: Err("no Go here".to_owned()) };
        let rows = vec![row("engraft", 120.0), row("dlopen", 100.0), absent];
        Table { title: "open".to_owned(), about: String::new(), unit: Unit::Time, rows, plot: None }
    }

    #[test]
    fn bar_compares_with_multiple_of_other_row() {
        let cases = [
            (1.2, "dlopen", "≤ 1.2 × dlopen", "held"),
            (1.19, "dlopen", "≤ 1.19 × dlopen", "**MISSED**"),
            (1.0 / 12.0, "go", "≤ 1/12 × go", "not measured"),
        ];
        for (factor, other, shown, verdict) in cases {
            let bar = table().at_most("engraft", factor, other);
            assert_eq!((&*bar.bar, bar.verdict()), (shown, verdict));
        }
    }

    #[test]
    fn bar_compares_with_limit() {
        for (row, limit, verdict) in [("engraft", 120.0, "held"), ("engraft", 119.0, "**MISSED**"), ("go", 1.0, "not measured")] {
            assert_eq!(table().within(row, limit).verdict(), verdict);
        }
    }
}
