//! How far a change of many rows has come inside its one transaction, who hears of it, and in which slices it goes.
//!
//! Must not: know a table.

use std::{ops::ControlFlow, sync::Arc};

/// Hears how many rows of a long change are done, and of how many; says whether to go on.
pub type Watch = Arc<dyn Fn(u64, u64) -> ControlFlow<()> + Send + Sync>;

/// For a change that nobody looks at: it goes to its end.
#[must_use]
pub fn unwatched() -> Watch {
    Arc::new(|_, _| ControlFlow::Continue(()))
}

/// How far a change has come, over all its steps, told as rows.
pub(super) struct Progress<'a> {
    watch: &'a Watch,
    rows: u64,
    steps: u64,
    done: u64,
}

impl<'a> Progress<'a> {
    /// Of so many rows, in so many steps.
    pub(super) fn begin(watch: &'a Watch, rows: u64, steps: u64) -> Self {
        Self { watch, rows, steps: steps.max(1), done: 0 }
    }
    /// So many steps more are done; whether to go on.
    pub(super) fn add(&mut self, steps: u64) -> ControlFlow<()> {
        self.reach(self.done.saturating_add(steps))
    }
    /// So many steps are done in all; whether to go on.
    pub(super) fn reach(&mut self, steps: u64) -> ControlFlow<()> {
        self.done = self.done.max(steps).min(self.steps);
        let rows = u128::from(self.rows) * u128::from(self.done) / u128::from(self.steps);
        (self.watch)(u64::try_from(rows).unwrap_or(self.rows), self.rows)
    }
}

/// Marks are keyed hashes, so that slices of equal width hold about as many of them.
pub(super) const MARK_SLICES: u16 = 64;

/// From that mark on to before the other: the bounds of a slice, 0 to [`MARK_SLICES`] - 1.
pub(super) fn mark_slice(slice: u16) -> (Vec<u8>, Vec<u8>) {
    let width = 256 / MARK_SLICES;
    let bound = |at: u16| match u8::try_from(at * width) {
        Ok(byte) => vec![byte],
        // Behind every mark.
        Err(_) => vec![u8::MAX; MARK_BYTES + 1],
    };
    (bound(slice), bound(slice + 1))
}

/// Bytes of a mark.
const MARK_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_lies_in_one_slice() {
        for first in 0..=u8::MAX {
            for mark in [[first; 16], [first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]] {
                let holding = (0..MARK_SLICES).filter(|slice| {
                    let (from, before) = mark_slice(*slice);
                    from.as_slice() <= mark.as_slice() && mark.as_slice() < before.as_slice()
                });
                assert_eq!(holding.count(), 1, "{first}");
            }
        }
    }

    #[test]
    fn progress_never_goes_back_and_ends_with_every_row() {
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let watch: Watch = Arc::new(move |done, of| {
            heard.lock().unwrap().push((done, of));
            if done < of { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let mut progress = Progress::begin(&watch, 10, 4);
        let ended: Vec<bool> = [1, 1, 1, 5].map(|steps| progress.add(steps).is_break()).to_vec();
        assert_eq!(ended, [false, false, false, true]);
        assert_eq!(*told.lock().unwrap(), [(2, 10), (5, 10), (7, 10), (10, 10)]);
    }
}
