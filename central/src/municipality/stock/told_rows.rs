//! What tablets told of a facility's stock and the books do not have, as rows with their reason.
//!
//! Must not: change anything; `acting` does.

use record::{
    EntryContent, WallTime,
    stock::{Deed, SlipNumber},
};

use super::event_words::{discard_word, storage_word};
use crate::{
    console::{language::Language, phrases},
    storage::{NotBooked, ToldAct},
};

/// One act.
pub(super) struct ToldRow {
    pub(super) entry: String,
    pub(super) recorded_at: i64,
    pub(super) at: String,
    pub(super) said: String,
    pub(super) lot: String,
    pub(super) storage: &'static str,
    pub(super) by: String,
    pub(super) why: &'static str,
    pub(super) for_person: bool,
}

pub(super) fn told_row(language: Language, told: &ToldAct, now: WallTime) -> Option<ToldRow> {
    let EntryContent::Stock(act) = &told.entry.content else { return None };
    let why = told.why.unwrap_or(NotBooked::NotYet);
    Some(ToldRow {
        entry: told.key.entry_id.to_string(),
        recorded_at: told.key.recorded_at.unix_ms(),
        at: phrases::at(told.key.recorded_at, now),
        said: said(language, act.deed, act.vials, act.doses),
        lot: format!("{} {}", act.vaccine.product, act.lot),
        storage: storage_word(language, act.storage),
        by: format!("{} {}", told.tablet, told.entry.staff_id),
        why: sentence(language, why),
        for_person: why.is_for_person(),
    })
}

fn said(language: Language, deed: Deed, vials: u32, doses: u32) -> String {
    let japanese = language == Language::Japanese;
    let amount = if japanese {
        format!("{vials}本（{doses}回分）")
    } else {
        format!("{vials} vials ({doses} doses)")
    };
    let slip = deed.slip().map(SlipNumber::grouped);
    let word = match (deed, japanese) {
        (Deed::Received { .. }, true) => "受け取り".to_owned(),
        (Deed::Received { .. }, false) => "received".to_owned(),
        (Deed::Sent { .. }, true) => "引渡し".to_owned(),
        (Deed::Sent { .. }, false) => "sent".to_owned(),
        (Deed::Counted {}, true) => "棚卸し".to_owned(),
        (Deed::Counted {}, false) => "counted".to_owned(),
        (Deed::Discarded { reason }, true) => format!("廃棄（{}）", discard_word(language, reason)),
        (Deed::Discarded { reason }, false) => format!("discarded ({})", discard_word(language, reason)),
    };
    match (slip, japanese) {
        (None, _) => format!("{word} {amount}"),
        (Some(slip), true) => format!("{word} {amount}、移送伝票番号 {slip}"),
        (Some(slip), false) => format!("{word} {amount}, slip {slip}"),
    }
}

/// Why it is not in the books, and the next step.
fn sentence(language: Language, why: NotBooked) -> &'static str {
    let (japanese, english) = match why {
        NotBooked::NotYet => ("まもなく台帳に入ります。", "It comes into the books within minutes."),
        NotBooked::NoFacility => (
            "施設が登録されていません。登録すると台帳に入ります。",
            "The facility is not registered. Once it is, this comes into the books.",
        ),
        NotBooked::NotApproved => (
            "移送がまだ承認されていません。承認されると台帳に入ります。",
            "The transfer is not approved yet. Once it is, this comes into the books.",
        ),
        NotBooked::NotSent => (
            "渡した側の記録がまだ届いていません。届くと台帳に入ります。",
            "What the sender recorded has not come yet. Once it has, this comes into the books.",
        ),
        NotBooked::UnknownSlip => (
            "この番号の移送は、この施設では進行中ではありません。番号と相手の施設を確かめてください。",
            "No transfer of that number is under way here. Check the number with the other facility.",
        ),
        NotBooked::OtherStock => (
            "移送の計画と、製品・ロット・保管の状態が違います。実物を確かめ、移送のページで直してください。",
            "Product, lot or way of keeping differ from the plan. Look at what is there, and put it right on the transfer's page.",
        ),
        NotBooked::MoreThanPlanned => (
            "計画より多い数です。数を確かめ、移送のページで入力してください。",
            "It is more than was planned. Check the number and enter it on the transfer's page.",
        ),
        NotBooked::MoreThanOnHand => (
            "帳簿にある数より多い数です。入力されていない納入をさがすか、棚卸しを入力してください。",
            "It is more than the books have. Look for a delivery that was not entered, or enter a count.",
        ),
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}
