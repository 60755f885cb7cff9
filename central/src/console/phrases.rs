//! Words around numbers and times, in both languages.
//!
//! Must not: read a clock; what is now is an argument.

use record::{Epoch, WallTime};

use super::language::Language;
use crate::fleet::{Missing, needs::CLOCK_WRONG_FROM_MS};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// `12,345`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A length of time in its largest unit.
pub(crate) fn duration(language: Language, ms: i64) -> String {
    let ms = ms.saturating_abs();
    let (count, japanese, english) = match ms {
        ms if ms >= 365 * DAY_MS => (ms / (365 * DAY_MS), "年", "year"),
        ms if ms >= DAY_MS => (ms / DAY_MS, "日", "day"),
        ms if ms >= HOUR_MS => (ms / HOUR_MS, "時間", "hour"),
        ms if ms >= MINUTE_MS => (ms / MINUTE_MS, "分", "minute"),
        ms => (ms / 1_000, "秒", "second"),
    };
    match language {
        Language::Japanese => format!("{count}{japanese}"),
        Language::English if count == 1 => format!("1 {english}"),
        Language::English => format!("{count} {english}s"),
    }
}

/// How long ago, or that it is just now.
pub(crate) fn ago(language: Language, at: WallTime, now: WallTime) -> String {
    let ms = now.ms_since(at);
    let duration = duration(language, ms);
    match language {
        Language::Japanese if ms < MINUTE_MS => "1分以内".to_owned(),
        Language::English if ms < MINUTE_MS => "within a minute".to_owned(),
        Language::Japanese => format!("{duration}前"),
        Language::English => format!("{duration} ago"),
    }
}

/// The time of day, with the date where it is not today's, in Japan.
pub(crate) fn at(at: WallTime, now: WallTime) -> String {
    let (full, today) = (at.to_string(), now.to_string());
    match (full.split_once('T'), today.split_once('T')) {
        (Some((date, _)), Some((today, _))) if date == today => at.hour_minute(),
        (Some((date, _)), Some(_)) => format!("{} {}", date.replace('-', "/"), at.hour_minute()),
        _ => at.hour_minute(),
    }
}

/// The sentence above the table: what to do.
pub(crate) fn what_to_do(language: Language, need_help: usize) -> String {
    match (language, need_help) {
        (Language::Japanese, 0) => "対応が必要なタブレットはありません。".to_owned(),
        (Language::Japanese, count) => {
            format!("{count}台に対応が必要です。上から順に確認してください。")
        }
        (Language::English, 0) => "No tablet needs help.".to_owned(),
        (Language::English, 1) => "One tablet needs help. It stands first.".to_owned(),
        (Language::English, count) => {
            format!("{count} tablets need help. They stand first; begin at the top.")
        }
    }
}

/// A count of tablets with its unit, in two parts so that the number can stand large.
pub(crate) fn unit_of_tablets(language: Language) -> &'static str {
    match language {
        Language::Japanese => "台",
        Language::English => "",
    }
}

/// The same for entries.
pub(crate) fn unit_of_entries(language: Language) -> &'static str {
    match language {
        Language::Japanese => "件",
        Language::English => "",
    }
}

/// 未着: entries that a tablet said it has and that have not arrived.
pub(crate) fn on_their_way(language: Language, count: u64) -> String {
    let count = number(count);
    match language {
        Language::Japanese => format!("未着 {count}件"),
        Language::English => format!("{count} not arrived yet"),
    }
}

/// `203、207–209 ほか`: the runs of one epoch; the epoch is named where a tablet had more than one.
pub(crate) fn missing(
    language: Language,
    epoch: Option<Epoch>,
    runs: &[Missing],
    is_all: Completeness,
) -> String {
    let run = |run: &Missing| match run.last - run.first {
        0 => number(run.first),
        _ => format!("{}–{}", number(run.first), number(run.last)),
    };
    let (separator, more) = match language {
        Language::Japanese => ("、", " ほか"),
        Language::English => (", ", " and more"),
    };
    let mut text = epoch.map_or_else(String::new, |epoch| match language {
        Language::Japanese => format!("{}代目の記録ファイル: ", epoch.number()),
        Language::English => format!("Record file {}: ", epoch.number()),
    });
    text.push_str(&runs.iter().map(run).collect::<Vec<_>>().join(separator));
    if is_all == Completeness::MoreFollow {
        text.push_str(more);
    }
    text
}

/// Whether a list names all there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Completeness {
    /// It does.
    All,
    /// It does not.
    MoreFollow,
}

/// What is wrong with a tablet's clock; none where nothing is.
pub(crate) fn clock(language: Language, offset_ms: i64) -> Option<String> {
    if offset_ms.saturating_abs() < CLOCK_WRONG_FROM_MS {
        return None;
    }
    let by = duration(language, offset_ms);
    Some(match (language, offset_ms > 0) {
        (Language::Japanese, true) => format!("時計 {by}遅れ"),
        (Language::Japanese, false) => format!("時計 {by}進み"),
        (Language::English, true) => format!("Clock {by} slow"),
        (Language::English, false) => format!("Clock {by} fast"),
    })
}

/// When the rows were made.
pub(crate) fn as_of(language: Language, now: WallTime) -> String {
    let full = now.to_string();
    let time = full.split_once('T').map_or("", |(_, time)| time.get(..8).unwrap_or(time));
    match language {
        Language::Japanese => format!("{time} 現在"),
        Language::English => format!("As of {time}"),
    }
}

/// How long to wait before the next try to sign in.
pub(crate) fn wait(language: Language, ms: i64) -> String {
    let duration = duration(language, ms.saturating_add(999));
    match language {
        Language::Japanese => format!("続けて失敗したため、{duration}待ってからもう一度入力してください。"),
        Language::English => format!("Too many tries failed. Wait {duration}, then enter both again."),
    }
}

/// How long to wait before the next try by the identity provider.
pub(crate) fn wait_for_provider(language: Language, ms: i64) -> String {
    let duration = duration(language, ms.saturating_add(999));
    match language {
        Language::Japanese => {
            format!("続けて失敗したため、{duration}待ってからもう一度ログインしてください。")
        }
        Language::English => format!("Too many tries failed. Wait {duration}, then sign in again."),
    }
}

/// How long to wait before the next code.
pub(crate) fn wait_for_code(language: Language, ms: i64) -> String {
    let duration = duration(language, ms.saturating_add(999));
    match language {
        Language::Japanese => {
            format!("続けて失敗したため、{duration}待ってからもう一度コードを入力してください。")
        }
        Language::English => {
            format!("Too many codes were wrong. Wait {duration}, then enter the code again.")
        }
    }
}

/// Which rows of how many a page shows.
pub(crate) fn rows_shown(language: Language, first: usize, last: usize, count: usize) -> String {
    let [first, last, count] = [first, last, count].map(|place| number(place as u64));
    match language {
        Language::Japanese => format!("{count}台中 {first}–{last}台目"),
        Language::English => format!("{first}–{last} of {count}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lengths_are_written_as_people_say_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        for (ms, japanese, english) in [
            (-5_000, "5秒", "5 seconds"),
            (60_000, "1分", "1 minute"),
            (7_200_000, "2時間", "2 hours"),
            (3 * DAY_MS, "3日", "3 days"),
            (i64::MIN, "292471208年", "292471208 years"),
        ] {
            assert_eq!(duration(Language::Japanese, ms), japanese);
            assert_eq!(duration(Language::English, ms), english);
        }
    }

    #[test]
    fn a_wrong_clock_is_named_with_its_direction() {
        assert_eq!(clock(Language::Japanese, 59_999), None);
        assert_eq!(clock(Language::Japanese, 2 * HOUR_MS).unwrap(), "時計 2時間遅れ");
        assert_eq!(clock(Language::English, -3 * 365 * DAY_MS).unwrap(), "Clock 3 years fast");
    }

    #[test]
    fn missing_runs_are_short() {
        let runs = [Missing { first: 203, last: 203 }, Missing { first: 1_207, last: 1_209 }];
        assert_eq!(missing(Language::Japanese, None, &runs, Completeness::All), "203、1,207–1,209");
        assert_eq!(
            missing(Language::English, Epoch::new(2), &runs[..1], Completeness::MoreFollow),
            "Record file 2: 203 and more"
        );
    }

    #[test]
    fn a_time_of_another_day_has_its_date() {
        let now = WallTime::from_unix_ms(1_637_545_200_000); // 2021-11-22 10:40 in Japan
        assert_eq!(at(now.plus_ms(-HOUR_MS), now), "09:40");
        assert_eq!(at(now.plus_ms(-DAY_MS), now), "2021/11/21 10:40");
        assert_eq!(as_of(Language::Japanese, now), "10:40:00 現在");
    }
}
