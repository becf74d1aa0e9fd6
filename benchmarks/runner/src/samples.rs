//! Repeated measurements of one figure, with their median and spread.
//!
//! Uses medians, because disturbances only make a measurement longer.

/// Sorted samples, at least one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Creates samples; none if there are no values.
    pub(crate) fn new(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        (!values.is_empty()).then_some(Self(values))
    }

    /// The median.
    pub(crate) fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The first and third quartile.
    pub(crate) fn quartiles(&self) -> (f64, f64) {
        (self.at(0.25), self.at(0.75))
    }

    /// The number of samples.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The quantile for this share of the samples, with linear interpolation.
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
    fn empty_samples_are_none() {
        assert_eq!(Samples::new(Vec::new()), None);
    }
}
