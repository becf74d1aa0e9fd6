//! Measurements of one thing, repeated: what is typical of them, and how far they spread.
//!
//! Medians, because what disturbs a measurement only ever makes it longer.

/// Sorted, and at least one.
#[derive(Debug, Clone)]
pub(super) struct Samples(Vec<f64>);

impl Samples {
    /// None of nothing.
    pub(super) fn new(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        (!values.is_empty()).then_some(Self(values))
    }

    pub(super) fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The value below which this share of all values is.
    fn at(&self, share: f64) -> f64 {
        let last = self.0.len() - 1;
        self.0[(share * last as f64).round() as usize]
    }

    /// Median and the middle half, for people: `81.2 µs (78.9–90.1)`.
    pub(super) fn show(&self, unit: &str, decimals: usize) -> String {
        format!("{:.decimals$} {unit} ({:.decimals$}–{:.decimals$})", self.median(), self.at(0.25), self.at(0.75))
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn one_long_measurement_does_not_count() {
        let samples = Samples::new(vec![5.0, 1.0, 1000.0, 3.0, 4.0]).expect("there are some");
        assert_eq!(samples.median(), 4.0);
        assert_eq!(samples.show("µs", 1), "4.0 µs (3.0–5.0)");
        assert!(Samples::new(Vec::new()).is_none());
    }
}
