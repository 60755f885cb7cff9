//! The tiles above the list: how many tablets need what, each a way to those very tablets.
//!
//! Must not: count; `fleet::question` does.

use super::{
    asked::query, fleet_words::fleet_words, language::Language, mark::Mark, need_words, phrases,
    tablet_phrases, words::words,
};
use crate::fleet::{
    needs::Need,
    question::{Question, Totals},
};

/// A count with its word.
pub(super) struct Tile {
    pub(super) id: &'static str,
    /// Where it leads; none where it is only a count.
    pub(super) address: Option<String>,
    pub(super) is_current: bool,
    pub(super) label: String,
    pub(super) count: String,
    pub(super) unit: &'static str,
    pub(super) mark: Mark,
}

/// All of them: what is gravest first, the whole fleet last.
pub(super) fn tiles(language: Language, question: &Question, totals: &Totals) -> Vec<Tile> {
    let address = |need: Option<Need>| format!("?{}", query(&Question { need, ..question.clone() }));
    let unit = phrases::unit_of_tablets(language);
    let of_need = |need: Need| {
        let count = totals.with(need);
        Tile {
            id: need.code(),
            address: Some(address(Some(need))),
            is_current: question.need == Some(need),
            label: match need {
                Need::Silent => tablet_phrases::silent_tile(language, question.silent_hours),
                _ => need_words::state(language, need).to_owned(),
            },
            count: phrases::number(count as u64),
            unit,
            mark: if count == 0 { Mark::Plain } else { Mark::of(need) },
        }
    };
    let all = Tile {
        id: "all",
        address: Some(address(None)),
        is_current: question.need.is_none(),
        label: format!("{}: {}", words(language).tile_tablets, fleet_words(language).any_need),
        count: phrases::number(totals.tablets as u64),
        unit,
        mark: Mark::Plain,
    };
    let stored = Tile {
        id: "stored",
        address: None,
        is_current: false,
        label: words(language).tile_stored.to_owned(),
        count: phrases::number(totals.stored),
        unit: phrases::unit_of_entries(language),
        mark: Mark::Plain,
    };
    let needs = Need::ALL.into_iter().filter(|need| *need != Need::Nothing).map(of_need);
    needs.chain([all, stored]).collect()
}
