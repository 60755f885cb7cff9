//! Sentences of one tablet's page and of the conditions above the list, in both languages.
//!
//! Must not: read a clock; what is now is an argument.

use record::{Epoch, WallTime, wire::heartbeat::FreeSpace};

use super::{
    language::Language,
    need_words,
    phrases::{self, Completeness, number},
};
use crate::fleet::{
    Missing,
    timeline::{Contacts, Happening},
};

/// What happened, as one line of the timeline.
pub(crate) fn happening(language: Language, what: &Happening) -> String {
    let is_japanese = language == Language::Japanese;
    match what {
        Happening::Invited if is_japanese => "設定ファイルを作成".to_owned(),
        Happening::Invited => "Configuration bundle made".to_owned(),
        Happening::Enrolled if is_japanese => "登録".to_owned(),
        Happening::Enrolled => "Enrolled".to_owned(),
        Happening::DatabaseBegan(epoch) => database_began(language, *epoch),
        Happening::Contacts(contacts) => contacts_said(language, contacts),
        Happening::NeedsReview(count) => {
            let count = number(*count);
            if is_japanese { format!("要確認 {count}件") } else { format!("{count} to review") }
        }
        Happening::GapOpened(epoch, missing) => {
            let places = places(language, *epoch, *missing);
            if is_japanese { format!("欠番が発生: {places}") } else { format!("Gap opened: {places}") }
        }
        Happening::GapClosed(epoch, missing) => {
            let places = places(language, *epoch, *missing);
            if is_japanese {
                format!("欠番が届いた: {places}")
            } else {
                format!("Gap closed: {places}")
            }
        }
        Happening::Began(need) => {
            let state = need_words::state(language, *need);
            if is_japanese { format!("「{state}」になった") } else { format!("“{state}” began") }
        }
        Happening::Ended(need) => {
            let state = need_words::state(language, *need);
            if is_japanese { format!("「{state}」が解消") } else { format!("“{state}” ended") }
        }
    }
}

fn places(language: Language, epoch: Epoch, missing: Missing) -> String {
    let named = (epoch > Epoch::FIRST).then_some(epoch);
    phrases::missing(language, named, &[missing], Completeness::All)
}

fn database_began(language: Language, epoch: Epoch) -> String {
    match language {
        Language::Japanese => format!("{}代目の記録ファイルを開始", epoch.number()),
        Language::English => format!("Record file {} began", epoch.number()),
    }
}

fn contacts_said(language: Language, contacts: &Contacts) -> String {
    let entries = number(contacts.entries);
    let came = match (language, contacts.entries) {
        (_, 0) => None,
        (Language::Japanese, _) => Some(format!("{entries}件を受領")),
        (Language::English, 1) => Some("1 entry received".to_owned()),
        (Language::English, _) => Some(format!("{entries} entries received")),
    };
    let told = contacts.pending.map(|pending| match language {
        Language::Japanese => format!("定期連絡（送信待ち {}件）", number(pending)),
        Language::English => format!("heartbeat ({} pending)", number(pending)),
    });
    let separator = if language == Language::Japanese { "、" } else { ", " };
    came.into_iter().chain(told).collect::<Vec<_>>().join(separator)
}

/// From when to when, the date said once where it is the same.
pub(crate) fn span(since: WallTime, until: WallTime, now: WallTime) -> String {
    if since == until {
        return phrases::at(until, now);
    }
    let is_one_day = since.to_string().get(..10) == until.to_string().get(..10);
    let end = if is_one_day { until.hour_minute() } else { phrases::at(until, now) };
    format!("{} – {end}", phrases::at(since, now))
}

/// Month, day and time as a column's name: `11/22 10:00`.
pub(crate) fn column(begins_at: WallTime) -> String {
    let full = begins_at.to_string();
    format!("{} {}", full.get(5..10).unwrap_or_default().replace('-', "/"), begins_at.hour_minute())
}

/// Free space, as coarse as it was told.
pub(crate) fn free(language: Language, free: FreeSpace) -> String {
    let (least, most) = free.range_mib();
    let size = |mib: u64| match mib {
        mib if mib >= 1024 => format!("{} GiB", number(mib >> 10)),
        mib => format!("{} MiB", number(mib)),
    };
    match (language, least, most) {
        (Language::Japanese, 0, _) => "1 MiB未満".to_owned(),
        (Language::English, 0, _) => "less than 1 MiB".to_owned(),
        (Language::Japanese, ..) => format!("{}以上", size(least)),
        (Language::English, ..) => format!("{} or more", size(least)),
    }
}

/// Which of the tablet's databases.
pub(crate) fn database(language: Language, epoch: Epoch) -> String {
    match language {
        Language::Japanese => format!("{}代目", epoch.number()),
        Language::English => format!("No. {}", epoch.number()),
    }
}

/// A count of entries.
pub(crate) fn entries(language: Language, count: u64) -> String {
    match language {
        Language::Japanese => format!("{}件", number(count)),
        Language::English => number(count),
    }
}

/// A length of silence one may ask for.
pub(crate) fn silence(language: Language, hours: i64) -> String {
    match (language, hours % 24 == 0 && hours > 24) {
        (Language::Japanese, true) => format!("{}日以上", hours / 24),
        (Language::Japanese, false) => format!("{hours}時間以上"),
        (Language::English, true) => format!("{} days or more", hours / 24),
        (Language::English, false) if hours == 1 => "1 hour or more".to_owned(),
        (Language::English, false) => format!("{hours} hours or more"),
    }
}

/// The label of the tile of silent tablets.
pub(crate) fn silent_tile(language: Language, hours: i64) -> String {
    match (language, hours % 24 == 0 && hours > 24) {
        (Language::Japanese, true) => format!("{}日以上連絡なし", hours / 24),
        (Language::Japanese, false) => format!("{hours}時間以上連絡なし"),
        (Language::English, true) => format!("Silent for {} days", hours / 24),
        (Language::English, false) if hours == 1 => "Silent for 1 hour".to_owned(),
        (Language::English, false) => format!("Silent for {hours} hours"),
    }
}

/// The sentence above a list with conditions.
pub(crate) fn found(language: Language, count: usize) -> String {
    let count_text = number(count as u64);
    match (language, count) {
        (Language::Japanese, _) => format!("条件に合うタブレットは{count_text}台です。"),
        (Language::English, 1) => "One tablet is like that.".to_owned(),
        (Language::English, _) => format!("{count_text} tablets are like that."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_000); // 2021-11-22 10:40 in Japan
    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn a_span_says_its_date_once() {
        assert_eq!(span(NOW, NOW, NOW), "10:40");
        assert_eq!(span(NOW.plus_ms(-HOUR_MS), NOW, NOW), "09:40 – 10:40");
        let yesterday = NOW.plus_ms(-24 * HOUR_MS);
        assert_eq!(span(yesterday, yesterday.plus_ms(HOUR_MS), NOW), "2021/11/21 10:40 – 11:40");
        assert_eq!(span(yesterday, NOW, NOW), "2021/11/21 10:40 – 10:40");
        assert_eq!(column(NOW), "11/22 10:40");
    }

    #[test]
    fn free_space_is_said_as_coarsely_as_it_is_known() {
        let said = |mib: u64| free(Language::English, FreeSpace::of_bytes(mib << 20));
        assert_eq!(
            [0, 1, 300, 3_000].map(said),
            ["less than 1 MiB", "1 MiB or more", "256 MiB or more", "2 GiB or more"]
        );
    }

    #[test]
    fn silence_is_said_in_days_where_it_is_longer_than_one() {
        let said = |hours| (silence(Language::Japanese, hours), silent_tile(Language::English, hours));
        assert_eq!(said(1), ("1時間以上".to_owned(), "Silent for 1 hour".to_owned()));
        assert_eq!(said(24), ("24時間以上".to_owned(), "Silent for 24 hours".to_owned()));
        assert_eq!(said(168), ("7日以上".to_owned(), "Silent for 7 days".to_owned()));
    }

    #[test]
    fn contacts_say_what_came_and_what_is_pending() {
        let said =
            |language, entries, pending| contacts_said(language, &Contacts { since: NOW, entries, pending });
        assert_eq!(said(Language::Japanese, 1_200, Some(3)), "1,200件を受領、定期連絡（送信待ち 3件）");
        assert_eq!(said(Language::Japanese, 0, Some(0)), "定期連絡（送信待ち 0件）");
        assert_eq!(said(Language::English, 1, None), "1 entry received");
    }
}
