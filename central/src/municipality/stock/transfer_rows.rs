//! A transfer as pages show it: to either side, the other by code and name alone.
//!
//! Must not: show of a partner's facility more than its code, name and municipality.

use std::collections::{BTreeMap, btree_map::Entry};

use record::{Municipality, MunicipalityCode, MunicipalityTable, WallTime, day::FacilityCode};
use vsys::transfer::{Approver, Step};

use super::{
    event_words::{amount, slip_number, step_word, storage_word},
    transfer_words::{self, concern, transfer_words},
};
use crate::{
    audit::TransferAct,
    console::{language::Language, phrases},
    stock::folded::{KeptStep, KeptTransfer},
    storage::{Storage, StorageError},
};

/// Names of the facilities of some transfers.
pub(super) type Names = BTreeMap<FacilityCode, String>;

/// A row of the list.
pub(super) struct TransferRow {
    pub(super) number: String,
    pub(super) address: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) content: String,
    pub(super) mark: &'static str,
    pub(super) state: &'static str,
    pub(super) planned_at: String,
}

/// A step that was taken.
pub(super) struct StepRow {
    pub(super) at: String,
    pub(super) said: String,
    pub(super) by: String,
    pub(super) concerns: Vec<&'static str>,
}

/// The names, read once each.
pub(super) async fn names(storage: &dyn Storage, all: &[KeptTransfer]) -> Result<Names, StorageError> {
    let mut names = Names::new();
    for (code, _) in all.iter().flat_map(|kept| [kept.transfer.plan.from, kept.transfer.plan.to]) {
        if let Entry::Vacant(name) = names.entry(code) {
            let found = storage.facility(code).await?;
            name.insert(found.map_or_else(String::new, |kept| kept.facility.name.to_string()));
        }
    }
    Ok(names)
}

/// `見本診療所 1311300001(東京都渋谷区)`.
pub(super) fn place(names: &Names, (code, municipality): (FacilityCode, MunicipalityCode)) -> String {
    let of = MunicipalityTable::shipped().find(municipality);
    let of = of.map_or_else(|| municipality.to_string(), Municipality::full_name);
    let name = names.get(&code).map_or("", String::as_str);
    format!("{name} {code}({of})")
}

/// Where its page lies.
pub(super) fn address(kept: &KeptTransfer) -> String {
    let plan = &kept.transfer.plan;
    format!("/municipality/stock/transfers/{}/{}", plan.from.1, plan.id)
}

pub(super) fn row(language: Language, kept: &KeptTransfer, names: &Names, now: WallTime) -> TransferRow {
    let plan = &kept.transfer.plan;
    let (mark, state) = transfer_words::state(language, kept.transfer.state);
    TransferRow {
        number: slip_number(plan.id),
        address: address(kept),
        from: place(names, plan.from),
        to: place(names, plan.to),
        content: content(language, kept),
        mark,
        state,
        planned_at: phrases::at(kept.planned_at, now),
    }
}

/// Product, lot, storage and amount.
pub(super) fn content(language: Language, kept: &KeptTransfer) -> String {
    let plan = &kept.transfer.plan;
    let (storage, much) = (storage_word(language, plan.storage), amount(language, plan.amount));
    format!("{} {} {storage} {much}", plan.product, plan.lot)
}

/// Every step, the first one first.
pub(super) fn steps(language: Language, kept: &KeptTransfer, now: WallTime) -> Vec<StepRow> {
    kept.steps.iter().map(|taken| step(language, kept, taken, now)).collect()
}

fn step(language: Language, kept: &KeptTransfer, taken: &KeptStep, now: WallTime) -> StepRow {
    let words = transfer_words(language);
    let with = |act, said: String| format!("{} {said}", step_word(language, act));
    let (said, at) = match &taken.step {
        Step::Approved(approver) => {
            let whose = match approver {
                Approver::Municipality(code) => MunicipalityTable::shipped()
                    .find(*code)
                    .map_or_else(|| code.to_string(), Municipality::full_name),
                Approver::Prefecture(number) => match language {
                    Language::Japanese => format!("都道府県 {number:02}"),
                    Language::English => format!("prefecture {number:02}"),
                },
            };
            (with(TransferAct::Approved, whose), taken.at)
        }
        Step::Sent(handover) => {
            let mut said = vec![amount(language, handover.amount)];
            let mut tell = |word: &str, value: String| said.push(format!("{word}: {value}"));
            let is_frozen = handover.cold_chain == vsys::transfer::FREEZER;
            tell(words.way, (if is_frozen { words.freezer } else { words.chilled }).to_owned());
            if let Some(at) = handover.thawed_at {
                tell(words.thawed_said, phrases::at(at, now));
            }
            tell(words.good_until_said, phrases::at(handover.good_until, now));
            if let Some(container) = &handover.container {
                tell(words.container_said, container.to_string());
            }
            if let Some(logger) = &handover.logger {
                tell(words.logger_said, logger.to_string());
            }
            tell(words.carrier, handover.carrier.to_string());
            (with(TransferAct::Sent, said.join(" / ")), handover.at)
        }
        Step::Received(receipt) => {
            let said =
                format!("{} {}", amount(language, receipt.amount), storage_word(language, receipt.storage));
            (with(TransferAct::Received, said), receipt.at)
        }
        Step::Returned { amount: much } => (with(TransferAct::Returned, amount(language, *much)), taken.at),
        Step::DeclaredLost { amount: much, reason } => {
            (with(TransferAct::DeclaredLost, format!("{} {reason}", amount(language, *much))), taken.at)
        }
        Step::SurplusExplained { reason } => {
            (with(TransferAct::SurplusExplained, reason.to_string()), taken.at)
        }
        Step::Cancelled { reason } => (with(TransferAct::Cancelled, reason.to_string()), taken.at),
    };
    let concerns = match &taken.step {
        Step::Received(receipt) => kept.transfer.concerns(receipt),
        _ => Vec::new(),
    };
    StepRow {
        at: phrases::at(at, now),
        said,
        by: taken.by.to_string(),
        concerns: concerns.into_iter().map(|found| concern(language, found)).collect(),
    }
}
