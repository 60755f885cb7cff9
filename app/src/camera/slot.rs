//! The newest frame, for whoever looks: a new one replaces the old one, and a slow reader never sees a queue.
//!
//! Must not: keep more than one frame.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use scanner::{CaptureId, Frame};

/// One frame and when it was taken.
#[derive(Debug, Clone)]
pub struct Shot {
    /// The frame, with its capture id.
    pub frame: Frame,
    /// When it came from the camera, in milliseconds on the monotonic clock.
    pub taken_ms: f64,
}

#[derive(Debug, Default)]
struct Inside {
    newest: Option<Shot>,
    last_taken_ms: Option<f64>,
}

/// Room for one frame.
#[derive(Debug, Default)]
pub struct Slot {
    inside: Mutex<Inside>,
    arrived: Condvar,
    captures: AtomicU64,
    dropped: AtomicU64,
}

impl Slot {
    /// A capture id that was never used before.
    #[must_use]
    pub fn next_capture(&self) -> CaptureId {
        CaptureId(self.captures.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// A new frame; one that nobody took yet is dropped for it.
    pub fn put(&self, shot: Shot) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.last_taken_ms = Some(shot.taken_ms);
        if inside.newest.replace(shot).is_some() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        drop(inside);
        self.arrived.notify_one();
    }

    /// Takes the newest frame, waiting at most that long for one.
    #[must_use]
    pub fn take(&self, wait: Duration) -> Option<Shot> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut inside, _) = self
            .arrived
            .wait_timeout_while(inside, wait, |inside| inside.newest.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        inside.newest.take()
    }

    /// Forgets the frame that nobody took.
    pub fn clear(&self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.newest = None;
    }

    /// When the last frame came, in milliseconds on the monotonic clock.
    #[must_use]
    pub fn last_taken_ms(&self) -> Option<f64> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).last_taken_ms
    }

    /// How many frames nobody took.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shot(slot: &Slot, taken_ms: f64) -> Shot {
        let frame = Frame::new(slot.next_capture(), 16, 16, vec![0; 256].into()).unwrap();
        Shot { frame, taken_ms }
    }

    #[test]
    fn the_newest_frame_wins_and_none_is_seen_twice() {
        let slot = Slot::default();
        slot.put(shot(&slot, 1.0));
        slot.put(shot(&slot, 2.0));
        let taken = slot.take(Duration::ZERO).unwrap();
        assert_eq!((taken.frame.capture(), taken.taken_ms), (CaptureId(2), 2.0));
        assert!(slot.take(Duration::ZERO).is_none());
        assert_eq!((slot.dropped(), slot.last_taken_ms()), (1, Some(2.0)));
    }
}
