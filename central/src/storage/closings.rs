//! 締めの保管: the days as tablets closed them, the last of each tablet, site and day, and what of them is in the books.
//!
//! Must not: take one closing into the books twice, or refuse one for what the books say.

use record::{
    CalendarDate, MunicipalityCode, StaffId, TabletId, WallTime, closing::Closing, day::FacilityCode,
};

use super::Answer;

/// Closings. A row is made where a tablet's delivered entries are gathered; a later one of the same day takes its place.
pub trait Closings {
    /// Takes what the closings say of vials into the books, in order of key, after that one: nothing where the books say so
    /// already. One with a lot whose product cannot be told is looked at again the next time.
    fn take_in_closings(
        &self,
        after: Option<ClosingKey>,
        most: u32,
        now: WallTime,
    ) -> Answer<'_, ClosingsTaken>;
    /// The closings of a municipality's tablets at its facilities, or at one of them, of these days; the newest day first.
    fn closings(
        &self,
        municipality: MunicipalityCode,
        facility: Option<FacilityCode>,
        days: Days,
    ) -> Answer<'_, Vec<KeptClosing>>;
}

/// Days, the first and the last among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: CalendarDate,
    /// The last.
    pub last: CalendarDate,
}

impl Days {
    /// The instants of these days: from the first to before the second.
    #[must_use]
    pub fn instants(self) -> (WallTime, WallTime) {
        (self.first.ends_in_japan().plus_ms(-86_400_000), self.last.ends_in_japan())
    }
}

/// By what a closing is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosingKey {
    /// The municipality of the tablet.
    pub municipality: MunicipalityCode,
    /// Where.
    pub facility: FacilityCode,
    /// Of which day.
    pub on: CalendarDate,
    /// Which tablet's: its number.
    pub tablet_number: u32,
}

/// What came of taking some in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosingsTaken {
    /// The last that was looked at; none where there were none.
    pub last: Option<ClosingKey>,
    /// How many of them are in the books now.
    pub taken: u32,
}

/// A closing as a tablet told it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptClosing {
    /// Where, when and whose.
    pub key: ClosingKey,
    /// The tablet.
    pub tablet: TabletId,
    /// Who closed.
    pub by: StaffId,
    /// When, by the tablet's clock.
    pub recorded_at: WallTime,
    /// What was counted.
    pub closing: Closing,
    /// Whether nothing of it is still to be taken into the books.
    pub is_booked: bool,
}

/// How far a closing has come: column `state`.
pub(crate) mod state {
    /// It is to be looked at.
    pub(crate) const WAITING: i64 = 0;
    /// All of it is in the books.
    pub(crate) const BOOKED: i64 = 1;
    /// Its day lies before the books begin.
    pub(crate) const BEFORE: i64 = 2;
}

/// Who says what is derived from closings.
pub(crate) const BY_A_CLOSING: &str = "(closing)";
