//! 記録: the list, newest first, what needs a person before all.
//!
//! Must not: hold more of the list than was looked at.

use store::{ListFilter, ListRow};

use crate::workflow::{
    Effect, Event, Press,
    effect::LIST_ROWS,
    entry::EntryPage,
    open::{Open, Page},
};

/// The page.
#[derive(Debug)]
pub struct Records {
    /// Which list.
    pub filter: ListFilter,
    /// Its rows so far.
    pub rows: Vec<ListRow>,
    /// Whether there may be more.
    pub has_more: bool,
    /// Whether the first rows have come.
    pub loaded: bool,
}

impl Records {
    /// A list that is about to be loaded.
    #[must_use]
    pub fn new(filter: ListFilter) -> Self {
        Self { filter, rows: Vec::new(), has_more: false, loaded: false }
    }
}

pub(crate) fn step(open: &mut Open, event: Event) -> Vec<Effect> {
    let Page::Records(records) = &mut open.page else { return Vec::new() };
    match event {
        Event::Press(Press::Filter(filter)) => {
            *records = Records::new(filter);
            return vec![Effect::Count, Effect::List { filter, offset: 0 }];
        }
        Event::Press(Press::More) if records.has_more => {
            return vec![Effect::List { filter: records.filter, offset: records.rows.len() }];
        }
        Event::Listed { filter, offset, rows }
            if filter == records.filter && offset == records.rows.len() =>
        {
            records.has_more = rows.len() == LIST_ROWS;
            records.loaded = true;
            records.rows.extend(rows);
        }
        Event::Press(Press::OpenRecord(entry_id)) => {
            open.page = Page::Entry(EntryPage::new(entry_id));
            return vec![Effect::LoadHistory(entry_id)];
        }
        _ => {}
    }
    Vec::new()
}
