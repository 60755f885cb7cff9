//! 端末からの在庫の記録の保管: what tablets told of stock, until it is in the books or a person has dealt with it.
//!
//! Must not: take one act into the books twice, or lose one.

use record::{Entry, EntryId, MunicipalityCode, TabletId, WallTime, day::FacilityCode};
use vsys::Line;

use super::{Answer, LineAdded, NewLine, NewStep, Place, StepTaken};

/// What tablets told of stock. A row is made where a tablet's delivered entries are gathered.
pub trait ToldStock {
    /// What waits to be taken into the books, in the order in which it was recorded, after that one.
    fn told_waiting(&self, after: Option<ToldKey>, most: u32) -> Answer<'_, Vec<ToldAct>>;
    /// Adds the line that an act makes, and notes that the act is in the books; or neither.
    fn book_told(&self, told: ToldKey, line: Line, recorded_at: WallTime) -> Answer<'_, LineAdded>;
    /// The same with a step of a transfer.
    fn step_told(&self, told: ToldKey, step: NewStep) -> Answer<'_, StepTaken>;
    /// It is not in the books, for that reason.
    fn leave_told(&self, told: ToldKey, why: NotBooked) -> Answer<'_, ()>;
    /// What is not in the books of that facility, the oldest first.
    fn told_open(&self, at: Place, most: u32) -> Answer<'_, Vec<ToldAct>>;
    /// A person has dealt with it on the page of that facility; whether it was for a person, and of that facility.
    fn settle_told(&self, told: ToldKey, facility: FacilityCode, noted: NewLine) -> Answer<'_, bool>;
}

/// By what an act is found; orders them by the clock of the tablet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToldKey {
    /// The municipality of the tablet.
    pub municipality: MunicipalityCode,
    /// When it was recorded, by the tablet's clock.
    pub recorded_at: WallTime,
    /// Its entry.
    pub entry_id: EntryId,
}

/// An act as a tablet told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldAct {
    /// By what it is found.
    pub key: ToldKey,
    /// Who told it.
    pub tablet: TabletId,
    /// What it told.
    pub entry: Entry,
    /// Why it is not in the books; none where nobody has tried yet.
    pub why: Option<NotBooked>,
}

/// Why an act is not in the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotBooked {
    /// Somebody else acted on its transfer at that moment.
    NotYet,
    /// No facility of that code is registered for the tablet's municipality.
    NoFacility,
    /// Its transfer is not approved yet.
    NotApproved,
    /// Its transfer has not left yet, as far as is known here.
    NotSent,
    /// There is no such transfer, or nothing of it is open any more.
    UnknownSlip,
    /// Its transfer is of another product, lot or way of keeping.
    OtherStock,
    /// More than its transfer planned.
    MoreThanPlanned,
    /// More than the books have.
    MoreThanOnHand,
}

impl NotBooked {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::NotYet,
        Self::NoFacility,
        Self::NotApproved,
        Self::NotSent,
        Self::UnknownSlip,
        Self::OtherStock,
        Self::MoreThanPlanned,
        Self::MoreThanOnHand,
    ];

    /// Column `why`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::NoFacility => "no_facility",
            Self::NotApproved => "not_approved",
            Self::NotSent => "not_sent",
            Self::UnknownSlip => "unknown_slip",
            Self::OtherStock => "other_stock",
            Self::MoreThanPlanned => "more_than_planned",
            Self::MoreThanOnHand => "more_than_on_hand",
        }
    }

    /// From column `why`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.word() == word)
    }

    /// Whether it is for a person; else it is tried again by itself.
    #[must_use]
    pub fn is_for_person(self) -> bool {
        !matches!(self, Self::NotYet | Self::NoFacility | Self::NotApproved | Self::NotSent)
    }
}

/// How far an act has come: column `state`; 1 where it is in the books, 3 where a person has dealt with it.
pub(crate) mod state {
    /// It is tried again by itself.
    pub(crate) const WAITING: i64 = 0;
    /// A person has to look at it.
    pub(crate) const FOR_PERSON: i64 = 2;
}
