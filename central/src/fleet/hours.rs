//! 時間ごとの推移: how the fleet stood at the end of each of the last hours, for charts. Pure.
//!
//! Must not: count entries one by one; it is made from the counters that batches and heartbeats leave.

use record::WallTime;

const HOUR_MS: i64 = 3_600_000;
/// So many hours are kept; what is older is overwritten.
pub const HOURS_KEPT: i64 = 48;

/// An hour, counted since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour(i64);

impl Hour {
    /// The hour of that time.
    #[must_use]
    pub fn of(time: WallTime) -> Self {
        Self(time.unix_ms().div_euclid(HOUR_MS))
    }
    /// From its number.
    #[must_use]
    pub fn new(number: i64) -> Self {
        Self(number)
    }
    /// Hours since 1970.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }
    /// So many hours before.
    #[must_use]
    pub fn minus(self, hours: i64) -> Self {
        Self(self.0.saturating_sub(hours))
    }
    /// When it begins.
    #[must_use]
    pub fn begins_at(self) -> WallTime {
        WallTime::from_unix_ms(self.0.saturating_mul(HOUR_MS))
    }
    /// Where it is kept: 0 to [`HOURS_KEPT`] − 1.
    #[must_use]
    pub fn slot(self) -> i64 {
        self.0.rem_euclid(HOURS_KEPT)
    }
}

/// How the fleet stood when it was last looked at in that hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourNoted {
    /// Which.
    pub hour: Hour,
    /// Positions kept until then.
    pub stored: u64,
    /// 送信待ち, as the tablets last said.
    pub pending: u64,
    /// Enrolled tablets by how long ago each was last heard.
    pub heard: HeardAgo,
}

/// How many tablets were last heard how long ago.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeardAgo {
    /// Less than an hour ago.
    pub within_hour: u64,
    /// Less than a day ago.
    pub within_day: u64,
    /// Longer ago.
    pub longer: u64,
}

/// One hour of the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourShown {
    /// Which.
    pub hour: Hour,
    /// Entries that came in it; none where nobody looked at the end of the hour or of the one before.
    pub received: Option<u64>,
    /// 送信待ち at its end; none where nobody looked.
    pub pending: Option<u64>,
    /// The same for how long ago tablets were heard.
    pub heard: Option<HeardAgo>,
}

/// The last `HOURS_KEPT` − 1 hours up to `now`, whether looked at or not. `noted` rises by hour.
#[must_use]
pub fn shown(noted: &[HourNoted], now: Hour) -> Vec<HourShown> {
    let of = |hour: Hour| noted.iter().find(|noted| noted.hour == hour);
    (0..HOURS_KEPT - 1)
        .rev()
        .map(|back| {
            let hour = now.minus(back);
            let (noted, before) = (of(hour), of(hour.minus(1)));
            let received =
                noted.zip(before).map(|(noted, before)| noted.stored.saturating_sub(before.stored));
            HourShown {
                hour,
                received,
                pending: noted.map(|noted| noted.pending),
                heard: noted.map(|noted| noted.heard),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(hour: i64, stored: u64) -> HourNoted {
        HourNoted { hour: Hour::new(hour), stored, pending: 3, heard: HeardAgo::default() }
    }

    #[test]
    fn what_came_in_an_hour_is_known_where_both_its_ends_were_looked_at() {
        let now = Hour::new(1_000);
        let shown = shown(&[noted(996, 100), noted(997, 140), noted(999, 150), noted(1_000, 150)], now);
        assert_eq!(shown.len() as i64, HOURS_KEPT - 1);
        assert_eq!(shown.last().map(|last| last.hour), Some(now));
        let received: Vec<_> = shown.iter().rev().take(5).map(|hour| hour.received).collect();
        assert_eq!(received, [Some(0), None, None, Some(40), None]);
        let pending: Vec<_> = shown.iter().rev().take(3).map(|hour| hour.pending).collect();
        assert_eq!(pending, [Some(3), Some(3), None]);
    }

    #[test]
    fn hours_before_1970_have_a_slot_as_well() {
        assert_eq!(Hour::of(WallTime::from_unix_ms(-1)).number(), -1);
        assert_eq!(Hour::new(-1).slot(), HOURS_KEPT - 1);
        assert_eq!(Hour::new(HOURS_KEPT).slot(), 0);
    }
}
