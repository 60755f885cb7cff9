//! The central's time, as this tablet knows it: learnt over the pinned connection, then carried on by the
//! monotonic clock, so that nobody who moves the tablet's wall clock moves it too.
//!
//! Must not: change the wall clock, or what entries say they were recorded at.

use record::{Moment, WallTime};

/// What was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CentralClock {
    central: WallTime,
    monotonic_ms: u64,
}

impl CentralClock {
    /// The central said `central` in an answer that came at `now`, after a question that took `took_ms`.
    #[must_use]
    pub fn learnt(central: WallTime, took_ms: u64, now: Moment) -> Self {
        Self { central: central.plus_ms((took_ms / 2) as i64), monotonic_ms: now.monotonic_ms }
    }
    /// The central's time now.
    #[must_use]
    pub fn at(self, now: Moment) -> WallTime {
        self.central.plus_ms(now.monotonic_ms.saturating_sub(self.monotonic_ms) as i64)
    }
    /// How far the central's clock is ahead of the tablet's, in milliseconds.
    #[must_use]
    pub fn offset_ms(self, now: Moment) -> i64 {
        self.at(now).ms_since(now.wall)
    }
    /// How long ago it was learnt, in milliseconds.
    #[must_use]
    pub fn age_ms(self, now: Moment) -> u64 {
        now.monotonic_ms.saturating_sub(self.monotonic_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_the_wall_clock_does_not_move_the_central_time() {
        let year = 31_536_000_000_i64;
        let at = |wall, monotonic_ms| Moment { wall: WallTime::from_unix_ms(wall), monotonic_ms };
        let clock = CentralClock::learnt(WallTime::from_unix_ms(10 * year), 100, at(0, 5_000));
        assert_eq!(clock.at(at(0, 6_000)).unix_ms(), 10 * year + 50 + 1_000);
        assert_eq!(clock.at(at(20 * year, 6_000)), clock.at(at(0, 6_000)));
        assert_eq!(clock.offset_ms(at(20 * year, 5_000)), -10 * year + 50);
    }
}
