//! Which tablets somebody asks for, and those that are. Pure.
//!
//! Must not: read a clock, or look anything up but in the table of municipalities.

use std::collections::BTreeSet;

use record::{Municipality, MunicipalityCode, MunicipalityTable};

use super::{
    TabletState, TabletStatus,
    needs::{Measure, Need, Needs, rank},
};

/// Lengths of silence one may ask for, in hours.
pub const SILENT_HOURS: [i64; 5] = [1, 6, 24, 72, 168];
/// The one that holds if nothing is asked.
pub const USUAL_SILENT_HOURS: i64 = 24;
/// The most characters of a text that is looked for.
pub const MOST_TEXT: usize = 40;

/// Which tablets are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Only those with this need.
    pub need: Option<Need>,
    /// After how many hours a tablet counts as silent; one of [`SILENT_HOURS`].
    pub silent_hours: i64,
    /// Only those of municipalities whose name or reading holds this, or whose code begins with it; empty for all.
    pub municipality: String,
    /// Only those whose number or name holds this; empty for all.
    pub text: String,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            need: None,
            silent_hours: USUAL_SILENT_HOURS,
            municipality: String::new(),
            text: String::new(),
        }
    }
}

/// How many tablets need what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// All that municipality and text leave.
    pub tablets: usize,
    /// Of each of [`Need::ALL`], in that order; a tablet counts for each of its needs.
    pub with: [usize; Need::ALL.len()],
    /// That need any help.
    pub need_help: usize,
    /// Kept entries of all of them.
    pub stored: u64,
}

impl Totals {
    /// How many have that need.
    #[must_use]
    pub fn with(&self, need: Need) -> usize {
        self.with[need as usize]
    }
}

/// What was asked for.
#[derive(Debug)]
pub struct Selection<'a> {
    /// Of all that municipality and text leave, whatever they need.
    pub totals: Totals,
    /// Those with the need asked for, who needs help most first.
    pub tablets: Vec<(&'a TabletStatus, Needs)>,
    /// Whether no municipality is of that name or code.
    pub is_nowhere: bool,
}

/// Finds them.
#[must_use]
pub fn select<'a>(fleet: &'a [TabletStatus], question: &Question, now: record::WallTime) -> Selection<'a> {
    let measure = Measure { now, silent_after_ms: question.silent_hours.saturating_mul(3_600_000) };
    let places = (!question.municipality.is_empty()).then(|| municipalities(&question.municipality));
    let text = folded(&question.text);
    let mut totals = Totals::default();
    let mut tablets = Vec::new();
    for tablet in fleet {
        let is_there = places.as_ref().is_none_or(|codes| codes.contains(&tablet.tablet_id.municipality()));
        if !is_there || !is_called(tablet, &text) {
            continue;
        }
        let needs = tablet.needs(measure);
        totals.count(tablet, needs);
        if question.need.is_none_or(|need| needs.has(need)) {
            tablets.push((tablet, needs));
        }
    }
    tablets.sort_by_cached_key(|(tablet, needs)| rank(tablet, *needs));
    Selection { totals, tablets, is_nowhere: places.is_some_and(|codes| codes.is_empty()) }
}

impl Totals {
    fn count(&mut self, tablet: &TabletStatus, needs: Needs) {
        self.tablets += 1;
        needs.all().for_each(|need| self.with[need as usize] += 1);
        self.need_help += usize::from(needs.first().asks_for_help());
        if let TabletState::Enrolled(tablet) = &tablet.state {
            self.stored += tablet.stored();
        }
    }
}

/// Every municipality whose name or reading holds the text, or whose code begins with it.
#[must_use]
pub fn municipalities(text: &str) -> BTreeSet<MunicipalityCode> {
    let text = folded(text);
    let is_of = |place: &Municipality| {
        place.full_name().contains(&text)
            || place.kana.contains(&text)
            || place.code.to_string().starts_with(&text)
    };
    MunicipalityTable::shipped().iter().filter(|place| is_of(place)).map(|place| place.code).collect()
}

fn is_called(tablet: &TabletStatus, text: &str) -> bool {
    text.is_empty()
        || folded(tablet.name.as_str()).contains(text)
        || tablet.tablet_id.to_string().contains(text)
}

/// As people type it: wide letters and digits as narrow ones, small letters for large, no spaces, one kind of hyphen.
fn folded(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '！'..='～' => char::from_u32(letter as u32 - '！' as u32 + '!' as u32).unwrap_or(letter),
        '−' | '‐' | '–' => '-',
        other => other,
    };
    let spoken = text.chars().filter(|letter| !letter.is_whitespace()).map(narrow);
    spoken.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{EpochStatus, needs::SILENT_AFTER_MS, sample::*};

    fn fleet() -> Vec<TabletStatus> {
        let review = vec![EpochStatus { needs_review: 2, ..epoch(1, 9, 9, 9) }];
        let fine = || vec![epoch(1, 9, 9, 9)];
        vec![
            tablet(1, 60_000, fine()),
            tablet(2, 1_000, fine()),
            tablet(3, SILENT_AFTER_MS, fine()),
            tablet(4, 3 * SILENT_AFTER_MS, fine()),
            tablet(5, 0, review),
            tablet(6, 0, vec![epoch(1, 9, 9, 8)]),
            TabletStatus { state: TabletState::Invited { invited_at: NOW }, ..tablet(7, 0, vec![]) },
        ]
    }
    fn numbers(selection: &Selection<'_>) -> Vec<u32> {
        selection.tablets.iter().map(|(tablet, _)| tablet.tablet_id.number()).collect()
    }
    fn asked(change: impl FnOnce(&mut Question)) -> Question {
        let mut question = Question::default();
        change(&mut question);
        question
    }

    #[test]
    fn who_needs_help_most_stands_first() {
        let fleet = fleet();
        let all = select(&fleet, &Question::default(), NOW);
        assert_eq!(numbers(&all), [6, 5, 4, 3, 7, 2, 1]);
        let counted = |need| all.totals.with(need);
        assert_eq!((all.totals.tablets, all.totals.need_help, all.totals.stored), (7, 4, 9 * 5 + 8));
        assert_eq!((counted(Need::MissingEntries), counted(Need::Review)), (1, 1));
        assert_eq!((counted(Need::Silent), counted(Need::Invited), counted(Need::Nothing)), (2, 1, 2));
    }

    #[test]
    fn a_need_leaves_those_that_have_it_and_counts_all() {
        let fleet = fleet();
        let silent = select(&fleet, &asked(|question| question.need = Some(Need::Silent)), NOW);
        assert_eq!((numbers(&silent), silent.totals.tablets), (vec![4, 3], 7));
        let longer = asked(|question| {
            question.need = Some(Need::Silent);
            question.silent_hours = 72;
        });
        let longer = select(&fleet, &longer, NOW);
        assert_eq!((numbers(&longer), longer.totals.with(Need::Silent)), (vec![4], 1));
    }

    #[test]
    fn a_tablet_is_found_by_its_name_or_number_however_it_is_typed() {
        let mut fleet = fleet();
        fleet[1].name = "第２会場 受付Ａ".parse().unwrap();
        for text in ["0002", "131130-0002", "１３１１３０-０００２", "第2会場", "受付a", "第２会場受付"]
        {
            let found = select(&fleet, &asked(|question| question.text = text.to_owned()), NOW);
            assert_eq!((numbers(&found), found.totals.tablets), (vec![2], 1), "{text}");
        }
        let nobody = select(&fleet, &asked(|question| question.text = "8642097531".to_owned()), NOW);
        assert!(nobody.tablets.is_empty() && !nobody.is_nowhere);
    }

    #[test]
    fn a_municipality_is_found_by_name_reading_code_or_prefecture() {
        let fleet = fleet();
        for text in ["渋谷区", "しぶや", "131130", "１３１１３", "東京都"] {
            let found = select(&fleet, &asked(|question| question.municipality = text.to_owned()), NOW);
            assert_eq!((found.tablets.len(), found.is_nowhere), (7, false), "{text}");
        }
        let elsewhere = select(&fleet, &asked(|question| question.municipality = "千代田区".to_owned()), NOW);
        assert_eq!((elsewhere.tablets.len(), elsewhere.is_nowhere), (0, false));
        let nowhere = select(&fleet, &asked(|question| question.municipality = "架空市".to_owned()), NOW);
        assert!(nowhere.is_nowhere);
    }
}
