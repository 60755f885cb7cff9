//! What happened to stock, in both languages: kinds, storage, reasons, lines and steps.
//!
//! Must not: know a page.

use record::stock::SlipNumber;
use vsys::{Amount, Event, FacilityKind, Storage, TransferId, ledger::DiscardReason};

use crate::{
    audit::{StockAct, TransferAct},
    console::{language::Language, phrases::number},
};

fn pick(language: Language, japanese: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

/// 基本型・連携型・サテライト型.
pub(in super::super) fn kind_word(language: Language, kind: FacilityKind) -> &'static str {
    match kind {
        FacilityKind::Core => pick(language, "基本型", "Core (基本型)"),
        FacilityKind::Linked => pick(language, "連携型", "Linked (連携型)"),
        FacilityKind::Satellite => pick(language, "サテライト型", "Satellite (サテライト型)"),
    }
}

/// What somebody wrote into the ledger.
pub(in super::super) fn act_word(language: Language, act: StockAct) -> &'static str {
    match act {
        StockAct::Delivered => pick(language, "納入", "a delivery"),
        StockAct::Discarded => pick(language, "廃棄", "discarded"),
        StockAct::Counted => pick(language, "棚卸し", "a count"),
        StockAct::Thawed => pick(language, "解凍", "thawed"),
        StockAct::ShortfallExplained => pick(language, "不足の説明", "a shortfall was explained"),
        StockAct::ToldSettled => pick(language, "端末の記録への対応", "what a tablet told was dealt with"),
    }
}

/// What somebody did with a transfer.
pub(in super::super) fn step_word(language: Language, act: TransferAct) -> &'static str {
    match act {
        TransferAct::Planned => pick(language, "計画", "planned"),
        TransferAct::Approved => pick(language, "承認", "approved"),
        TransferAct::Sent => pick(language, "引渡し", "handed over"),
        TransferAct::Received => pick(language, "受領", "received"),
        TransferAct::Returned => pick(language, "返送", "came back"),
        TransferAct::DeclaredLost => pick(language, "紛失・破損の確定", "a part was declared lost"),
        TransferAct::SurplusExplained => pick(language, "超過の説明", "a surplus was explained"),
        TransferAct::Cancelled => pick(language, "取りやめ", "called off"),
    }
}

/// 移送伝票番号: how people name a transfer, and what is typed on a tablet.
pub(in super::super) fn slip_number(id: TransferId) -> String {
    SlipNumber::of_id(id.as_bytes()).grouped()
}

/// 冷凍・解凍後.
pub(super) fn storage_word(language: Language, storage: Storage) -> &'static str {
    match storage {
        Storage::Frozen => pick(language, "冷凍", "frozen"),
        Storage::Thawed => pick(language, "解凍後", "thawed"),
    }
}

/// Reasons a person may give, with the word a form sends.
pub(super) const DISCARD_REASONS: [(&str, DiscardReason); 6] = [
    ("expired", DiscardReason::Expired),
    ("out_of_temperature", DiscardReason::OutOfTemperature),
    ("broken", DiscardReason::Broken),
    ("left_over", DiscardReason::LeftOver),
    ("less_than_expected", DiscardReason::LessThanExpected),
    ("recalled", DiscardReason::Recalled),
];

/// Why it was discarded.
pub(super) fn discard_word(language: Language, reason: DiscardReason) -> &'static str {
    match reason {
        DiscardReason::Expired => pick(language, "期限切れ", "expired"),
        DiscardReason::OutOfTemperature => pick(language, "温度逸脱", "out of its temperature"),
        DiscardReason::Broken => pick(language, "破損", "broken"),
        DiscardReason::LeftOver => pick(language, "接種しきれず残った", "left over"),
        DiscardReason::LessThanExpected => {
            pick(language, "バイアルから取れる回数が少なかった", "a vial gave fewer doses")
        }
        DiscardReason::MissingWhenCounted => pick(language, "棚卸しで不足", "missing when counted"),
        DiscardReason::LostInTransit => pick(language, "移送中の紛失・破損", "lost on its way"),
        DiscardReason::Recalled => pick(language, "回収", "recalled"),
    }
}

/// `3バイアル・18回分`.
pub(super) fn amount(language: Language, amount: Amount) -> String {
    let (vials, doses) = (number(amount.vials), number(amount.doses));
    match language {
        Language::Japanese => format!("{vials}バイアル・{doses}回分"),
        Language::English => format!(
            "{vials} {}, {doses} {}",
            if amount.vials == 1 { "vial" } else { "vials" },
            if amount.doses == 1 { "dose" } else { "doses" }
        ),
    }
}

/// What a line of the ledger says.
pub(super) fn event(language: Language, event: &Event) -> String {
    let of = |word: &str, much: Amount| match language {
        Language::Japanese => format!("{word} {}", amount(language, much)),
        Language::English => format!("{word}: {}", amount(language, much)),
    };
    let by = |word: &str, much: Amount, transfer: TransferId| match language {
        Language::Japanese => format!("{word} {}(移送 {})", amount(language, much), slip_number(transfer)),
        Language::English => {
            format!("{word}: {} (transfer {})", amount(language, much), slip_number(transfer))
        }
    };
    match event {
        Event::Delivered { amount } => of(pick(language, "納入", "Delivered"), *amount),
        Event::Sent { transfer, amount } => by(pick(language, "引渡し", "Handed over"), *amount, *transfer),
        Event::Received { transfer, amount, .. } => {
            by(pick(language, "受領", "Received"), *amount, *transfer)
        }
        Event::LostInTransit { transfer, amount } => {
            by(pick(language, "移送中の紛失・破損", "Lost on its way"), *amount, *transfer)
        }
        Event::Returned { transfer, amount } => by(pick(language, "返送", "Came back"), *amount, *transfer),
        Event::Given { doses } => doses_word(language, "接種", "Given", *doses),
        Event::NoLongerGiven { doses } => doses_word(language, "接種の取消し", "No longer given", *doses),
        Event::Opened { vials, expected, gave } => match language {
            Language::Japanese => format!(
                "開封 {}バイアル(見込み{}回、実際{}回)",
                number(*vials),
                number(*expected),
                number(*gave)
            ),
            Language::English => format!(
                "Opened: {} vials ({} doses expected, {} given)",
                number(*vials),
                number(*expected),
                number(*gave)
            ),
        },
        Event::NoLongerOpened { vials, expected, gave } => match language {
            Language::Japanese => format!(
                "開封の取消し {}バイアル(見込み{}回、実際{}回)",
                number(*vials),
                number(*expected),
                number(*gave)
            ),
            Language::English => format!(
                "No longer opened: {} vials ({} doses expected, {} given)",
                number(*vials),
                number(*expected),
                number(*gave)
            ),
        },
        Event::Discarded { amount, reason } => {
            let said = of(pick(language, "廃棄", "Discarded"), *amount);
            match language {
                Language::Japanese => format!("{said}({})", discard_word(language, *reason)),
                Language::English => format!("{said} ({})", discard_word(language, *reason)),
            }
        }
        Event::Counted { amount } => of(pick(language, "棚卸し", "Counted"), *amount),
        Event::Thawed { amount } => of(pick(language, "解凍", "Thawed"), *amount),
        Event::ShortfallExplained { amount } => {
            of(pick(language, "不足の説明", "Shortfall explained"), *amount)
        }
    }
}

fn doses_word(language: Language, japanese: &str, english: &str, doses: u64) -> String {
    match language {
        Language::Japanese => format!("{japanese} {}回", number(doses)),
        Language::English if doses == 1 => format!("{english}: 1 dose"),
        Language::English => format!("{english}: {} doses", number(doses)),
    }
}
