//! 訂正・取消: what is right, and why. Makes an entry that names the one it changes; the old one stays.
//!
//! Must not: offer to save a correction that corrects nothing, or without a reason.

use record::{
    CalendarDate, EntryContent, EntryId, OcrLine, Witnessing,
    entry::{Cancellation, ChangeReason, Corrected, Correction},
};

use crate::workflow::{
    Effect, Press,
    confirm::Purpose,
    day::{DayEdit, Field},
    entry::EntryPage,
    keypad::Keypad,
    open::{Open, Page},
    typed::Codes,
};

/// The page.
#[derive(Debug, Clone)]
pub struct Change {
    /// The entry to be changed.
    pub of: EntryId,
    /// What it says.
    pub before: Corrected,
    /// What is to be done with it.
    pub action: Action,
    /// Why, once chosen.
    pub reason: Option<ChangeReason>,
    /// Whether it is being kept.
    pub keeping: bool,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub enum Action {
    /// 取消.
    Cancel,
    /// 訂正: the number and the day's rows as they should be.
    Correct {
        /// The number and its witnesses.
        number: (OcrLine, Witnessing),
        /// The rows of the day.
        day: Box<DayEdit>,
    },
}

impl Change {
    /// Cancels that entry.
    #[must_use]
    pub fn cancellation(of: EntryId, before: Corrected) -> Self {
        Self { of, before, action: Action::Cancel, reason: None, keeping: false }
    }
    /// Corrects that entry; everything begins as it was.
    #[must_use]
    pub fn correction(of: EntryId, before: Corrected) -> Self {
        let (number, day) = match &before {
            Corrected::Vaccination(vaccination) => {
                ((vaccination.coupon, vaccination.witnessed), DayEdit::of(&vaccination.day))
            }
            Corrected::ScreenedOnly(screened) => (
                (screened.coupon, screened.witnessed),
                DayEdit {
                    date: Some(screened.screened_on),
                    site: Some(screened.site.clone()),
                    physician: Some(screened.physician.clone()),
                    ..DayEdit::default()
                },
            ),
        };
        Self {
            of,
            before,
            action: Action::Correct { number, day: Box::new(day) },
            reason: None,
            keeping: false,
        }
    }
    /// The rows of the day that a record of this kind has.
    #[must_use]
    pub fn fields(&self) -> &'static [Field] {
        match &self.before {
            Corrected::Vaccination(_) => &Field::ALL,
            Corrected::ScreenedOnly(_) => &[Field::Date, Field::Site, Field::Physician],
        }
    }
    /// A person compared another number with the paper.
    pub(crate) fn number(&mut self, line: OcrLine, witnessed: Witnessing) {
        if let Action::Correct { number, .. } = &mut self.action {
            *number = (line, witnessed);
        }
    }
    /// What would be right now; none for a cancellation.
    #[must_use]
    pub fn after(&self) -> Option<Corrected> {
        let Action::Correct { number: (coupon, witnessed), day } = &self.action else { return None };
        match &self.before {
            Corrected::Vaccination(vaccination) => {
                let mut right = vaccination.clone();
                (right.coupon, right.witnessed, right.day) = (*coupon, *witnessed, day.complete()?);
                Some(Corrected::Vaccination(right))
            }
            Corrected::ScreenedOnly(screened) => {
                let mut right = screened.clone();
                (right.coupon, right.witnessed) = (*coupon, *witnessed);
                (right.screened_on, right.site, right.physician) =
                    (day.date?, day.site.clone()?, day.physician.clone()?);
                Some(Corrected::ScreenedOnly(right))
            }
        }
    }
    /// The entry's content, once there is a reason and, for a correction, something to correct.
    #[must_use]
    pub fn complete(&self) -> Option<EntryContent> {
        let reason = self.reason?;
        match &self.action {
            Action::Cancel => Some(EntryContent::Cancellation(Cancellation { cancels: self.of, reason })),
            Action::Correct { .. } => {
                let corrected = self.after().filter(|after| *after != self.before)?;
                Some(EntryContent::Correction(Correction { replaces: self.of, reason, corrected }))
            }
        }
    }
    /// The open list of a row.
    #[must_use]
    pub fn choosing(&self) -> Option<(Field, &DayEdit)> {
        match &self.action {
            Action::Correct { day, .. } => day.choosing.map(|field| (field, &**day)),
            Action::Cancel => None,
        }
    }
}

pub(crate) fn step(open: &mut Open, press: Press, today: Option<CalendarDate>) -> Vec<Effect> {
    let Page::Change(change) = &mut open.page else { return Vec::new() };
    if change.keeping {
        return Vec::new();
    }
    match press {
        Press::Reason(index) => change.reason = ChangeReason::ALL.get(index).copied(),
        Press::ChangeNumber => {
            if matches!(change.action, Action::Correct { .. }) {
                let purpose = Purpose::Correction(change.clone());
                open.page = Page::Keypad(Box::new(Keypad::new(None, Codes::default(), purpose)));
            }
        }
        Press::Done => {
            if let Some(content) = change.complete() {
                change.keeping = true;
                let content = Box::new(content);
                return vec![Effect::Keep { content, staff_id: open.staff_id.clone(), capture: None }];
            }
        }
        Press::Back => {
            if let Action::Correct { day, .. } = &mut change.action
                && day.choosing.take().is_some()
            {
                return Vec::new();
            }
            let entry_id = change.of;
            open.page = Page::Entry(EntryPage::new(entry_id));
            return vec![Effect::LoadHistory(entry_id)];
        }
        press => {
            if let Action::Correct { day, .. } = &mut change.action {
                day.press(&press, &open.profile, today);
            }
        }
    }
    Vec::new()
}
