//! Draws a table as a bar chart: each bar is as long as its row's median, and has a mark for the middle half of the samples.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::findings::{Row, Table};
use crate::samples::Samples;

/// The color of text and lines, which is readable on light and dark backgrounds.
const INK: RGBColor = RGBColor(118, 118, 118);
const OURS: RGBColor = RGBColor(214, 106, 36);
const OTHERS: RGBColor = RGBColor(74, 134, 196);

const WIDTH: i32 = 760;
const ROW: i32 = 34;
const TOP: i32 = 44;
/// The space left of the bars, for names.
const NAMES: i32 = 150;
/// The space right of the longest bar, for its figure.
const FIGURES: i32 = 130;
/// Above this ratio of the longest to the shortest bar, lengths are logarithmic, so that every bar is visible.
const LOGARITHMIC: f64 = 40.0;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Writes the chart to `file`.
pub(crate) fn write(table: &Table, file: &Path) -> Result<()> {
    let height = TOP + ROW * i32::try_from(table.rows.len())? + 8;
    let area = SVGBackend::new(file, (WIDTH as u32, height as u32)).into_drawing_area();
    draw(&area, table).map_err(|error| anyhow!("failed to draw {}: {error}", file.display()))?;
    area.present().map_err(|error| anyhow!("failed to write {}: {error}", file.display()))
}

fn draw(area: &Area<'_>, table: &Table) -> Result<(), Box<dyn std::error::Error>> {
    let lengths = Lengths::of(table);
    let how = if lengths.logarithmic { " (logarithmic)" } else { "" };
    text(area, &format!("{}{how}", table.title), (8, 18), 20, HPos::Left)?;
    for (at, Row { name, outcome }) in (0_i32..).zip(&table.rows) {
        let middle = TOP + ROW * at + ROW / 2 - 4;
        text(area, name, (NAMES - 10, middle), 17, HPos::Right)?;
        match outcome {
            Ok(samples) => bar(area, table, name, samples, &lengths, middle)?,
            Err(_) => text(area, "absent", (NAMES + 4, middle), 17, HPos::Left)?,
        }
    }
    Ok(())
}

fn bar(
    area: &Area<'_>,
    table: &Table,
    name: &str,
    samples: &Samples,
    lengths: &Lengths,
    middle: i32,
) -> Result<(), Box<dyn std::error::Error>> {
    let at = |value: f64| NAMES + lengths.of_value(value);
    let (colour, end) = (if name.starts_with("engraft") { OURS } else { OTHERS }, at(samples.median()));
    area.draw(&Rectangle::new([(NAMES, middle - 10), (end, middle + 10)], colour.filled()))?;
    let (lower, upper) = samples.quartiles();
    area.draw(&PathElement::new([(at(lower), middle), (at(upper), middle)], INK.stroke_width(2)))?;
    text(area, &table.unit.show(samples.median()), (end.max(at(upper)) + 8, middle), 17, HPos::Left)
}

fn text(area: &Area<'_>, text: &str, at: (i32, i32), size: i32, side: HPos) -> Result<(), Box<dyn std::error::Error>> {
    let style = ("sans-serif", size).into_font().color(&INK).pos(Pos::new(side, VPos::Center));
    Ok(area.draw(&Text::new(text.to_owned(), at, style))?)
}

/// The scale of the bars.
struct Lengths {
    shortest: f64,
    longest: f64,
    logarithmic: bool,
}

impl Lengths {
    fn of(table: &Table) -> Self {
        let present = table.rows.iter().filter_map(|row| row.outcome.as_ref().ok());
        let (shortest, longest) = present.fold((f64::MAX, f64::MIN_POSITIVE), |(shortest, longest), samples| {
            let (lower, upper) = samples.quartiles();
            (shortest.min(lower), longest.max(upper))
        });
        Self { shortest, longest, logarithmic: shortest > 0.0 && longest / shortest > LOGARITHMIC }
    }

    /// The length of a bar, in pixels.
    fn of_value(&self, value: f64) -> i32 {
        let share = if self.logarithmic {
            // Keep the shortest bar visible.
            let floor = self.shortest / 2.0;
            (value / floor).ln() / (self.longest / floor).ln()
        } else {
            value / self.longest
        };
        (share * f64::from(WIDTH - NAMES - FIGURES)).round() as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Unit;

    fn table(values: &[f64]) -> Table {
        let row = |value: &f64| Row { name: "x".to_owned(), outcome: Ok(Samples::new(vec![*value]).expect("one")) };
        Table { title: String::new(), about: String::new(), unit: Unit::Time, rows: values.iter().map(row).collect(), plot: None }
    }

    #[test]
    fn bar_lengths_are_linear_or_logarithmic() {
        let longest = WIDTH - NAMES - FIGURES;
        let lengths = Lengths::of(&table(&[10.0, 20.0]));
        assert_eq!((lengths.of_value(10.0), lengths.of_value(20.0)), (longest / 2, longest));
        let lengths = Lengths::of(&table(&[1.0, 2048.0]));
        assert!(lengths.logarithmic);
        assert_eq!((lengths.of_value(1.0), lengths.of_value(2048.0)), (longest / 12, longest));
    }
}
