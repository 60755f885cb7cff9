//! Lines of an allocation as pages show them.
//!
//! Must not: show a line that whoever asks may not see; whoever calls brings those that may be.

use super::{
    explained::explained,
    phrases::{boxes, doses, party, party_code, people, rate},
    rates::{Pair, pair, scale},
};
use crate::{
    console::{language::Language, phrases::number},
    stock::allocating::lines::AllocationLine,
};

/// One line.
pub(super) struct Row {
    pub(super) party: String,
    pub(super) code: String,
    pub(super) ordered: String,
    pub(super) gets: String,
    pub(super) doses: String,
    pub(super) explained: Vec<String>,
    /// People, delivered and recorded doses, as it was computed from.
    pub(super) figures: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) pair: Option<Pair>,
}

/// What the whole length of their bars stands for: `25%`.
pub(super) fn whole_bar(lines: &[AllocationLine<'_>]) -> String {
    format!("{}%", number(scale_of(lines) / 10))
}

fn scale_of(lines: &[AllocationLine<'_>]) -> u64 {
    let rates =
        |line: &AllocationLine<'_>| [line.share.rate_before.per_mille(), line.rate_after().per_mille()];
    scale(lines.iter().flat_map(rates))
}

/// The rows of these lines, on one scale.
pub(super) fn rows(language: Language, lines: &[AllocationLine<'_>]) -> Vec<Row> {
    let scale = scale_of(lines);
    lines.iter().map(|line| row(language, line, scale)).collect()
}

fn row(language: Language, line: &AllocationLine<'_>, scale: u64) -> Row {
    let (order, before, after) = (&line.share.order, line.share.rate_before, line.rate_after());
    let (delivered, recorded) = (number(order.delivered), number(order.recorded));
    let people = people(language, order.people);
    Row {
        party: party(order.party),
        code: party_code(order.party),
        ordered: boxes(language, order.boxes),
        gets: boxes(language, line.boxes()),
        doses: doses(language, line.doses()),
        explained: explained(language, line),
        figures: match language {
            Language::Japanese => format!("12歳以上 {people}、納入 {delivered}回、記録 {recorded}回"),
            Language::English => format!("{people}, {delivered} doses delivered, {recorded} recorded"),
        },
        before: rate(language, before),
        after: rate(language, after),
        pair: pair(scale, before.per_mille(), after.per_mille()),
    }
}
