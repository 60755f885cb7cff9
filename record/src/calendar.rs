//! Days on the calendar in Japan.
//!
//! Must not: know what day it is now.

use std::{fmt, str::FromStr};

use time::{Date, Month, UtcOffset, format_description::StaticFormatDescription, macros::format_description};

use crate::{moment::WallTime, text::serde_through_text};

const ISO: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// 年月日: a day in Japan, 2000-01-01 to 2099-12-31, written `2021-11-22`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDate(Date);

/// A text is not a day of this century.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date from 2000-01-01 to 2099-12-31")]
pub struct DateError;

impl CalendarDate {
    /// The day in Japan (UTC+9, no summer time) at that instant.
    ///
    /// # Errors
    /// [`DateError`] outside the century.
    pub fn in_japan(at: WallTime) -> Result<Self, DateError> {
        let japan = UtcOffset::from_hms(9, 0, 0).map_err(|_| DateError)?;
        let instant = time::OffsetDateTime::from_unix_timestamp(at.unix_ms().div_euclid(1000))
            .map_err(|_| DateError)?;
        Self::bounded(instant.to_offset(japan).date())
    }

    /// The instant at which that day ends in Japan.
    #[must_use]
    pub fn ends_in_japan(self) -> WallTime {
        let midnight = self.0.next_day().unwrap_or(self.0).midnight().assume_utc().unix_timestamp();
        WallTime::from_unix_ms((midnight - 9 * 3_600) * 1_000)
    }

    /// From year, month (1 to 12) and day (1 to 31).
    ///
    /// # Errors
    /// [`DateError`] where there is no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        let month = Month::try_from(month).map_err(|_| DateError)?;
        Self::bounded(Date::from_calendar_date(year, month, day).map_err(|_| DateError)?)
    }

    fn bounded(date: Date) -> Result<Self, DateError> {
        if (2000..=2099).contains(&date.year()) { Ok(Self(date)) } else { Err(DateError) }
    }

    /// Year, month 1 to 12, day 1 to 31.
    #[must_use]
    pub fn parts(self) -> (i32, u8, u8) {
        (self.0.year(), self.0.month().into(), self.0.day())
    }

    /// Monday 0 to Sunday 6.
    #[must_use]
    pub fn weekday_from_monday(self) -> u8 {
        self.0.weekday().number_days_from_monday()
    }

    /// The day `days` later (earlier if negative); none past the century's edge.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Option<Self> {
        self.0.checked_add(time::Duration::days(days)).and_then(|date| Self::bounded(date).ok())
    }

    /// Days from `earlier` to this day; negative if it lies before.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).whole_days()
    }
}

impl FromStr for CalendarDate {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = Date::parse(text, &ISO).map_err(|_| DateError).and_then(Self::bounded)?;
        // `time` takes a sign before the year; a day has one spelling.
        if date.to_string() == text { Ok(date) } else { Err(DateError) }
    }
}
impl fmt::Display for CalendarDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}
impl fmt::Debug for CalendarDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CalendarDate({self})")
    }
}
serde_through_text!(CalendarDate);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_japan() {
        let before = WallTime::from_unix_ms(1_637_506_799_999); // 2021-11-21 23:59:59.999 +09:00
        let after = WallTime::from_unix_ms(1_637_506_800_000);
        assert_eq!(CalendarDate::in_japan(before).unwrap().to_string(), "2021-11-21");
        assert_eq!(CalendarDate::in_japan(after).unwrap().to_string(), "2021-11-22");
    }

    #[test]
    fn impossible_days_are_refused() {
        for text in ["2021-02-29", "2021-13-01", "1999-12-31", "2100-01-01", "2021/11/22", "20211122", ""] {
            assert_eq!(text.parse::<CalendarDate>(), Err(DateError), "{text}");
        }
        assert_eq!("+2021-11-22".parse::<CalendarDate>(), Err(DateError), "one spelling");
        assert_eq!(
            "2024-02-29".parse::<CalendarDate>().unwrap().plus_days(1).unwrap().to_string(),
            "2024-03-01"
        );
    }
}
