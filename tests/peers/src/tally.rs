//! What the answers of one reader to one set add up to.
//!
//! Must not: round.

use std::collections::BTreeMap;

use crate::judge::Mark;

/// A count out of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Share {
    pub(crate) of: usize,
    pub(crate) count: usize,
}

impl Share {
    pub(crate) fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * self.count as f64 / self.of as f64)
    }
    fn add(&mut self, is_one: bool) {
        self.of += 1;
        self.count += usize::from(is_one);
    }
}

/// Milliseconds of processor time.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn add(&mut self, ms: f64) {
        let place = self.0.partition_point(|it| *it < ms);
        self.0.insert(place, ms);
    }
    /// The value below which that share of them lies.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.0.len().checked_sub(1)?;
        self.0.get((last as f64 * share).round() as usize).copied()
    }
    pub(crate) fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }
}

/// One reader on one set.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tally {
    /// By level or folder: of the pictures that show the symbol, those in which it was read.
    pub(crate) read: BTreeMap<String, Share>,
    /// Of the pictures that show it, those in which something else was read.
    pub(crate) wrong: Share,
    /// Of the pictures that show none, those in which one was read.
    pub(crate) phantoms: Share,
    /// By size of the picture.
    pub(crate) times: BTreeMap<String, Times>,
    /// Pictures on which it failed altogether.
    pub(crate) failed: usize,
}

impl Tally {
    /// Adds a judged answer to a picture of that group; `shows` whether the picture shows such a symbol.
    pub(crate) fn add(&mut self, group: &str, shows: bool, mark: Mark) {
        if shows {
            self.read.entry(group.to_owned()).or_default().add(mark.read);
            self.wrong.add(mark.wrong);
        } else {
            self.phantoms.add(mark.phantom);
        }
    }
    pub(crate) fn took(&mut self, size_class: &str, ms: f64) {
        self.times.entry(size_class.to_owned()).or_default().add(ms);
    }
    /// Over all groups.
    pub(crate) fn read_in_all(&self) -> Share {
        self.read.values().fold(Share::default(), |sum, share| Share {
            of: sum.of + share.of,
            count: sum.count + share.count,
        })
    }
    /// How many pictures it was given.
    pub(crate) fn given(&self) -> usize {
        self.wrong.of + self.phantoms.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_count_by_group_and_phantoms_apart() {
        let mut tally = Tally::default();
        let read = Mark { read: true, ..Mark::default() };
        tally.add("level 1", true, read);
        tally.add("level 1", true, Mark { wrong: true, ..Mark::default() });
        tally.add("level 3", true, Mark::default());
        tally.add("level 3", false, Mark { phantom: true, ..Mark::default() });
        assert_eq!(tally.read["level 1"], Share { of: 2, count: 1 });
        assert_eq!(tally.read_in_all(), Share { of: 3, count: 1 });
        assert_eq!((tally.wrong.count, tally.phantoms, tally.given()), (1, Share { of: 1, count: 1 }, 4));
        assert_eq!(Share::default().percent(), None);
    }

    #[test]
    fn quantiles_are_values_that_occurred() {
        let mut times = Times::default();
        assert_eq!(times.median(), None);
        for ms in [5.0, 1.0, 3.0, 2.0, 100.0] {
            times.add(ms);
        }
        assert_eq!(
            (times.median(), times.quantile(0.95), times.quantile(1.0)),
            (Some(3.0), Some(100.0), Some(100.0))
        );
    }
}
