//! 予約の保管: for how many doses people are booked at each facility and what is expected there, until when lots are good, and
//! everything of one product at one moment that proposals are made of.
//!
//! Must not: know a person who is booked, propose anything, or show one municipality another's but to who asks for a prefecture.

use std::collections::BTreeMap;

use record::{
    CalendarDate, MunicipalityCode,
    day::{FacilityCode, LotNumber, Product},
};
use vsys::{Balance, KindHistory, ledger::Account};

use super::{Answer, KeptFacility, NewLine, Place};

/// Bookings, expected deliveries, and how long lots are good.
pub trait Bookings {
    /// Puts these figures in the place of what stood for the same facility, product and day, all of them or none; a day with
    /// neither is forgotten. The lines of the audit are kept with them.
    fn book(
        &self,
        municipality: MunicipalityCode,
        days: Vec<BookedDay>,
        noted: Vec<NewLine>,
    ) -> Answer<'_, Booked>;
    /// What stands from that day on, by facility, product and day.
    fn booked(&self, whose: Whose, from: CalendarDate) -> Answer<'_, Vec<BookedDay>>;
    /// Until when a lot is good, as the municipality reads it from the box; in the place of what it said before.
    fn date_lot(&self, municipality: MunicipalityCode, dated: DatedLot, noted: NewLine) -> Answer<'_, ()>;
    /// Everything of one product as it stands, bookings from that day on.
    fn stock_moment(&self, whose: Whose, product: Product, from: CalendarDate) -> Answer<'_, StockMoment>;
}

/// Of which municipalities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of one.
    Municipality(MunicipalityCode),
    /// Of all of a prefecture, 1 to 47.
    Prefecture(u8),
}

impl Whose {
    /// The first and the last code, as they are kept.
    pub(crate) fn codes(self) -> (String, String) {
        match self {
            Self::Municipality(code) => (code.to_string(), code.to_string()),
            Self::Prefecture(number) => (format!("{number:02}0000"), format!("{number:02}9999")),
        }
    }
}

/// 予約と入荷予定 of one product at one facility on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BookedDay {
    /// Where.
    pub place: Place,
    /// Of which product.
    pub product: Product,
    /// On which day.
    pub on: CalendarDate,
    /// Doses that people are booked for, at most [`vsys::Amount::MOST`].
    pub doses: u64,
    /// Doses that are expected to be delivered that day, transfers not among them; at most [`vsys::Amount::MOST`].
    pub expected: u64,
}

/// What came of booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booked {
    /// All of it is kept.
    Kept,
    /// This is no facility of the municipality; nothing is kept.
    NoFacility(FacilityCode),
}

/// 有効期限 of a lot, as a municipality says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatedLot {
    /// Of which product.
    pub product: Product,
    /// Which lot.
    pub lot: LotNumber,
    /// The last day on which it may be given.
    pub good_until: CalendarDate,
}

/// One product at one moment.
#[derive(Debug, Clone, Default)]
pub struct StockMoment {
    /// By code.
    pub facilities: Vec<KeptFacility>,
    /// Of which kinds they were and are, those of every product.
    pub kinds: BTreeMap<FacilityCode, KindHistory>,
    /// What is on hand of the product, and what of it was received.
    pub accounts: Vec<(Account, Balance)>,
    /// Vials of every product that lie in a deep freezer.
    pub frozen_vials: BTreeMap<FacilityCode, u64>,
    /// Doses of the product that were given on the day that was asked for and are in the books: stock is less by them already.
    pub given: BTreeMap<FacilityCode, u64>,
    /// From the day on that was asked for.
    pub booked: Vec<BookedDay>,
    /// What municipalities said of lots of the product.
    pub dated: Vec<(MunicipalityCode, DatedLot)>,
    /// Parts of lots as they were published last: for everybody, and for municipalities.
    pub published: Vec<(Option<MunicipalityCode>, Vec<u8>)>,
}
