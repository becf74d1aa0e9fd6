//! The units of figures, and how they are printed.

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Nanoseconds, shown in a suitable unit.
    Time,
    /// Bytes, shown in kB or MB.
    Size,
    /// The ratio of two times.
    Ratio,
}

/// The factor from the base unit to a larger unit, and the name of that unit.
type Scale = [(f64, &'static str); 4];

const TIMES: Scale = [(1.0, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")];
const SIZES: Scale = [(1.0, "B"), (1e3, "KB"), (1e6, "MB"), (1e9, "GB")];

impl Unit {
    /// Formats a figure with three significant digits and its unit.
    pub(crate) fn show(self, value: f64) -> String {
        match self {
            Self::Time => scaled(value, TIMES),
            Self::Size => scaled(value, SIZES),
            Self::Ratio => format!("{value:.3}×"),
        }
    }
}

fn scaled(value: f64, scale: Scale) -> String {
    let (factor, name) = scale.into_iter().rev().find(|(factor, _)| value >= *factor).unwrap_or(scale[0]);
    let value = value / factor;
    let decimals = match value {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {name}")
}

#[cfg(test)]
mod tests {
    use super::Unit::{self, Ratio, Size, Time};

    #[test]
    fn figures_have_three_significant_digits() {
        let cases: [(Unit, f64, &str); 8] = [
            (Time, 0.5, "0.50 ns"),
            (Time, 1.638, "1.64 ns"),
            (Time, 81_234.0, "81.2 µs"),
            (Time, 123_456_789.0, "123 ms"),
            (Time, 2.5e9, "2.50 s"),
            (Size, 29_712.0, "29.7 KB"),
            (Size, 5_360_336.0, "5.36 MB"),
            (Ratio, 1.0, "1.000×"),
        ];
        for (unit, value, shown) in cases {
            assert_eq!(unit.show(value), shown);
        }
    }
}
