//! Days and times as people say them, in both languages.
//!
//! Must not: read a clock; what is now is an argument.

use record::{CalendarDate, WallTime};

use crate::display::Language;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `11月22日（月）`; `Mon 22 Nov`.
#[must_use]
pub fn day(date: CalendarDate, language: Language) -> String {
    let (weekday, day) = (weekday(date, language), day_of_month(date, language));
    language.of(format!("{day}（{weekday}）"), format!("{weekday} {day}"))
}

/// `2027年2月28日（日）`; `Sun 28 Feb 2027`.
#[must_use]
pub fn day_and_year(date: CalendarDate, language: Language) -> String {
    let (year, _, _) = date.parts();
    let day = day(date, language);
    language.of(format!("{year}年{day}"), format!("{day} {year}"))
}

/// `21:24` today; `11月20日 21:24` and `20 Nov 21:24` on another day, with its year where that is another, too. In
/// Japan, by the clock that says what is now.
#[must_use]
pub fn time(at: WallTime, now: WallTime, language: Language) -> String {
    let time = at.hour_minute();
    let (Ok(date), Ok(today)) = (CalendarDate::in_japan(at), CalendarDate::in_japan(now)) else {
        return time;
    };
    if date == today {
        return time;
    }
    let day = day_of_month(date, language);
    match date.parts().0 {
        year if year == today.parts().0 => format!("{day} {time}"),
        year => language.of(format!("{year}年{day} {time}"), format!("{day} {year} {time}")),
    }
}

fn day_of_month(date: CalendarDate, language: Language) -> String {
    let (_, month, day) = date.parts();
    match language {
        Language::Japanese => format!("{month}月{day}日"),
        Language::English => format!("{day} {}", MONTHS[usize::from(month.clamp(1, 12)) - 1]),
    }
}

fn weekday(date: CalendarDate, language: Language) -> &'static str {
    const JAPANESE: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
    const ENGLISH: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    language.of(JAPANESE, ENGLISH)[usize::from(date.weekday_from_monday()) % 7]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_000); // 2021-11-22 10:40 in Japan
    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn a_day_has_its_weekday_and_where_it_matters_its_year() {
        let date = "2027-02-28".parse().unwrap();
        assert_eq!(Language::ALL.map(|each| day(date, each)), ["2月28日（日）", "Sun 28 Feb"]);
        let with_year = Language::ALL.map(|each| day_and_year(date, each));
        assert_eq!(with_year, ["2027年2月28日（日）", "Sun 28 Feb 2027"]);
    }

    #[test]
    fn a_time_of_today_stands_alone_and_one_of_another_day_has_its_date() {
        let said = |hours: i64| Language::ALL.map(|each| time(NOW.plus_ms(hours * HOUR_MS), NOW, each));
        assert_eq!(said(0), ["10:40", "10:40"]);
        assert_eq!(said(-10), ["00:40", "00:40"]);
        assert_eq!(said(-11), ["11月21日 23:40", "21 Nov 23:40"]);
        assert_eq!(said(24), ["11月23日 10:40", "23 Nov 10:40"]);
        assert_eq!(said(-365 * 24), ["2020年11月22日 10:40", "22 Nov 2020 10:40"]);
    }

    #[test]
    fn a_clock_beyond_the_calendar_still_has_its_hour() {
        assert_eq!(time(WallTime::from_unix_ms(0), NOW, Language::Japanese), "09:00");
    }
}
