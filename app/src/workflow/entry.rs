//! One record: its history, and the way to correct or cancel it.
//!
//! Must not: change anything; `change` makes the new entry.

use record::{Entry, EntryContent, EntryId, Moment, entry::Corrected};
use store::HistoryRow;

use crate::workflow::{
    Effect, Event, Press,
    change::Change,
    event::Place,
    open::{Open, Page, go},
    records::Records,
};

/// The page.
#[derive(Debug)]
pub struct EntryPage {
    /// Which record was opened.
    pub entry_id: EntryId,
    /// Its history, oldest first; empty until it has come.
    pub history: Vec<HistoryRow>,
    /// The list it was opened from.
    from: Option<Box<Records>>,
}

impl EntryPage {
    /// A record whose history is about to be loaded.
    #[must_use]
    pub fn new(entry_id: EntryId) -> Self {
        Self { entry_id, history: Vec::new(), from: None }
    }
    /// The same, opened from a list, to which one comes back.
    #[must_use]
    pub fn from_list(entry_id: EntryId, list: Records) -> Self {
        Self { from: Some(Box::new(list)), ..Self::new(entry_id) }
    }
    /// The entry that stands now, if it can be changed: the last one, unless that is a cancellation.
    #[must_use]
    pub fn standing(&self) -> Option<&Entry> {
        let last = &self.history.last()?.entry;
        (!matches!(last.content, EntryContent::Cancellation(_))).then_some(last)
    }
}

/// What an entry says stands, where it says so itself.
pub(crate) fn says(content: &EntryContent) -> Option<Corrected> {
    match content {
        EntryContent::Vaccination(vaccination) => Some(Corrected::Vaccination(vaccination.clone())),
        EntryContent::ScreenedOnly(screened) => Some(Corrected::ScreenedOnly(screened.clone())),
        EntryContent::Correction(correction) => Some(correction.corrected.clone()),
        EntryContent::Cancellation(_) => None,
    }
}

pub(crate) fn step(open: &mut Open, event: Event, now: Moment) -> Vec<Effect> {
    let Page::Entry(page) = &mut open.page else { return Vec::new() };
    match event {
        Event::History(history) if history.iter().any(|row| row.entry.entry_id == page.entry_id) => {
            page.history = history;
        }
        Event::Press(press @ (Press::Correct | Press::Cancel)) => {
            if let Some(standing) = page.standing()
                && let Some(says) = says(&standing.content)
            {
                let entry_id = standing.entry_id;
                let change = match press {
                    Press::Cancel => Change::cancellation(entry_id, says),
                    _ => Change::correction(entry_id, says),
                };
                open.page = Page::Change(Box::new(change));
            }
        }
        Event::Press(Press::Back) => {
            let Some(mut list) = page.from.take() else { return go(open, Place::Records, now) };
            let effects = list.anew();
            open.page = Page::Records(*list);
            return effects;
        }
        // A receipt may have come: the state of each step is shown anew.
        Event::Tick => return vec![Effect::LoadHistory(page.entry_id)],
        _ => {}
    }
    Vec::new()
}
