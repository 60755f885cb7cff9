//! 在庫の保管: facilities, the kinds that they were of, and the ledger with its balances.
//!
//! Must not: change or delete a line or a change of kind, take stock anywhere but by a line, or show a municipality another's.

use record::{
    CalendarDate, MunicipalityCode, WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use vsys::{
    Balance, Facility, FacilityKind, KindHistory, ProductRule, Reason,
    facility::OfficerName,
    kinds::KindError,
    ledger::{Account, LedgerError},
};

use super::{Answer, NewLine};

/// Facilities, kinds, lines, balances.
pub trait Stock {
    /// Adds a facility, or says anew what it is called, keeps and gives; the day from which its books begin stays.
    fn register_facility(&self, facility: KeptFacility, noted: NewLine) -> Answer<'_, Registered>;
    /// The facilities of a municipality, by code.
    fn facilities(&self, municipality: MunicipalityCode) -> Answer<'_, Vec<KeptFacility>>;
    /// The facility of that code, whosever it is.
    fn facility(&self, code: FacilityCode) -> Answer<'_, Option<KeptFacility>>;
    /// Adds a change of kind, decided at that instant.
    fn change_kind(&self, at: Place, change: NewKind, noted: NewLine) -> Answer<'_, KindChanged>;
    /// Of which kind it was and is.
    fn kinds(&self, at: Place) -> Answer<'_, KindHistory>;
    /// Adds a line and moves what it moves, or nothing.
    fn add_stock_line(
        &self,
        municipality: MunicipalityCode,
        line: vsys::Line,
        recorded_at: WallTime,
        noted: NewLine,
    ) -> Answer<'_, LineAdded>;
    /// The lines of a facility, the newest first, before that number.
    fn stock_lines(&self, at: Place, before: Option<u64>, most: u32) -> Answer<'_, Vec<KeptLine>>;
    /// What stands in the accounts of a municipality's facilities, or of one of them.
    fn balances(
        &self,
        municipality: MunicipalityCode,
        facility: Option<FacilityCode>,
    ) -> Answer<'_, Vec<(Account, Balance)>>;
    /// The same of one lot.
    fn lot_balances(
        &self,
        municipality: MunicipalityCode,
        product: Product,
        lot: LotNumber,
    ) -> Answer<'_, Vec<(Account, Balance)>>;
    /// Publishes a product's rule in place of the one before.
    fn publish_product_rule(&self, rule: ProductRule, at: WallTime) -> Answer<'_, ()>;
    /// The rules as they were published last.
    fn product_rules(&self) -> Answer<'_, Vec<ProductRule>>;
    /// Takes in what became of the doses of `most` coupons, and of `most` doses that had no books yet; how many it looked at.
    fn take_in_doses(&self, most: u32, now: WallTime) -> Answer<'_, u32>;
    /// Doses at places that are no facility here, from the place with the most: they are in nobody's books.
    fn doses_without_books(&self, most: u32) -> Answer<'_, Vec<(FacilityCode, u64)>>;
    /// Every dose is looked at once more.
    fn look_at_all_doses(&self) -> Answer<'_, ()>;
    /// Puts balances in the place of those that are there, if there are so many lines; else nothing.
    fn replace_balances(
        &self,
        balances: Vec<(MunicipalityCode, Account, Balance)>,
        lines: u64,
    ) -> Answer<'_, bool>;
}

/// One facility of a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Whose.
    pub municipality: MunicipalityCode,
    /// Which.
    pub facility: FacilityCode,
}

/// A facility as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFacility {
    /// What it is.
    pub facility: Facility,
    /// 元帳の開始日: doses that were given before are not in its books.
    pub books_begin_on: CalendarDate,
}

impl KeptFacility {
    /// Whose and which.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { municipality: self.facility.municipality, facility: self.facility.code }
    }
}

/// What came of registering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// It was not there.
    New,
    /// It was there and something was said anew.
    Changed,
    /// It was there as it is.
    Unchanged,
    /// The code is another municipality's; nothing was kept.
    Elsewhere,
}

/// A change of kind before the central gives it its instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKind {
    /// Of this product alone.
    pub product: Product,
    /// What it is from then on.
    pub kind: FacilityKind,
    /// From this instant on; none for at once.
    pub effective_from: Option<WallTime>,
    /// When it was decided.
    pub decided_at: WallTime,
    /// Who decided.
    pub by: OfficerName,
    /// Why.
    pub reason: Reason,
}

impl NewKind {
    /// As it is kept.
    #[must_use]
    pub fn change(self) -> vsys::KindChange {
        let Self { product, kind, effective_from, decided_at, by, reason } = self;
        let effective_from = effective_from.unwrap_or(decided_at);
        vsys::KindChange { product, kind, effective_from, decided_at, by, reason }
    }
}

/// What came of changing a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindChanged {
    /// It is kept.
    Changed,
    /// It cannot be added.
    Refused(KindError),
    /// There is no such facility of that municipality.
    NoFacility,
}

/// A line as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// 1, 2, 3 … of the facility.
    pub number: u64,
    /// What happened.
    pub line: vsys::Line,
    /// When it was written down.
    pub recorded_at: WallTime,
}

/// What came of adding a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineAdded {
    /// It is kept, under that number.
    Added(u64),
    /// It cannot be added; nothing moved.
    Refused(LedgerError),
    /// There is no such facility of that municipality.
    NoFacility,
}

/// Who says what is derived from the register.
pub(crate) const BY_THE_REGISTER: &str = "(register)";
