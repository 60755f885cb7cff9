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
    /// Where it was opened from.
    from: From,
}

/// Where a record was opened from, and where one comes back to.
#[derive(Debug)]
enum From {
    /// Anywhere else: the list as it begins.
    Elsewhere,
    /// A list, or what was found.
    List(Box<Records>),
    /// The closing.
    Closing,
}

impl EntryPage {
    /// A record whose history is about to be loaded.
    #[must_use]
    pub fn new(entry_id: EntryId) -> Self {
        Self { entry_id, history: Vec::new(), from: From::Elsewhere }
    }
    /// The same, opened from a list, to which one comes back.
    #[must_use]
    pub fn from_list(entry_id: EntryId, list: Records) -> Self {
        Self { from: From::List(Box::new(list)), ..Self::new(entry_id) }
    }
    /// The same, opened from the closing, to which one comes back.
    #[must_use]
    pub fn from_closing(entry_id: EntryId) -> Self {
        Self { from: From::Closing, ..Self::new(entry_id) }
    }
    /// The entry that stands now, if it can be changed: the last one, unless that is a cancellation. A closing is not
    /// changed; the day is closed once more. Nor is stock; it is counted.
    #[must_use]
    pub fn standing(&self) -> Option<&Entry> {
        let last = &self.history.last()?.entry;
        says(&last.content).is_some().then_some(last)
    }
}

/// What an entry says stands, where it says so itself.
pub(crate) fn says(content: &EntryContent) -> Option<Corrected> {
    match content {
        EntryContent::Vaccination(vaccination) => Some(Corrected::Vaccination(vaccination.clone())),
        EntryContent::ScreenedOnly(screened) => Some(Corrected::ScreenedOnly(screened.clone())),
        EntryContent::Correction(correction) => Some(correction.corrected.clone()),
        EntryContent::Cancellation(_) | EntryContent::Closing(_) | EntryContent::Stock(_) => None,
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
            return match std::mem::replace(&mut page.from, From::Elsewhere) {
                From::Elsewhere => go(open, Place::Records, now),
                From::Closing => go(open, Place::Closing, now),
                From::List(mut list) => {
                    let effects = list.anew();
                    open.page = Page::Records(*list);
                    effects
                }
            };
        }
        // A receipt may have come: the state of each step is shown anew.
        Event::Tick => return vec![Effect::LoadHistory(page.entry_id)],
        _ => {}
    }
    Vec::new()
}
