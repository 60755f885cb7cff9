//! Minutes in Japan as forms and files write them: `2026-11-28T14:30`.
//!
//! Must not: read a clock.

use record::{CalendarDate, WallTime};

const DAY_MS: i64 = 86_400_000;
/// 2000-01-01 in Japan, from which days are counted.
const CENTURY: WallTime = WallTime::from_unix_ms(946_652_400_000);

/// The instant; none where it is not one.
pub(crate) fn read(typed: &str) -> Option<WallTime> {
    let (day, time) = typed.split_once('T')?;
    let (hour, minute) = time.split_once(':')?;
    let two = |text: &str| (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(());
    two(hour).and(two(minute))?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let day: CalendarDate = day.parse().ok().filter(|_| hour < 24 && minute < 60)?;
    let first = CalendarDate::new(2000, 1, 1).ok()?;
    Some(CENTURY.plus_ms(day.days_since(first) * DAY_MS + (hour * 60 + minute) * 60_000))
}

/// The same of an instant, its minute.
pub(crate) fn written(at: WallTime) -> String {
    at.to_string().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_read_as_it_is_written_or_not_at_all() {
        let at = read("2026-11-28T14:30").unwrap();
        assert_eq!(written(at), "2026-11-28T14:30");
        assert_eq!(read("2000-01-01T00:00"), Some(CENTURY));
        for typed in [
            "2026-11-28",
            "2026-11-28T24:00",
            "2026-02-30T10:00",
            "2026-11-28T1:30",
            "2026-11-28T10:30:00",
            "あT１:00",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
