//! What stands around the lines of a cycle, for the national administrators: what can be done now, its facts, what a
//! publication makes final, its history.
//!
//! Must not: read anything; what is said is an argument.

use super::{
    phrases::{boxes, minute, party, party_code, step, supply},
    words::AllocationWords,
};
use crate::{
    console::{language::Language, phrases::number},
    stock::allocating::{cycle::KeptCycle, lines::AllocationLine, step::CycleStage},
};

/// What can be done now.
#[derive(Default, Clone, Copy)]
pub(super) struct May {
    pub(super) compute: bool,
    pub(super) again: bool,
    pub(super) adjust: bool,
    pub(super) undo: bool,
    pub(super) call_off: bool,
    pub(super) waits: bool,
}

pub(super) fn may(kept: &KeptCycle, come_to: CycleStage, has_orders: bool) -> May {
    match come_to {
        CycleStage::Published | CycleStage::CalledOff => May::default(),
        CycleStage::Ordering => May { call_off: true, waits: true, ..May::default() },
        CycleStage::ToCompute => May { call_off: true, compute: has_orders, ..May::default() },
        CycleStage::Draft | CycleStage::Adjusted => May {
            compute: true,
            again: true,
            adjust: true,
            undo: !kept.moves().is_empty(),
            call_off: true,
            waits: false,
        },
    }
}

pub(super) fn facts(
    language: Language,
    words: &'static AllocationWords,
    kept: &KeptCycle,
    ordered: u64,
    given: u64,
) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (words.product, kept.opened.product.to_string()),
        (words.supply, supply(language, kept.supply())),
        (words.until, minute(kept.orders_until())),
        (words.ordered, boxes(language, ordered)),
    ];
    if kept.computation().is_some() {
        let left = boxes(language, kept.supply().boxes.saturating_sub(given));
        facts.push((
            words.gets,
            match language {
                Language::Japanese => format!("{}(残り{left})", boxes(language, given)),
                Language::English => format!("{} ({left} left)", boxes(language, given)),
            },
        ));
    }
    facts
}

pub(super) fn shown(language: Language, first: usize, to: usize, length: usize) -> String {
    let from = if length == 0 { 0 } else { first + 1 };
    match language {
        Language::Japanese => {
            format!("{}件のうち{}〜{}件目", number(length as u64), number(from as u64), number(to as u64))
        }
        Language::English => {
            format!("{} to {} of {}", number(from as u64), number(to as u64), number(length as u64))
        }
    }
}

/// Those among whom boxes can be moved.
pub(super) fn parties(
    kept: &KeptCycle,
    come_to: CycleStage,
    all: &[AllocationLine<'_>],
) -> Vec<(String, String)> {
    if !may(kept, come_to, true).adjust {
        return Vec::new();
    }
    all.iter().map(|line| line.share.order.party).map(|one| (party_code(one), party(one))).collect()
}

/// What becomes final, in numbers.
pub(super) fn publishes(language: Language, all: &[AllocationLine<'_>], given: u64, there: u64) -> String {
    let (given, left) = (boxes(language, given), boxes(language, there.saturating_sub(given)));
    match language {
        Language::Japanese => format!("確定する内容: {}件に{given}、だれにも配分しない箱 {left}", all.len()),
        Language::English => format!("What becomes final: {given} for {}, {left} for nobody", all.len()),
    }
}

/// The newest first; it was opened before all of it.
pub(super) fn history(language: Language, kept: &KeptCycle) -> Vec<(String, String, String)> {
    let opened = match language {
        Language::Japanese => "回を始めた",
        Language::English => "The cycle was opened",
    };
    let at = |at| minute(at);
    let mut all = vec![(at(kept.at), kept.by.to_string(), opened.to_owned())];
    all.extend(kept.steps.iter().map(|kept| (at(kept.at), kept.by.to_string(), step(language, &kept.step))));
    all.reverse();
    all
}
