//! 使用期限までの日数: the doses on hand by how many days they can still be used.
//!
//! Must not: know how long something lasts once it is thawed.

use std::collections::BTreeMap;

use record::{
    CalendarDate,
    day::{LotNumber, Product},
};
use vsys::{Balance, ledger::Account};

use super::super::charts_words::chart_words;
use crate::console::{language::Language, phrases::number};

/// Doses that can be used for about as long.
pub(in super::super) struct ShelfRow {
    pub(in super::super) word: &'static str,
    pub(in super::super) doses: String,
    /// Of the most, in hundredths.
    pub(in super::super) share: u64,
    /// Class of its bar: its pattern tells it apart as well as its colour.
    pub(in super::super) class: &'static str,
    pub(in super::super) is_expired: bool,
}

/// About how long; in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Expired,
    Within7,
    Within30,
    Within90,
    More,
    NotPublished,
}

impl Left {
    const ALL: [Self; 6] =
        [Self::Expired, Self::Within7, Self::Within30, Self::Within90, Self::More, Self::NotPublished];

    fn of(good_until: Option<CalendarDate>, today: CalendarDate) -> Self {
        match good_until.map(|last| last.days_since(today)) {
            None => Self::NotPublished,
            Some(..0) => Self::Expired,
            Some(0..=7) => Self::Within7,
            Some(8..=30) => Self::Within30,
            Some(31..=90) => Self::Within90,
            Some(_) => Self::More,
        }
    }
}

/// A row for each length, where anything is on hand; else none.
pub(super) fn shelf(
    language: Language,
    accounts: &[(Account, Balance)],
    good_until: impl Fn(&Product, &LotNumber) -> Option<CalendarDate>,
    today: CalendarDate,
) -> Vec<ShelfRow> {
    let words = chart_words(language);
    let mut doses: BTreeMap<Left, u64> = BTreeMap::new();
    for (account, balance) in accounts {
        if let Account::OnHand(key) = account {
            let left = Left::of(good_until(&key.product, &key.lot), today);
            *doses.entry(left).or_default() += balance.amount().doses;
        }
    }
    let most = doses.values().copied().max().unwrap_or(0);
    if most == 0 {
        return Vec::new();
    }
    let row = |left: Left| {
        let count = doses.get(&left).copied().unwrap_or(0);
        let (word, class) = match left {
            Left::Expired => (words.expired, "kind-expired"),
            Left::Within7 => (words.within_7, "kind-0"),
            Left::Within30 => (words.within_30, "kind-0"),
            Left::Within90 => (words.within_90, "kind-0"),
            Left::More => (words.more, "kind-0"),
            Left::NotPublished => (words.not_published, "kind-2"),
        };
        ShelfRow {
            word,
            doses: number(count),
            share: count.saturating_mul(100) / most,
            class,
            is_expired: left == Left::Expired && count > 0,
        }
    };
    Left::ALL.map(row).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use vsys::{StockKey, Storage};

    use super::*;

    #[test]
    fn doses_stand_by_the_days_that_are_left_and_what_expired_is_marked() {
        let today: CalendarDate = "2026-11-28".parse().unwrap();
        let on_hand = |lot: &str, doses| {
            let key = StockKey {
                facility: "1311300001".parse().unwrap(),
                product: "見本一号".parse().unwrap(),
                lot: lot.parse().unwrap(),
                storage: Storage::Frozen,
            };
            (Account::OnHand(key), Balance { vials: 1, doses })
        };
        let until = |_: &Product, lot: &LotNumber| match lot.to_string().as_str() {
            "GONE-1" => Some("2026-11-27".parse().unwrap()),
            "LAST-1" => Some("2026-11-28".parse().unwrap()),
            _ => None,
        };
        let accounts = [on_hand("GONE-1", 6), on_hand("LAST-1", 12), on_hand("NONE-1", 3)];
        let rows = shelf(Language::English, &accounts, until, today);
        let doses: Vec<_> = rows.iter().map(|row| (row.doses.as_str(), row.share)).collect();
        assert_eq!(doses, [("6", 50), ("12", 100), ("0", 0), ("0", 0), ("0", 0), ("3", 25)]);
        assert_eq!(rows.iter().filter(|row| row.is_expired).count(), 1);
        assert!(shelf(Language::English, &[on_hand("LAST-1", 0)], until, today).is_empty());
    }
}
