//! What is said of a day whose numbers differ.
//!
//! Must not: name a person or a number of one.

use record::closing::Difference;

use super::super::{Said, Tone};
use crate::{display::Language, workflow::closing::candidates::Why};

/// What differs, and what to do; whether entries are named that may explain it.
#[must_use]
pub fn difference(difference: &Difference, named: Named, language: Language) -> Said {
    let (sentence, look) = match difference {
        Difference::Paper { paper_forms, entries } if paper_forms > entries => language.of(
            (
                format!("紙が記録より{}枚多いです。", paper_forms - entries),
                "記録していない紙をさがしてください。「記録」の「番号でさがす」で調べられます。",
            ),
            (
                format!("There are {} more forms than records.", paper_forms - entries),
                "Look for a form that was not recorded: “Search by number” under “Records” finds out.",
            ),
        ),
        Difference::Paper { paper_forms, entries } => language.of(
            (format!("記録が紙より{}件多いです。", entries - paper_forms), "紙を数え直してください。"),
            (
                format!("There are {} more records than forms.", entries - paper_forms),
                "Count the forms again.",
            ),
        ),
        Difference::Receipts { entries, delivered } => language.of(
            (
                format!("{}件がまだ送信されていません。", entries.saturating_sub(*delivered)),
                "ネットワークにつながると、自動で送信されます。",
            ),
            (
                format!("{} records have not been sent yet.", entries.saturating_sub(*delivered)),
                "They are sent by themselves once there is a network.",
            ),
        ),
        Difference::Doses { lot, drawn, recorded } if *drawn > i64::from(*recorded) => language.of(
            (
                format!("ロット{lot}: 使った回数が記録より{}回多いです。", drawn - i64::from(*recorded)),
                "廃棄した回数と、残っているバイアルを確かめてください。",
            ),
            (
                format!("Lot {lot}: {} more doses were used than recorded.", drawn - i64::from(*recorded)),
                "Check the discarded doses and the vials that are left.",
            ),
        ),
        Difference::Doses { lot, drawn, recorded } => language.of(
            (
                format!("ロット{lot}: 記録が使った回数より{}回多いです。", i64::from(*recorded) - drawn),
                "使ったバイアルを数え直してください。",
            ),
            (
                format!("Lot {lot}: {} more doses were recorded than used.", i64::from(*recorded) - drawn),
                "Count the used vials again.",
            ),
        ),
    };
    let more = match named {
        Named::Some => language.of("下の記録も見てください。", " Look at the records below, too."),
        Named::Nobody => "",
    };
    Said { tone: Tone::Person, sentence, next_step: format!("{look}{more}") }
}

/// Whether entries are named that may explain a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Some are.
    Some,
    /// None can be named.
    Nobody,
}

/// Why an entry is named.
#[must_use]
pub fn why(why: Why, language: Language) -> &'static str {
    match why {
        Why::Waiting => language.of("送信待ち", "not sent yet"),
        Why::Cancelled => language.of("取消済み", "cancelled"),
        Why::SameCoupon => language.of("同じ番号が2件", "the same number twice"),
        Why::NearlySame => language.of("1桁ちがいの番号がある", "another number differs in one digit"),
        Why::OtherLot => language.of("ほかと違うロット", "another lot than most"),
    }
}
