//! 期間: the days that a page is asked for.
//!
//! Must not: read a clock.

use record::{CalendarDate, WallTime};
use serde::Deserialize;

use crate::storage::Days;

/// The most days that are read at once.
const MOST: i64 = 366;

/// What the address may ask for.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    first: String,
    #[serde(default)]
    last: String,
}

/// The days that are asked for; so many up to today where none are. None where they are no days, not in order, or too many.
pub(super) fn days(asked: &Asked, usual: i64, now: WallTime) -> Option<Days> {
    let today = CalendarDate::in_japan(now).ok()?;
    let last = if asked.last.is_empty() { today } else { asked.last.parse().ok()? };
    let first = if asked.first.is_empty() { last.plus_days(1 - usual)? } else { asked.first.parse().ok()? };
    let count = last.days_since(first) + 1;
    (1..=MOST).contains(&count).then_some(Days { first, last })
}

/// The usual days, where what was asked for cannot be.
pub(super) fn usual(count: i64, now: WallTime) -> Option<Days> {
    days(&Asked::default(), count, now)
}

/// Each of the days, the first one first.
pub(super) fn each(days: Days) -> impl Iterator<Item = CalendarDate> {
    (0..=days.last.days_since(days.first)).filter_map(move |more| days.first.plus_days(more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_as_they_are_asked_for_or_the_last_ones_or_refused() {
        // 2021-11-22 10:40 in Japan.
        let now = WallTime::from_unix_ms(1_637_545_200_000);
        let asked = |first: &str, last: &str| {
            let asked = Asked { first: first.to_owned(), last: last.to_owned() };
            days(&asked, 7, now).map(|days| (days.first.to_string(), days.last.to_string()))
        };
        let some = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(asked("", ""), some("2021-11-16", "2021-11-22"));
        assert_eq!(asked("2021-11-01", "2021-11-01"), some("2021-11-01", "2021-11-01"));
        assert_eq!(asked("", "2021-11-07"), some("2021-11-01", "2021-11-07"));
        for (first, last) in [("2021-11-02", "2021-11-01"), ("x", ""), ("2020-01-01", "2021-11-01")] {
            assert_eq!(asked(first, last), None);
        }
        let week = usual(7, now).unwrap();
        assert_eq!(each(week).count(), 7);
    }
}
