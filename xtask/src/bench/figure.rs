//! A figure, the bar that it is held to, and the table of them.

/// One line of the table.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// What was measured.
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) unit: Unit,
    /// What it should not exceed, if anything was promised.
    pub(super) bar: Option<f64>,
    /// Where the value comes from: the absolute figures, and how far they spread.
    pub(super) from: String,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Thousands of bytes.
    Kilobytes,
    Seconds,
    /// One time divided by another.
    Ratio,
}

impl Figure {
    /// The table, with its heading.
    pub(super) fn table(figures: &[Self]) -> String {
        let heading = ["what", "figure", "bar", "", "from"].map(str::to_owned);
        let rows: Vec<[String; 5]> = std::iter::once(heading).chain(figures.iter().map(Self::row)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..4).map(width).collect();
        rows.iter()
            .map(|[name, value, bar, verdict, from]| {
                let (a, b, c, d) = (widths[0], widths[1], widths[2], widths[3]);
                format!("{name:a$}  {value:>b$}  {bar:>c$}  {verdict:d$}  {from}\n")
            })
            .collect()
    }

    fn row(&self) -> [String; 5] {
        let bar = self.bar.map_or(String::new(), |bar| format!("≤ {}", self.unit.show(bar)));
        let verdict = self.bar.map_or("", |bar| if self.value <= bar { "ok" } else { "missed" });
        [self.name.clone(), self.unit.show(self.value), bar, verdict.to_owned(), self.from.clone()]
    }
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Kilobytes => format!("{value:.1} KB"),
            Self::Seconds => format!("{value:.2} s"),
            Self::Ratio => format!("{value:.3}×"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, value: f64, bar: Option<f64>) -> Figure {
        Figure { name: name.to_owned(), value, unit: Unit::Ratio, bar, from: "3 / 2".to_owned() }
    }

    #[test]
    fn the_bar_stands_beside_the_figure() {
        let figures = [figure("open", 1.3, Some(1.3)), figure("a longer name", 1.5, Some(1.3)), figure("free", 9.0, None)];
        let table = Figure::table(&figures);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "open           1.300×  ≤ 1.300×  ok      3 / 2");
        assert_eq!(lines[2], "a longer name  1.500×  ≤ 1.300×  missed  3 / 2");
        assert_eq!(lines[3], "free           9.000×                    3 / 2");
    }
}
