//! What the fleet's rows show, made ready as texts: the template only lays them out.
//!
//! Must not: hold anything of a person.

use record::{Municipality, MunicipalityTable, TabletId, WallTime};

use super::{
    asked::{query, with},
    language::Language,
    mark::Mark,
    need_words,
    page::Frame,
    phrases::{self, Completeness},
    tablet_phrases,
    tiles::{Tile, tiles},
};
use crate::{
    fleet::{
        EnrolledTablet, Missing, TabletState, TabletStatus,
        needs::{Need, Needs},
        question::{Question, select},
    },
    state::Central,
    storage::StorageError,
};

/// Rows of one page; the ones that need help stand first.
const ROWS: usize = 100;
/// Runs of missing positions named in a row.
const RUNS: usize = 4;

/// All that the rows' template shows.
pub(super) struct Rows {
    pub(super) question: Question,
    /// The question as it stands in an address, with `&` at its end where it is not empty.
    pub(super) kept: String,
    pub(super) is_empty_fleet: bool,
    pub(super) is_nowhere: bool,
    pub(super) tiles: Vec<Tile>,
    pub(super) what_to_do: String,
    pub(super) as_of: String,
    pub(super) rows: Vec<Row>,
    pub(super) page: usize,
    pub(super) shown: Option<String>,
    pub(super) has_next: bool,
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
    /// The other things it needs.
    pub(super) also: Vec<&'static str>,
}

pub(super) struct Contact {
    pub(super) at: String,
    pub(super) machine: String,
    pub(super) ago: String,
}

impl Frame {
    /// Every state with its shape and what to do.
    pub(super) fn legend(&self) -> [(Mark, &'static str, &'static str); Need::ALL.len()] {
        let words = |need| {
            (Mark::of(need), need_words::state(self.language, need), need_words::help(self.language, need))
        };
        Need::ALL.map(words)
    }
}

/// Whether somebody was told of a change and must see it, or opens a page that will be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Changed,
    Opened,
}

/// The rows of that page, as of now.
pub(super) async fn rows(
    central: &Central,
    frame: &Frame,
    question: Question,
    page: usize,
    told: Told,
) -> Result<Rows, StorageError> {
    let fleet = match told {
        Told::Changed => central.fleet.fresh(&*central.storage).await?,
        Told::Opened => central.fleet.recent(&*central.storage).await?,
    };
    let now = central.clock.now();
    let found = select(&fleet, &question, now);
    let count = found.tablets.len();
    let is_all = question.need.is_none() && question.text.is_empty() && question.municipality.is_empty();
    let what_to_do = if is_all {
        phrases::what_to_do(frame.language, found.totals.need_help)
    } else {
        tablet_phrases::found(frame.language, count)
    };
    let first = page.saturating_mul(ROWS).min(count);
    let last = first.saturating_add(ROWS).min(count);
    let mut rows = Vec::with_capacity(last - first);
    for (tablet, needs) in &found.tablets[first..last] {
        let missing = missing(central, frame.language, tablet).await?;
        rows.push(row(frame, tablet, *needs, missing, now));
    }
    Ok(Rows {
        kept: with(&query(&question), ""),
        is_empty_fleet: fleet.is_empty(),
        is_nowhere: found.is_nowhere,
        tiles: tiles(frame.language, &question, &found.totals),
        what_to_do,
        as_of: phrases::as_of(frame.language, now),
        rows,
        page,
        shown: (count > ROWS).then(|| phrases::rows_shown(frame.language, first + 1, last, count)),
        has_next: last < count,
        question,
    })
}

/// The missing runs of a tablet, a line for each of its databases that lacks something.
pub(super) async fn missing(
    central: &Central,
    language: Language,
    tablet: &TabletStatus,
) -> Result<Vec<String>, StorageError> {
    let TabletState::Enrolled(enrolled) = &tablet.state else { return Ok(Vec::new()) };
    if enrolled.missing() == 0 {
        return Ok(Vec::new()); // what was declared lost is not waited for
    }
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

fn row(frame: &Frame, tablet: &TabletStatus, needs: Needs, missing: Vec<String>, now: WallTime) -> Row {
    let need = needs.first();
    // What has a column of its own stands there.
    let also = needs.all().skip(1).filter(|need| {
        matches!(need, Need::ChainDiffers | Need::Silent | Need::LowStorage | Need::OldVersion)
    });
    let bare = Row {
        tablet_id: tablet.tablet_id.to_string(),
        name: tablet.name.to_string(),
        owner: owner(tablet.tablet_id),
        mark: Mark::of(need),
        state: need_words::state(frame.language, need),
        stored: phrases::number(0),
        on_their_way: None,
        missing,
        review: None,
        contact: None,
        clock_wrong: None,
        program: None,
        also: also.map(|need| need_words::state(frame.language, need)).collect(),
    };
    match &tablet.state {
        TabletState::Invited { .. } => bare,
        TabletState::Enrolled(enrolled) => enrolled_row(frame.language, enrolled, bare, now),
    }
}

/// 市区町村 that owns the tablet, as on its papers.
pub(super) fn owner(tablet_id: TabletId) -> String {
    let municipality = MunicipalityTable::shipped().find(tablet_id.municipality());
    municipality.map_or_else(String::new, Municipality::full_name)
}

/// When it was last heard.
pub(super) fn contact(language: Language, at: WallTime, now: WallTime) -> Contact {
    Contact { at: phrases::at(at, now), machine: at.to_string(), ago: phrases::ago(language, at, now) }
}

fn enrolled_row(language: Language, tablet: &EnrolledTablet, bare: Row, now: WallTime) -> Row {
    let (on_their_way, review) = (tablet.on_their_way(), tablet.needs_review());
    Row {
        stored: phrases::number(tablet.stored()),
        on_their_way: (on_their_way > 0).then(|| phrases::on_their_way(language, on_their_way)),
        review: (review > 0).then(|| phrases::number(review)),
        contact: Some(contact(language, tablet.last_contact_at, now)),
        clock_wrong: tablet.clock_offset_ms().and_then(|offset_ms| phrases::clock(language, offset_ms)),
        program: Some(tablet.program.as_str().to_owned()),
        ..bare
    }
}
