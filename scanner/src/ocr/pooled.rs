//! Several readings of one line taken together.
//!
//! Must not: believe a line that they do not read alike.

use super::{decode::Line, strip::DIGITS};
use crate::reading::Confidence;

/// Nobody is surer than this: one reading must not outweigh all others.
const MOST_SURE: f32 = 1.0 - 1e-4;

/// Confidence asked of each digit, 0 to 1.
#[derive(Clone, Copy)]
pub(super) struct Least {
    /// Of its readings taken together: by the mean of their log-odds. A digit that is wrong is unsure in most of them,
    /// one that is right in one or two.
    pub(super) together: f32,
    /// Of every reading.
    pub(super) each: f32,
}

/// Readings of one line.
pub(super) struct Pooled {
    pub(super) digits: [u8; DIGITS],
    /// The least confidence of any digit in any reading.
    lowest: f32,
    /// Each digit's log-odds, summed over the readings.
    log_odds: [f32; DIGITS],
    readings: usize,
}

fn log_odds(confidence: f32) -> f32 {
    let sure = confidence.clamp(1.0 - MOST_SURE, MOST_SURE);
    (sure / (1.0 - sure)).ln()
}

impl Pooled {
    /// The first reading.
    pub(super) fn of(first: &Line) -> Self {
        let mut pooled = Self { digits: first.digits, lowest: 1.0, log_odds: [0.0; DIGITS], readings: 0 };
        pooled.take_in(first);
        pooled
    }

    /// One more reading; none where it is another line, or a digit's confidence is less than `each`.
    pub(super) fn add(&mut self, line: &Line, each: f32) -> Option<()> {
        self.take_in(line);
        (line.digits == self.digits && self.lowest >= each).then_some(())
    }

    fn take_in(&mut self, line: &Line) {
        self.readings += 1;
        for (sum, confidence) in self.log_odds.iter_mut().zip(line.confidence) {
            self.lowest = self.lowest.min(confidence);
            *sum += log_odds(confidence);
        }
    }

    /// Each digit's confidence by all readings, where that is enough.
    pub(super) fn confidence(&self, least: Least) -> Option<Confidence> {
        let together = self.log_odds.map(|sum| 1.0 / (1.0 + (-sum / self.readings as f32).exp()));
        let is_enough = self.lowest >= least.each && together.iter().all(|sure| *sure >= least.together);
        is_enough.then(|| Confidence::new(together))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: [u8; DIGITS] = [2, 3, 1, 3, 1, 1, 3, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0];
    const LEAST: Least = Least { together: 0.97, each: 0.6 };

    /// A reading that is sure of every digit but one.
    fn reading(place: usize, confidence: f32) -> Line {
        let mut line = Line { digits: LINE, confidence: [0.999; DIGITS], columns: [0.0; DIGITS] };
        line.confidence[place] = confidence;
        line
    }

    fn pooled(readings: &[Line]) -> Option<Confidence> {
        let mut pooled = Pooled::of(&readings[0]);
        for line in &readings[1..] {
            pooled.add(line, LEAST.each)?;
        }
        pooled.confidence(LEAST)
    }

    #[test]
    fn a_digit_that_is_unsure_every_time_leaves_the_line_unread() {
        let readings = [0.95, 0.96, 0.94, 0.96].map(|confidence| reading(4, confidence));
        assert!(pooled(&readings).is_none());
    }

    #[test]
    fn digits_that_are_unsure_once_each_do_not() {
        let readings = [reading(1, 0.8), reading(2, 0.7), reading(3, 0.8), reading(4, 0.7)];
        let confidence = pooled(&readings).expect("three of four readings are sure of each");
        assert!(confidence.least() >= 0.97);
    }

    #[test]
    fn one_reading_that_hardly_believes_itself_is_enough_to_doubt() {
        let readings = [reading(1, 0.999), reading(1, 0.999), reading(1, 0.999), reading(1, 0.5)];
        assert!(pooled(&readings).is_none());
    }

    #[test]
    fn readings_of_different_lines_are_none() {
        let mut other = reading(0, 0.999);
        other.digits[17] = 9;
        assert!(pooled(&[reading(0, 0.999), other]).is_none());
    }

    #[test]
    fn a_reading_without_any_doubt_does_not_outweigh_the_others() {
        let readings = [reading(9, 1.0), reading(9, 0.7), reading(9, 0.7), reading(9, 0.7)];
        assert!(pooled(&readings).is_none());
        assert!(pooled(&[reading(9, 0.0), reading(9, 1.0)]).is_none(), "no reading's sum is endless");
    }
}
