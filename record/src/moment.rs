//! Instants as values: nobody here reads a clock.
//!
//! Must not: decide which of two clocks is right.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, UtcOffset, macros::format_description};

/// An instant on a wall clock, in milliseconds since 1970-01-01T00:00:00Z. A tablet's may be wrong by years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WallTime(i64);

/// What the clocks say together: the wall clock and one that only ever goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock, as it stands, right or wrong.
    pub wall: WallTime,
    /// Milliseconds on the monotonic clock, from an unspecified start (usually the machine's).
    pub monotonic_ms: u64,
}

impl WallTime {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_unix_ms(unix_ms: i64) -> Self {
        Self(unix_ms)
    }
    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn unix_ms(self) -> i64 {
        self.0
    }
    /// Whole seconds since the epoch.
    #[must_use]
    pub const fn unix_s(self) -> i64 {
        self.0.div_euclid(1000)
    }
    /// This instant moved by `offset_ms`; stops at the ends of the range.
    #[must_use]
    pub const fn plus_ms(self, offset_ms: i64) -> Self {
        Self(self.0.saturating_add(offset_ms))
    }
    /// Milliseconds from `earlier` to this instant.
    #[must_use]
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
    /// Hour and minute in Japan, `10:42`; `--:--` where the clock is beyond reason.
    #[must_use]
    pub fn hour_minute(self) -> String {
        self.in_japan()
            .and_then(|at| at.format(&format_description!("[hour]:[minute]")).ok())
            .unwrap_or_else(|| "--:--".to_owned())
    }
    fn in_japan(self) -> Option<OffsetDateTime> {
        let at = OffsetDateTime::from_unix_timestamp(self.unix_s()).ok()?;
        Some(at.to_offset(UtcOffset::from_hms(9, 0, 0).ok()?))
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.in_japan().and_then(|at| {
            at.format(&format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+09:00")).ok()
        });
        formatter.write_str(text.as_deref().unwrap_or("beyond the calendar"))
    }
}
impl fmt::Debug for WallTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "WallTime({self})")
    }
}
