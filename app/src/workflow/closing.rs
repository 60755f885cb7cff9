//! 本日の締め: what staff count by hand beside what the tablet holds, and where the two differ. What was typed stays while
//! one looks at a record and comes back.
//!
//! Must not: keep a closing that a person has not seen whole.

pub mod candidates;

use record::{
    CalendarDate, EntryContent, LotNumber,
    closing::{Closing, HeldDay, LotUse},
};
use store::{DayEntry, UploadState};

use crate::{
    messages::Notice,
    profile::Profile,
    workflow::{
        Effect, Event, Press,
        entry::EntryPage,
        open::{Open, Page},
    },
};

/// The longest number: [`record::closing::MOST_COUNTED`] has as many digits.
const MOST_DIGITS: usize = 4;

/// A closing while it is typed.
#[derive(Debug, Clone)]
pub struct ClosingEdit {
    /// The day that is closed.
    pub day: CalendarDate,
    /// What the tablet holds of it; none until it was counted.
    pub entries: Option<Vec<DayEntry>>,
    /// 予診票の枚数.
    pub paper_forms: Option<u32>,
    /// Each lot of the day.
    pub lots: Vec<LotCount>,
    /// The row that is typed into, and what was typed.
    pub typing: Option<(Row, String)>,
    /// Whether the lots that can still be added are listed: a vial may be thrown away before a dose of it was recorded.
    pub adding_lot: bool,
    /// Whether a person closes the day although numbers differ.
    pub set_aside: bool,
    /// Whether it is being kept.
    pub keeping: bool,
    /// Whether it is on disk as it stands.
    pub kept: bool,
}

/// What was counted of one lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotCount {
    /// ロット番号.
    pub lot: LotNumber,
    /// 使ったバイアルの数.
    pub vials: Option<u32>,
    /// 1バイアルの回数: the bundle's, until a person says otherwise.
    pub doses_per_vial: Option<u32>,
    /// 廃棄した回数.
    pub discarded: u32,
    /// Whether a person added it; nothing was recorded of it then.
    added: bool,
}

/// A number that staff type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// 予診票の枚数.
    PaperForms,
    /// 使ったバイアル of the lot at that place.
    Vials(usize),
    /// 1バイアルの回数.
    DosesPerVial(usize),
    /// 廃棄した回数.
    Discarded(usize),
}

impl ClosingEdit {
    /// Nothing typed yet.
    #[must_use]
    pub fn new(day: CalendarDate) -> Self {
        Self {
            day,
            entries: None,
            paper_forms: None,
            lots: Vec::new(),
            typing: None,
            adding_lot: false,
            set_aside: false,
            keeping: false,
            kept: false,
        }
    }

    /// Lots of the site that the closing has no row for.
    #[must_use]
    pub fn other_lots<'a>(&self, profile: &'a Profile) -> Vec<&'a LotNumber> {
        profile.lots().filter(|lot| self.lots.iter().all(|known| known.lot != **lot)).collect()
    }

    /// Only what was typed.
    #[must_use]
    pub(crate) fn without_entries(self) -> Self {
        Self {
            entries: None,
            typing: None,
            adding_lot: false,
            set_aside: false,
            keeping: false,
            kept: false,
            ..self
        }
    }

    /// The rows of the page, in order.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let of_lot = |place| [Row::Vials(place), Row::DosesPerVial(place), Row::Discarded(place)];
        std::iter::once(Row::PaperForms).chain((0..self.lots.len()).flat_map(of_lot)).collect()
    }

    /// What a row holds.
    #[must_use]
    pub fn value(&self, row: Row) -> Option<u32> {
        let lot = |place: usize| self.lots.get(place);
        match row {
            Row::PaperForms => self.paper_forms,
            Row::Vials(place) => lot(place)?.vials,
            Row::DosesPerVial(place) => lot(place)?.doses_per_vial,
            Row::Discarded(place) => Some(lot(place)?.discarded),
        }
    }

    fn set(&mut self, row: Row, value: u32) {
        (self.set_aside, self.kept) = (false, false);
        match row {
            Row::PaperForms => self.paper_forms = Some(value),
            Row::Vials(place) => self.change(place, |lot| lot.vials = Some(value)),
            Row::DosesPerVial(place) => self.change(place, |lot| lot.doses_per_vial = Some(value)),
            Row::Discarded(place) => self.change(place, |lot| lot.discarded = value),
        }
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut LotCount)) {
        if let Some(lot) = self.lots.get_mut(place) {
            change(lot);
        }
    }

    /// What was typed into the open row is taken; an empty one changes nothing.
    fn take_typed(&mut self) {
        if let Some((row, typed)) = self.typing.take()
            && let Ok(value) = typed.parse()
        {
            self.set(row, value);
        }
    }

    /// What the tablet holds: entries that stand, and those with their receipt.
    #[must_use]
    pub fn held(&self) -> HeldDay {
        let standing = || self.entries.iter().flatten().filter(|entry| entry.stands);
        let count = |wanted: &dyn Fn(&DayEntry) -> bool| {
            u32::try_from(standing().filter(|entry| wanted(entry)).count()).unwrap_or(u32::MAX)
        };
        HeldDay {
            vaccinations: count(&|entry| entry.given.is_some()),
            screened_only: count(&|entry| entry.given.is_none()),
            delivered: count(&|entry| entry.state != UploadState::Pending),
        }
    }

    /// Doses that stand of that lot.
    #[must_use]
    pub fn recorded(&self, lot: &LotNumber) -> u32 {
        let is_of_it =
            |entry: &&DayEntry| entry.stands && entry.given.as_ref().is_some_and(|(_, given)| given == lot);
        u32::try_from(self.entries.iter().flatten().filter(is_of_it).count()).unwrap_or(u32::MAX)
    }

    /// The closing, once every number is there and can be one.
    #[must_use]
    pub fn closing(&self, open: &Open) -> Option<Closing> {
        self.entries.as_ref()?;
        let used = |lot: &LotCount| {
            Some(LotUse {
                lot: lot.lot.clone(),
                vials: lot.vials?,
                doses_per_vial: lot.doses_per_vial?,
                discarded: lot.discarded,
                recorded: self.recorded(&lot.lot),
            })
        };
        let lots = self.lots.iter().map(used).collect::<Option<Vec<_>>>()?;
        let site = open.day.as_ref()?.site.clone();
        Closing::new(self.day, site, self.paper_forms?, lots, self.held()).ok()
    }

    /// The day was counted: its lots, those known keep what was typed.
    fn counted(&mut self, entries: Vec<DayEntry>, profile: &Profile, lot_of_day: &LotNumber) {
        let before = self.entries.replace(entries);
        if before != self.entries {
            (self.set_aside, self.kept) = (false, false);
        }
        let standing = self.entries.iter().flatten().filter(|entry| entry.stands);
        let mut lots: Vec<LotNumber> = vec![lot_of_day.clone()];
        lots.extend(standing.filter_map(|entry| entry.given.as_ref().map(|(_, lot)| lot.clone())));
        lots.sort();
        lots.dedup();
        for lot in lots {
            self.add(lot, profile, false);
        }
    }

    fn add(&mut self, lot: LotNumber, profile: &Profile, added: bool) {
        if self.lots.iter().all(|known| known.lot != lot) {
            let supply = profile.vaccines.iter().find(|supply| supply.lots.iter().any(|it| it.lot == lot));
            let doses_per_vial = supply.and_then(|supply| supply.doses_per_vial);
            self.lots.push(LotCount { lot, vials: None, doses_per_vial, discarded: 0, added });
        }
    }

    /// A lot that was added and that nobody typed anything of goes again.
    fn take_away(&mut self, place: usize) {
        let says_nothing = |lot: &LotCount| lot.added && lot.vials.is_none() && lot.discarded == 0;
        if self.lots.get(place).is_some_and(says_nothing) {
            self.lots.remove(place);
        }
    }
}

/// Leads to the page: today's closing as it was left, counted anew.
pub(crate) fn enter(open: &mut Open) -> Vec<Effect> {
    let Some(day) = open.day.as_ref().map(|day| day.vaccinated_on) else { return Vec::new() };
    if open.closing.as_ref().is_none_or(|closing| closing.day != day) {
        open.closing = Some(ClosingEdit::new(day));
    }
    open.page = Page::Closing;
    vec![Effect::StopWatching, Effect::Count, Effect::CountDay(day)]
}

pub(crate) fn step(open: &mut Open, notice: &mut Option<Notice>, event: Event) -> Vec<Effect> {
    let Some(closing) = &mut open.closing else { return Vec::new() };
    match event {
        Event::DayCounted { day, entries } if day == closing.day => {
            if let Some(settings) = &open.day {
                closing.counted(entries, &open.profile, &settings.lot);
            }
        }
        // A receipt may have come.
        Event::Tick if !closing.keeping => return vec![Effect::CountDay(closing.day)],
        Event::Press(press) if !closing.keeping => return pressed(open, notice, press),
        _ => {}
    }
    Vec::new()
}

fn pressed(open: &mut Open, notice: &mut Option<Notice>, press: Press) -> Vec<Effect> {
    let Some(closing) = &mut open.closing else { return Vec::new() };
    match press {
        Press::OpenRow(index) => {
            let row = closing.rows().get(index).copied();
            closing.take_typed();
            closing.adding_lot = false;
            closing.typing = row.map(|row| (row, String::new()));
            *notice = None;
        }
        Press::Digit(digit) if digit.is_ascii_digit() => {
            if let Some((_, typed)) = &mut closing.typing
                && typed.len() < MOST_DIGITS
            {
                typed.push(digit);
            }
        }
        Press::TakeBack => {
            if let Some((_, typed)) = &mut closing.typing {
                typed.pop();
            }
        }
        Press::AddLot => {
            closing.take_typed();
            closing.adding_lot = !closing.adding_lot;
        }
        Press::Choose(index) if closing.adding_lot => {
            let chosen = closing.other_lots(&open.profile).get(index).map(|lot| (*lot).clone());
            if let Some(lot) = chosen {
                closing.add(lot, &open.profile, true);
                (closing.adding_lot, closing.set_aside, closing.kept) = (false, false, false);
                closing.typing = Some((Row::Vials(closing.lots.len() - 1), String::new()));
            }
        }
        Press::Back => {
            closing.adding_lot = false;
            if let Some((Row::Vials(place), _)) = closing.typing.take() {
                closing.take_away(place);
            }
        }
        // On to the next number that is still missing.
        Press::Done if closing.typing.is_some() => {
            closing.take_typed();
            let missing = closing.rows().into_iter().find(|row| closing.value(*row).is_none());
            closing.typing = missing.map(|row| (row, String::new()));
        }
        Press::SetAside => closing.set_aside = !closing.set_aside,
        Press::Done => return keep(open),
        Press::OpenRecord(entry_id) => {
            closing.typing = None;
            open.page = Page::Entry(EntryPage::from_closing(entry_id));
            return vec![Effect::LoadHistory(entry_id)];
        }
        _ => {}
    }
    Vec::new()
}

/// Keeps the closing, where the numbers are one or a person has said that they differ.
fn keep(open: &mut Open) -> Vec<Effect> {
    let Some(content) = open.closing.as_ref().and_then(|closing| closing.closing(open)) else {
        return Vec::new();
    };
    let Some(closing) = &mut open.closing else { return Vec::new() };
    if closing.kept || !(content.differences().is_empty() || closing.set_aside) {
        return Vec::new();
    }
    closing.keeping = true;
    let content = Box::new(EntryContent::Closing(content));
    vec![Effect::Keep { content, staff_id: open.staff_id.clone(), capture: None }]
}
