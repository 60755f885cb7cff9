//! 在庫: what was received, sent, counted or discarded, row by row, until a person keeps it.
//!
//! Must not: know what the books say; a count that differs from them is the central's to show.

use record::{
    DaySettings, EntryContent, LotNumber, Vaccine,
    stock::{Deed, DiscardReason, MOST_DOSES, MOST_VIALS, SlipNumber, StockAct, Storage},
};

use crate::{
    messages::Notice,
    profile::Profile,
    workflow::{
        Effect, Event, Press,
        open::{Open, Page},
    },
};

/// What was done, before it is known with which numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeedKind {
    /// 受け取り.
    Received,
    /// 引渡し.
    Sent,
    /// 棚卸し.
    Counted,
    /// 廃棄.
    Discarded,
}

impl DeedKind {
    /// All, in the order of the list.
    pub const ALL: [Self; 4] = [Self::Received, Self::Sent, Self::Counted, Self::Discarded];
}

impl From<Deed> for DeedKind {
    fn from(deed: Deed) -> Self {
        match deed {
            Deed::Received { .. } => Self::Received,
            Deed::Sent { .. } => Self::Sent,
            Deed::Counted {} => Self::Counted,
            Deed::Discarded { .. } => Self::Discarded,
        }
    }
}

/// A row of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// 内容.
    Deed,
    /// ワクチンとロット.
    Lot,
    /// 保管の状態.
    Storage,
    /// 移送伝票番号.
    Slip,
    /// 廃棄の理由.
    Reason,
    /// バイアル.
    Vials,
    /// 回数分.
    Doses,
}

/// What is put down of a transfer's slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// It came straight from the maker: there is none.
    Direct,
    /// This one.
    Number(SlipNumber),
}

/// What is recorded of stock, while it is put together.
#[derive(Debug, Clone, Default)]
pub struct StockEdit {
    /// 内容.
    pub deed: Option<DeedKind>,
    /// ワクチンとロット.
    pub lot: Option<(Vaccine, LotNumber)>,
    /// 保管の状態.
    pub storage: Option<Storage>,
    /// 移送伝票番号.
    pub slip: Option<Slip>,
    /// 廃棄の理由.
    pub reason: Option<DiscardReason>,
    /// バイアル.
    pub vials: Option<u32>,
    /// Doses that a person typed; none for those that the vials are expected to give.
    typed_doses: Option<u32>,
    /// The row that is open, and what was typed into it.
    pub at: Option<(Row, String)>,
    /// Whether it is being kept.
    pub keeping: bool,
}

impl StockEdit {
    /// The rows, in order: those that what was done needs.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let of_deed: &[Row] = match self.deed {
            None => &[],
            Some(DeedKind::Received | DeedKind::Sent) => &[Row::Slip, Row::Vials, Row::Doses],
            Some(DeedKind::Counted) => &[Row::Vials, Row::Doses],
            Some(DeedKind::Discarded) => &[Row::Reason, Row::Vials, Row::Doses],
        };
        [Row::Deed, Row::Lot, Row::Storage].iter().chain(of_deed).copied().collect()
    }

    /// Doses: as they were typed, or as many as the bundle expects of so many vials.
    #[must_use]
    pub fn doses(&self, profile: &Profile) -> Option<u32> {
        let expected = || {
            let (vaccine, lot) = self.lot.as_ref()?;
            let of_it = |supply: &&record::supply::VaccineSupply| {
                supply.vaccine == *vaccine && supply.lots.iter().any(|known| known.lot == *lot)
            };
            let each = profile.vaccines.iter().find(of_it)?.doses_per_vial?;
            self.vials?.checked_mul(each).filter(|doses| *doses <= MOST_DOSES)
        };
        self.typed_doses.or_else(expected)
    }

    /// Whether a row has its value.
    #[must_use]
    pub fn has(&self, row: Row, profile: &Profile) -> bool {
        match row {
            Row::Deed => self.deed.is_some(),
            Row::Lot => self.lot.is_some(),
            Row::Storage => self.storage.is_some(),
            Row::Slip => self.slip.is_some(),
            Row::Reason => self.reason.is_some(),
            Row::Vials => self.vials.is_some(),
            Row::Doses => self.doses(profile).is_some(),
        }
    }

    /// The lots to choose from: every one that the site has.
    #[must_use]
    pub fn lots(profile: &Profile) -> Vec<(Vaccine, LotNumber)> {
        let of = |supply: &record::supply::VaccineSupply| {
            let vaccine = supply.vaccine.clone();
            supply.lots.iter().map(move |lot| (vaccine.clone(), lot.lot.clone())).collect::<Vec<_>>()
        };
        profile.vaccines.iter().flat_map(of).collect()
    }

    /// The act, once every row has its value and somebody can have done it.
    #[must_use]
    pub fn act(&self, day: &DaySettings, profile: &Profile) -> Option<StockAct> {
        let deed = match (self.deed?, self.slip) {
            (DeedKind::Received, Some(Slip::Direct)) => Deed::Received { slip: None },
            (DeedKind::Received, Some(Slip::Number(slip))) => Deed::Received { slip: Some(slip) },
            (DeedKind::Sent, Some(Slip::Number(slip))) => {
                let (vaccine, lot) = self.lot.as_ref()?;
                Deed::Sent { slip, good_until: profile.received(vaccine, lot)?.good_until() }
            }
            (DeedKind::Received | DeedKind::Sent, _) => return None,
            (DeedKind::Counted, _) => Deed::Counted {},
            (DeedKind::Discarded, _) => Deed::Discarded { reason: self.reason? },
        };
        let (vaccine, lot) = self.lot.clone()?;
        StockAct {
            site: day.site.clone(),
            done_on: day.vaccinated_on,
            vaccine,
            lot,
            storage: self.storage?,
            vials: self.vials?,
            doses: self.doses(profile)?,
            deed,
        }
        .checked()
        .ok()
    }

    /// Digits that a row takes; none where it is chosen from a list.
    #[must_use]
    pub fn digits(row: Row) -> Option<usize> {
        match row {
            Row::Vials => Some(MOST_VIALS.to_string().len()),
            Row::Doses => Some(MOST_DOSES.to_string().len()),
            Row::Slip => Some(SlipNumber::DIGITS),
            Row::Deed | Row::Lot | Row::Storage | Row::Reason => None,
        }
    }

    /// Opens a row.
    fn open(&mut self, row: Option<Row>) {
        self.at = row.map(|row| (row, String::new()));
    }

    /// Opens the first row that still lacks its value; none where all have one.
    fn on_to_the_next(&mut self, profile: &Profile) {
        let missing = self.rows().into_iter().find(|row| !self.has(*row, profile));
        self.open(missing);
    }

    fn choose(&mut self, row: Row, index: usize, profile: &Profile) {
        match row {
            Row::Deed => {
                if let Some(deed) = DeedKind::ALL.get(index) {
                    // Another deed, other numbers.
                    *self = Self {
                        deed: Some(*deed),
                        lot: self.lot.take(),
                        storage: self.storage,
                        ..Self::default()
                    };
                }
            }
            Row::Lot => self.lot = Self::lots(profile).get(index).cloned().or_else(|| self.lot.take()),
            Row::Storage => self.storage = Storage::ALL.get(index).copied().or(self.storage),
            Row::Reason => self.reason = DiscardReason::GIVEN.get(index).copied().or(self.reason),
            // What was received straight from the maker has no slip.
            Row::Slip if self.deed == Some(DeedKind::Received) && index == 0 => {
                self.slip = Some(Slip::Direct)
            }
            Row::Slip | Row::Vials | Row::Doses => return,
        }
        self.on_to_the_next(profile);
    }

    /// What was typed is taken; an empty row stays as it was.
    ///
    /// # Errors
    /// A slip number that is none; what was typed stays.
    fn take_typed(&mut self, profile: &Profile) -> Result<(), ()> {
        let Some((row, typed)) = self.at.clone() else { return Ok(()) };
        if typed.is_empty() && !self.has(row, profile) {
            return Ok(());
        }
        if !typed.is_empty() {
            match row {
                Row::Vials => {
                    self.vials = typed.parse().ok();
                    self.typed_doses = None;
                }
                Row::Doses => self.typed_doses = typed.parse().ok(),
                Row::Slip => self.slip = Some(Slip::Number(typed.parse().map_err(|_| ())?)),
                Row::Deed | Row::Lot | Row::Storage | Row::Reason => {}
            }
        }
        self.on_to_the_next(profile);
        Ok(())
    }
}

/// Leads to the page, which begins empty. It stands on the day's site and date: they are asked for first.
pub(crate) fn enter(open: &mut Open) -> Vec<Effect> {
    open.page = Page::Stock(Box::default());
    vec![Effect::StopWatching]
}

pub(crate) fn step(open: &mut Open, notice: &mut Option<Notice>, event: Event) -> Vec<Effect> {
    let Event::Press(press) = event else { return Vec::new() };
    let Page::Stock(edit) = &mut open.page else { return Vec::new() };
    if edit.keeping {
        return Vec::new();
    }
    match press {
        Press::OpenRow(index) => {
            let row = edit.rows().get(index).copied();
            edit.open(row);
            *notice = None;
        }
        Press::Choose(index) => {
            if let Some((row, _)) = edit.at {
                *notice = None;
                edit.choose(row, index, &open.profile);
            }
        }
        Press::Digit(digit) if digit.is_ascii_digit() => {
            if let Some((row, typed)) = &mut edit.at
                && StockEdit::digits(*row).is_some_and(|most| typed.len() < most)
            {
                typed.push(digit);
            }
        }
        Press::TakeBack => {
            if let Some((_, typed)) = &mut edit.at {
                typed.pop();
            }
        }
        Press::Back => edit.open(None),
        Press::Done if edit.at.is_some() => {
            *notice = edit.take_typed(&open.profile).is_err().then_some(Notice::NoSlip);
        }
        Press::Done => return keep(open),
        _ => {}
    }
    Vec::new()
}

fn keep(open: &mut Open) -> Vec<Effect> {
    let Page::Stock(edit) = &mut open.page else { return Vec::new() };
    let Some(act) = open.day.as_ref().and_then(|day| edit.act(day, &open.profile)) else { return Vec::new() };
    edit.keeping = true;
    let content = Box::new(EntryContent::Stock(act));
    vec![Effect::Keep { content, staff_id: open.staff_id.clone(), capture: None }]
}
