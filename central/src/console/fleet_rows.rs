//! What the fleet's rows show, made ready as texts: the template only lays them out.
//!
//! Must not: hold anything of a person.

use record::{Municipality, MunicipalityTable, TabletId, WallTime};

use super::{
    language::Language,
    page::Frame,
    phrases::{self, Completeness},
    words::Words,
};
use crate::{
    fleet::{self, EnrolledTablet, Missing, Need, TabletState, TabletStatus, Totals},
    state::Central,
    storage::StorageError,
};

/// Rows of one page; the ones that need help stand first.
const ROWS: usize = 100;
/// Runs of missing positions named in a row.
const RUNS: usize = 4;

/// All that the rows' template shows.
pub(super) struct Rows {
    pub(super) tiles: Vec<Tile>,
    pub(super) what_to_do: String,
    pub(super) as_of: String,
    pub(super) rows: Vec<Row>,
    pub(super) page: usize,
    pub(super) shown: Option<String>,
    pub(super) has_next: bool,
}

pub(super) struct Tile {
    pub(super) label: &'static str,
    pub(super) count: String,
    pub(super) unit: &'static str,
    pub(super) mark: Mark,
}

pub(super) struct Row {
    pub(super) tablet_id: String,
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) mark: Mark,
    pub(super) state: &'static str,
    pub(super) stored: String,
    pub(super) on_their_way: Option<String>,
    pub(super) missing: Vec<String>,
    pub(super) review: Option<String>,
    pub(super) contact: Option<Contact>,
    pub(super) clock_wrong: Option<String>,
    pub(super) program: Option<String>,
}

pub(super) struct Contact {
    pub(super) at: String,
    pub(super) machine: String,
    pub(super) ago: String,
}

/// Colour and shape of a state; the word stands beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Stop,
    Person,
    Quiet,
    Awaited,
    Safe,
    Plain,
}

impl Mark {
    /// Class of the element, and id of the shape.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Person => "person",
            Self::Quiet => "quiet",
            Self::Awaited => "awaited",
            Self::Safe => "safe",
            Self::Plain => "plain",
        }
    }
    fn of(need: Need) -> Self {
        match need {
            Need::MissingEntries => Self::Stop,
            Need::Review => Self::Person,
            Need::Silent => Self::Quiet,
            Need::Invited => Self::Awaited,
            Need::Nothing => Self::Safe,
        }
    }
}

impl Frame {
    /// Every state with its shape and what to do.
    pub(super) fn legend(&self) -> [(Mark, &'static str, &'static str); 5] {
        [Need::MissingEntries, Need::Review, Need::Silent, Need::Invited, Need::Nothing].map(|need| {
            let (state, help) = state_words(self.words, need);
            (Mark::of(need), state, help)
        })
    }
}

/// The rows of that page, as of now.
pub(super) async fn rows(central: &Central, frame: &Frame, page: usize) -> Result<Rows, StorageError> {
    let now = central.clock.now();
    let mut fleet = central.storage.fleet().await?;
    let totals = fleet::totals(&fleet, now);
    fleet::sort_by_need(&mut fleet, now);
    let need_help = |tablet: &&TabletStatus| {
        matches!(tablet.need(now), Need::MissingEntries | Need::Review | Need::Silent)
    };
    let what_to_do = phrases::what_to_do(frame.language, fleet.iter().filter(need_help).count());
    let first = page.saturating_mul(ROWS).min(fleet.len());
    let last = first.saturating_add(ROWS).min(fleet.len());
    let mut rows = Vec::with_capacity(last - first);
    for tablet in &fleet[first..last] {
        let missing = missing(central, frame.language, tablet).await?;
        rows.push(row(frame, tablet, missing, now));
    }
    let shown = (fleet.len() > ROWS).then(|| phrases::rows_shown(frame.language, first + 1, last, &totals));
    Ok(Rows {
        tiles: tiles(frame, &totals),
        what_to_do,
        as_of: phrases::as_of(frame.language, now),
        rows,
        page,
        shown,
        has_next: last < fleet.len(),
    })
}

/// The missing runs of a tablet, a line for each of its databases that lacks something.
async fn missing(
    central: &Central,
    language: Language,
    tablet: &TabletStatus,
) -> Result<Vec<String>, StorageError> {
    let TabletState::Enrolled(enrolled) = &tablet.state else { return Ok(Vec::new()) };
    let mut lines = Vec::new();
    for epoch in &enrolled.epochs {
        let mut runs: Vec<Missing> = Vec::new();
        if epoch.stored < epoch.highest_position {
            runs = central.storage.missing(tablet.tablet_id, epoch.epoch, RUNS as u32 + 1).await?;
        }
        runs.extend(enrolled.missing_end(epoch));
        if runs.is_empty() {
            continue;
        }
        let named = (enrolled.epochs.len() > 1).then_some(epoch.epoch);
        let is_all = if runs.len() > RUNS { Completeness::MoreFollow } else { Completeness::All };
        runs.truncate(RUNS);
        lines.push(phrases::missing(language, named, &runs, is_all));
    }
    Ok(lines)
}

fn tiles(frame: &Frame, totals: &Totals) -> Vec<Tile> {
    let unit = phrases::unit_of_tablets(frame.language);
    let tile = |label, count: usize, mark| {
        let mark = if count == 0 { Mark::Plain } else { mark };
        Tile { label, count: phrases::number(count as u64), unit, mark }
    };
    vec![
        tile(frame.words.tile_missing, totals.missing, Mark::Stop),
        tile(frame.words.tile_review, totals.review, Mark::Person),
        tile(frame.words.tile_silent, totals.silent, Mark::Quiet),
        tile(frame.words.tile_tablets, totals.tablets, Mark::Plain),
        Tile {
            label: frame.words.tile_stored,
            count: phrases::number(totals.stored),
            unit: phrases::unit_of_entries(frame.language),
            mark: Mark::Plain,
        },
    ]
}

fn row(frame: &Frame, tablet: &TabletStatus, missing: Vec<String>, now: WallTime) -> Row {
    let need = tablet.need(now);
    let (state, _) = state_words(frame.words, need);
    let bare = Row {
        tablet_id: tablet.tablet_id.to_string(),
        name: tablet.name.to_string(),
        owner: owner(tablet.tablet_id),
        mark: Mark::of(need),
        state,
        stored: phrases::number(0),
        on_their_way: None,
        missing,
        review: None,
        contact: None,
        clock_wrong: None,
        program: None,
    };
    match &tablet.state {
        TabletState::Invited { .. } => bare,
        TabletState::Enrolled(enrolled) => enrolled_row(frame.language, enrolled, bare, now),
    }
}

/// 市区町村 that owns the tablet, as on its papers.
fn owner(tablet_id: TabletId) -> String {
    let municipality = MunicipalityTable::shipped().find(tablet_id.municipality());
    municipality.map_or_else(String::new, Municipality::full_name)
}

fn enrolled_row(language: Language, tablet: &EnrolledTablet, bare: Row, now: WallTime) -> Row {
    let at = tablet.last_contact_at;
    let (on_their_way, review) = (tablet.on_their_way(), tablet.needs_review());
    Row {
        stored: phrases::number(tablet.stored()),
        on_their_way: (on_their_way > 0).then(|| phrases::on_their_way(language, on_their_way)),
        review: (review > 0).then(|| phrases::number(review)),
        contact: Some(Contact {
            at: phrases::at(at, now),
            machine: at.to_string(),
            ago: phrases::ago(language, at, now),
        }),
        clock_wrong: tablet.clock_offset_ms().and_then(|offset_ms| phrases::clock(language, offset_ms)),
        program: Some(tablet.program.as_str().to_owned()),
        ..bare
    }
}

fn state_words(words: &Words, need: Need) -> (&'static str, &'static str) {
    match need {
        Need::MissingEntries => (words.state_missing, words.help_missing),
        Need::Review => (words.state_review, words.help_review),
        Need::Silent => (words.state_silent, words.help_silent),
        Need::Invited => (words.state_invited, words.help_invited),
        Need::Nothing => (words.state_nothing, words.help_nothing),
    }
}
