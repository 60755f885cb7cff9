//! 記録: the list, newest first, what needs a person before all; and the search for a paper's record by the end of its
//! number.
//!
//! Must not: hold more of the list than was looked at.

use record::Moment;
use scanner::wedge::{self, Typed};
use store::{ListFilter, ListRow, NumberEnding};

use crate::{
    messages::{Notice, TypedProblem},
    workflow::{
        Effect, Event, Press,
        effect::LIST_ROWS,
        entry::EntryPage,
        open::{Open, Page},
    },
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
    /// What was typed of a number that is looked for; none while nobody searches.
    pub search: Option<Search>,
    /// Rows that were asked for already.
    asked: usize,
}

/// What was typed of a number: 0 to 10 ASCII digits. Part of a person's number, and hidden in `{:?}`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Search(String);

impl std::fmt::Debug for Search {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Search({} digits)", self.0.len())
    }
}

impl Search {
    /// The digits so far.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.0
    }
}

impl Records {
    /// A list that is about to be loaded.
    #[must_use]
    pub fn new(filter: ListFilter) -> Self {
        Self { filter, rows: Vec::new(), has_more: false, loaded: false, search: None, asked: 0 }
    }
    /// The first rows of another list.
    fn show(&mut self, filter: ListFilter) -> Effect {
        *self = Self { search: self.search.take(), ..Self::new(filter) };
        Effect::List { filter, offset: 0 }
    }
    /// The same list once more: states may have changed.
    pub(crate) fn anew(&mut self) -> Vec<Effect> {
        let filter = self.filter;
        vec![Effect::Count, self.show(filter)]
    }
    /// Looks for what is typed now; nothing is listed before there are enough digits.
    fn look_for(&mut self, typed: String) -> Vec<Effect> {
        let ending = typed.parse::<NumberEnding>();
        self.search = Some(Search(typed));
        match ending {
            Ok(ending) => vec![self.show(ListFilter::Ending(ending))],
            Err(_) => {
                *self = Self { search: self.search.take(), ..Self::new(ListFilter::All) };
                Vec::new()
            }
        }
    }
}

pub(crate) fn step(open: &mut Open, notice: &mut Option<Notice>, event: Event, now: Moment) -> Vec<Effect> {
    // Without a clock the day's own date decides the century of a package's expiry.
    let today = open.today(now).or(open.day.as_ref().map(|day| day.vaccinated_on));
    let Page::Records(records) = &mut open.page else { return Vec::new() };
    match event {
        Event::Press(Press::Filter(filter)) => {
            records.search = None;
            return vec![Effect::Count, records.show(filter)];
        }
        Event::Press(Press::Search) => match records.search {
            None => return records.look_for(String::new()),
            Some(_) => {
                records.search = None;
                return vec![records.show(ListFilter::All)];
            }
        },
        Event::Press(Press::Digit(digit)) if digit.is_ascii_digit() => {
            if let Some(search) = records.search.as_ref().filter(|search| search.0.len() < NumberEnding::MOST)
            {
                let typed = format!("{}{digit}", search.0);
                return records.look_for(typed);
            }
        }
        Event::Press(Press::TakeBack) => {
            if let Some(Search(mut typed)) = records.search.clone()
                && typed.pop().is_some()
            {
                return records.look_for(typed);
            }
        }
        // A USB scanner's code of the paper in hand finds its record.
        Event::Typed(text) => match today.map_or(Typed::Nothing, |today| wedge::parse(&text, today)) {
            Typed::Coupon(code) => {
                let digits = code.digits.as_str();
                let number = digits.len().saturating_sub(NumberEnding::MOST);
                return records.look_for(digits.get(number..).unwrap_or_default().to_owned());
            }
            Typed::Package(_) | Typed::Nothing => *notice = Some(Notice::Typed(TypedProblem::NoCoupon)),
        },
        Event::Press(Press::More) if records.has_more && records.asked <= records.rows.len() => {
            records.asked = records.rows.len() + 1;
            return vec![Effect::List { filter: records.filter, offset: records.rows.len() }];
        }
        Event::Listed { filter, offset, rows }
            if filter == records.filter
                && offset == records.rows.len()
                && (records.search.is_none() || matches!(filter, ListFilter::Ending(_))) =>
        {
            records.has_more = rows.len() == LIST_ROWS;
            records.loaded = true;
            records.rows.extend(rows);
        }
        Event::Press(Press::OpenRecord(entry_id)) => {
            let list = std::mem::replace(records, Records::new(ListFilter::All));
            open.page = Page::Entry(EntryPage::from_list(entry_id, list));
            return vec![Effect::LoadHistory(entry_id)];
        }
        _ => {}
    }
    Vec::new()
}
