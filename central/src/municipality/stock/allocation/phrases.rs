//! Sentences around the numbers of an allocation: who, how far, how many, why.
//!
//! Must not: read a clock, or say of a share what it does not hold.

use record::{Municipality, MunicipalityTable, WallTime};
use vsys::allocation::{Party, StockRate, Supply};

use crate::{
    console::{language::Language, phrases::number},
    stock::{
        allocating::step::{CycleStage, CycleStep},
        moments,
    },
};

/// 第3回.
pub(super) fn cycle_name(language: Language, cycle: u32) -> String {
    match language {
        Language::Japanese => format!("第{cycle}回"),
        Language::English => format!("Cycle {cycle}"),
    }
}

/// `12箱`.
pub(super) fn boxes(language: Language, boxes: u64) -> String {
    match language {
        Language::Japanese => format!("{}箱", number(boxes)),
        Language::English if boxes == 1 => "1 box".to_owned(),
        Language::English => format!("{} boxes", number(boxes)),
    }
}

/// `1,170回分`.
pub(super) fn doses(language: Language, doses: u64) -> String {
    match language {
        Language::Japanese => format!("{}回分", number(doses)),
        Language::English => format!("{} doses", number(doses)),
    }
}

/// `10,000人`.
pub(super) fn people(language: Language, people: u64) -> String {
    match language {
        Language::Japanese => format!("{}人", number(people)),
        Language::English => format!("{} people", number(people)),
    }
}

/// How many boxes of how many doses.
pub(super) fn supply(language: Language, supply: Supply) -> String {
    match language {
        Language::Japanese => format!(
            "{}(1箱{}回、人口で{}%)",
            boxes(language, supply.boxes),
            number(supply.doses_per_box),
            supply.by_population_percent
        ),
        Language::English => format!(
            "{} of {} doses, {}% by population",
            boxes(language, supply.boxes),
            number(supply.doses_per_box),
            supply.by_population_percent
        ),
    }
}

/// `2026-11-28 14:30`, in Japan.
pub(super) fn minute(at: WallTime) -> String {
    moments::written(at).replace('T', " ")
}

/// Municipality and, where there is one, the facility's code. A municipality's name is Japanese in either language.
pub(super) fn party(party: Party) -> String {
    let municipality = MunicipalityTable::shipped().find(party.municipality);
    let name = municipality.map_or_else(|| party.municipality.to_string(), Municipality::full_name);
    match party.facility {
        Some(code) => format!("{name} {code}"),
        None => name,
    }
}

/// As it is typed: `131130`, `131130 1311300001`.
pub(super) fn party_code(party: Party) -> String {
    match party.facility {
        Some(code) => format!("{} {code}", party.municipality),
        None => party.municipality.to_string(),
    }
}

/// What [`party_code`] says, read.
pub(super) fn read_party(typed: &str) -> Option<Party> {
    let mut parts = typed.split_whitespace();
    let municipality = parts.next()?.parse().ok()?;
    let facility = parts.next().map(|code| code.parse().ok());
    match (facility, parts.next()) {
        (None, None) => Some(Party { municipality, facility: None }),
        (Some(Some(code)), None) => Some(Party { municipality, facility: Some(code) }),
        _ => None,
    }
}

/// A word for how far it has come, with its mark.
pub(super) fn stage(language: Language, stage: CycleStage) -> (&'static str, &'static str) {
    let (mark, japanese, english) = match stage {
        CycleStage::Ordering => ("person", "要望を受付中", "Orders are taken"),
        CycleStage::ToCompute => ("person", "締切後・計算待ち", "To be computed"),
        CycleStage::Draft => ("person", "案", "Draft"),
        CycleStage::Adjusted => ("person", "案(調整あり)", "Draft, adjusted"),
        CycleStage::Published => ("safe", "公表済み", "Published"),
        CycleStage::CalledOff => ("quiet", "取りやめ", "Called off"),
    };
    match language {
        Language::Japanese => (mark, japanese),
        Language::English => (mark, english),
    }
}

/// How far it has come, for a municipality: what is computed but not published it does not learn.
pub(super) fn stage_for_municipality(stage: CycleStage) -> CycleStage {
    match stage {
        CycleStage::Draft | CycleStage::Adjusted => CycleStage::ToCompute,
        other => other,
    }
}

/// The same in its words.
pub(super) fn own_stage(language: Language, own: CycleStage) -> (&'static str, &'static str) {
    match (stage_for_municipality(own), language) {
        (CycleStage::ToCompute, Language::Japanese) => ("person", "締切後・公表待ち"),
        (CycleStage::ToCompute, Language::English) => ("person", "Closed, not published yet"),
        (other, _) => stage(language, other),
    }
}

/// `3.3%`; a word where nobody lives there.
pub(super) fn rate(language: Language, rate: StockRate) -> String {
    match (rate.per_mille(), language) {
        (Some(per_mille), _) => {
            let sign = if per_mille < 0 { "−" } else { "" };
            let size = per_mille.unsigned_abs();
            format!("{sign}{}.{}%", number(size / 10), size % 10)
        }
        (None, Language::Japanese) => "人口なし".to_owned(),
        (None, Language::English) => "no people".to_owned(),
    }
}

/// What was done, for the history of the national administrators.
pub(super) fn step(language: Language, step: &CycleStep) -> String {
    let whom = |party_or_none: &Option<Party>| match (party_or_none, language) {
        (Some(one), _) => party(*one),
        (None, Language::Japanese) => "配分しない箱".to_owned(),
        (None, Language::English) => "boxes that nobody gets".to_owned(),
    };
    match (step, language) {
        (CycleStep::Computed { parties, left }, Language::Japanese) => {
            format!("計算({}件、残り{})", number(*parties), boxes(language, *left))
        }
        (CycleStep::Computed { parties, left }, Language::English) => {
            format!("Computed for {}, {} left", number(*parties), boxes(language, *left))
        }
        (CycleStep::Moved { from, to, boxes: moved, reason }, Language::Japanese) => {
            format!("調整: {}から{}へ{}(理由: {reason})", whom(from), whom(to), boxes(language, *moved))
        }
        (CycleStep::Moved { from, to, boxes: moved, reason }, Language::English) => {
            format!(
                "Moved {} from {} to {} (reason: {reason})",
                boxes(language, *moved),
                whom(from),
                whom(to)
            )
        }
        (CycleStep::Undone {}, Language::Japanese) => "最後の調整を元に戻した".to_owned(),
        (CycleStep::Undone {}, Language::English) => "The last move was taken back".to_owned(),
        (CycleStep::Published {}, Language::Japanese) => "公表".to_owned(),
        (CycleStep::Published {}, Language::English) => "Published".to_owned(),
        (CycleStep::Revised { boxes: there, orders_until, reason }, Language::Japanese) => {
            let (there, until) = (boxes(language, *there), minute(*orders_until));
            format!("変更: 供給量 {there}、締切 {until}(理由: {reason})")
        }
        (CycleStep::Revised { boxes: there, orders_until, reason }, Language::English) => {
            let (there, until) = (boxes(language, *there), minute(*orders_until));
            format!("Changed: supply {there}, orders until {until} (reason: {reason})")
        }
        (CycleStep::CalledOff { reason }, Language::Japanese) => format!("取りやめ(理由: {reason})"),
        (CycleStep::CalledOff { reason }, Language::English) => format!("Called off (reason: {reason})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_typed_is_read_or_nobody_is() {
        let whole = read_party("131130").unwrap();
        let one = read_party(" 131130  1311300001 ").unwrap();
        assert_eq!(
            (party_code(whole), party_code(one)),
            ("131130".to_owned(), "131130 1311300001".to_owned())
        );
        assert_eq!(party(one), "東京都渋谷区 1311300001");
        for typed in ["", "131131", "131130 1", "131130 1311300001 1", "渋谷区"] {
            assert_eq!(read_party(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_rate_is_said_with_its_sign_and_one_digit() {
        let said = |stock, needed| rate(Language::Japanese, StockRate { stock, needed });
        assert_eq!(said(2_000, 60_000), "3.3%");
        assert_eq!(said(-30, 1_000), "−3.0%");
        assert_eq!(said(0, 1_000), "0.0%");
        assert_eq!(said(1, 0), "人口なし");
    }
}
