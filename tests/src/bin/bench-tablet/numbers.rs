//! Shares of a distribution, and how far runs are apart.
//!
//! Must not: throw anything away.

/// Measured values of one kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample(Vec<f64>);

impl FromIterator<f64> for Sample {
    fn from_iter<T: IntoIterator<Item = f64>>(values: T) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }
}

impl Sample {
    /// All values of several.
    pub(crate) fn of_all<'a>(samples: impl IntoIterator<Item = &'a Self>) -> Self {
        samples.into_iter().flat_map(|sample| sample.0.iter().copied()).collect()
    }
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
    /// The value that so many of a hundred do not exceed; not a number where there is none.
    pub(crate) fn percentile(&self, hundredths: usize) -> f64 {
        let rank = (self.0.len() * hundredths).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or(f64::NAN)
    }
    /// The middle one.
    pub(crate) fn median(&self) -> f64 {
        self.percentile(50)
    }
    /// The least.
    pub(crate) fn least(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }
    /// The greatest.
    pub(crate) fn most(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let sample: Sample = (1..=200).rev().map(f64::from).collect();
        assert_eq!((sample.median(), sample.percentile(99)), (100.0, 198.0));
        assert_eq!((sample.least(), sample.most(), sample.count()), (1.0, 200.0, 200));
        let one: Sample = [7.0].into_iter().collect();
        assert_eq!((one.median(), one.percentile(99)), (7.0, 7.0));
        assert!(Sample::default().median().is_nan());
        assert_eq!(Sample::of_all([&one, &one]).count(), 2);
    }
}
