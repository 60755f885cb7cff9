//! 内容の比較: what each entry of a case says, side by side, with what differs marked.
//!
//! Must not: say which one is right.

use record::{
    EntryId, OcrLine, WallTime,
    entry::{ChangeReason, EntryContent, Vaccination},
    witness::{Witness, Witnessing},
};

use super::{phrases, words::Words};
use crate::{
    case::{Candidate, Case, Choice},
    console::{language::Language, phrases as console_phrases},
};

/// The table.
pub(super) struct Comparison {
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Row>,
}

/// One entry.
pub(super) struct Head {
    pub(super) name: String,
    /// Class and shape of its state.
    pub(super) mark: &'static str,
    pub(super) state: &'static str,
    /// Its hash, by which a form names it; empty where it cannot be chosen.
    pub(super) hash: String,
    pub(super) choose: String,
    /// Why it cannot be chosen.
    pub(super) why_not: Option<&'static str>,
}

/// One thing that all of them say.
pub(super) struct Row {
    pub(super) label: &'static str,
    pub(super) differs: bool,
    pub(super) cells: Vec<Cell>,
}

/// What one entry says of it.
pub(super) struct Cell {
    pub(super) head: String,
    pub(super) text: String,
    /// Another text than the first entry's.
    pub(super) other: bool,
}

/// Whether a row's differences say anything: two entries are always of two moments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Content,
    Circumstance,
}

/// The table of that case.
pub(super) fn comparison(language: Language, words: &Words, case: &Case, now: WallTime) -> Comparison {
    let heads: Vec<Head> =
        (1..).zip(&case.candidates).map(|(place, one)| head(language, words, case, place, one)).collect();
    let row = |label, weight, say: &dyn Fn(&Candidate) -> String| {
        let texts: Vec<String> = case.candidates.iter().map(say).collect();
        let first = texts.first().cloned().unwrap_or_default();
        let differs = weight == Weight::Content && texts.iter().any(|text| *text != first);
        let cells = heads.iter().zip(texts).map(|(head, text)| Cell {
            head: head.name.clone(),
            other: differs && text != first,
            text,
        });
        Row { label, differs, cells: cells.collect() }
    };
    let told = |one: &Candidate, say: &dyn Fn(&Vaccination) -> String| {
        one.vaccination().map_or_else(|| words.nothing_said.to_owned(), say)
    };
    let (content, circumstance) = (Weight::Content, Weight::Circumstance);
    let rows = vec![
        row(words.kind, content, &|one| kind(language, words, case, one)),
        row(words.coupon, content, &|one| told(one, &|said| grouped(said.coupon))),
        row(words.dose, content, &|one| told(one, &|said| phrases::dose(language, said.day.dose))),
        row(words.vaccinated_on, content, &|one| {
            told(one, &|said| said.day.vaccinated_on.to_string().replace('-', "/"))
        }),
        row(words.site, content, &|one| {
            told(one, &|said| format!("{} ({})", said.day.site.name, said.day.site.facility_code))
        }),
        row(words.physician, content, &|one| told(one, &|said| said.day.physician.to_string())),
        row(words.vaccine, content, &|one| {
            told(one, &|said| format!("{} {}", said.day.vaccine.manufacturer, said.day.vaccine.product))
        }),
        row(words.lot, content, &|one| told(one, &|said| said.day.lot.to_string())),
        row(words.witnessed, circumstance, &|one| told(one, &|said| witnesses(words, &said.witnessed))),
        row(words.tablet, circumstance, &|one| one.tablet_id.to_string()),
        row(words.staff, circumstance, &|one| one.entry.staff_id.as_str().to_owned()),
        row(words.recorded_at, circumstance, &|one| console_phrases::at(one.entry.recorded_at, now)),
        row(words.received_at, circumstance, &|one| console_phrases::at(one.received_at, now)),
    ];
    Comparison { heads, rows }
}

fn head(language: Language, words: &Words, case: &Case, place: usize, one: &Candidate) -> Head {
    let (mark, state) = match (one.stands, one.waits, case.decisions.is_empty()) {
        (true, _, true) => ("safe", words.stands),
        (true, _, false) => ("safe", words.decided_to_stand),
        (false, true, _) => ("person", words.waits),
        (false, false, _) => ("awaited", words.not_chosen),
    };
    let why_not = match one.choice {
        Choice::Possible => None,
        Choice::NothingOfThisDose if one.takes_back() => Some(words.is_cancellation),
        Choice::NothingOfThisDose => Some(words.leads_elsewhere),
        Choice::StandsElsewhere => Some(words.stands_elsewhere),
    };
    let hash = if why_not.is_none() { one.content.hash.to_string() } else { String::new() };
    let name = phrases::entry_name(language, place);
    Head { choose: phrases::choose(language, &name), name, mark, state, hash, why_not }
}

fn kind(language: Language, words: &Words, case: &Case, one: &Candidate) -> String {
    let (of, reason) = match &one.entry.content {
        EntryContent::Correction(correction) => (correction.replaces, correction.reason),
        EntryContent::Cancellation(cancellation) => (cancellation.cancels, cancellation.reason),
        EntryContent::Vaccination(_)
        | EntryContent::ScreenedOnly(_)
        | EntryContent::Closing(_)
        | EntryContent::Stock(_) => {
            return words.vaccination.to_owned();
        }
    };
    let of = name_of(language, case, of).unwrap_or_else(|| words.another_entry.to_owned());
    phrases::change(language, one.takes_back(), &of, reason_word(words, reason))
}

fn name_of(language: Language, case: &Case, entry_id: EntryId) -> Option<String> {
    let place = case.candidates.iter().position(|one| one.content.entry_id == entry_id)?;
    Some(phrases::entry_name(language, place + 1))
}

pub(super) fn reason_word(words: &Words, reason: ChangeReason) -> &'static str {
    match reason {
        ChangeReason::WrongNumber => words.wrong_number,
        ChangeReason::WrongDaySettings => words.wrong_day_settings,
        ChangeReason::RecordedTwice => words.recorded_twice,
        ChangeReason::NotVaccinated => words.not_vaccinated,
        ChangeReason::TakenBackAtOnce => words.taken_back_at_once,
    }
}

/// 1-1-6-10, as it is printed.
fn grouped(line: OcrLine) -> String {
    format!("{} {} {} {}", line.kind(), line.dose(), line.municipality(), line.number())
}

/// Everything that any digit was witnessed by.
fn witnesses(words: &Words, witnessed: &Witnessing) -> String {
    let all = [
        (Witness::OcrLine, words.by_ocr),
        (Witness::Qr, words.by_qr),
        (Witness::Nw7, words.by_nw7),
        (Witness::Keyed, words.by_keys),
        (Witness::KeyedAgain, words.by_keys_again),
        (Witness::Expected, words.by_expectation),
        (Witness::Person, words.by_eye),
    ];
    let by = all.iter().filter(|(witness, _)| witnessed.sets().iter().any(|set| set.has(*witness)));
    by.map(|(_, word)| *word).collect::<Vec<_>>().join(words.list_separator)
}
