//! Measurements of one thing, repeated: what is typical of them, and how far they spread.
//!
//! Medians, because what disturbs a measurement only ever makes it longer.

/// Sorted, and at least one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// None of nothing.
    pub(crate) fn new(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        (!values.is_empty()).then_some(Self(values))
    }

    /// As many below as above.
    pub(crate) fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// Between which the middle half is.
    pub(crate) fn quartiles(&self) -> (f64, f64) {
        (self.at(0.25), self.at(0.75))
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The value below which this share of all values is; between two of them, what lies in proportion between those.
    fn at(&self, share: f64) -> f64 {
        let place = share * (self.0.len() - 1) as f64;
        let (below, above) = (self.0[place.floor() as usize], self.0[place.ceil() as usize]);
        below + (above - below) * place.fract()
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn median_and_quartiles() {
        let cases: [(&[f64], f64, (f64, f64)); 5] = [
            (&[7.0], 7.0, (7.0, 7.0)),
            (&[1.0, 3.0], 2.0, (1.5, 2.5)),
            (&[5.0, 1.0, 1000.0, 3.0, 4.0], 4.0, (3.0, 5.0)),
            (&[1.0, 2.0, 3.0, 4.0], 2.5, (1.75, 3.25)),
            (&[2.0, 2.0, 2.0], 2.0, (2.0, 2.0)),
        ];
        for (values, median, quartiles) in cases {
            let samples = Samples::new(values.to_vec()).expect("there are some");
            assert_eq!((samples.median(), samples.quartiles(), samples.count()), (median, quartiles, values.len()), "{values:?}");
        }
    }

    #[test]
    fn nothing_has_no_median() {
        assert_eq!(Samples::new(Vec::new()), None);
    }
}
