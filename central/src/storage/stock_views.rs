//! 在庫の見かた: what pages ask over many lines of the ledger, over the doses of a lot, and of what was published of lots.
//!
//! Must not: change anything, or answer a municipality with another's.

use record::{
    CalendarDate, DoseNumber, MunicipalityCode,
    day::{FacilityCode, LotNumber, Product},
};
use vsys::wastage::Use;

use super::{Answer, CouponKey, Days, KeptLine, Place, PublicationKind};

/// What pages ask.
pub trait StockViews {
    /// Every line of a lot at the municipality's facilities, in order of facility and number.
    fn lot_lines(
        &self,
        municipality: MunicipalityCode,
        product: Product,
        lot: LotNumber,
    ) -> Answer<'_, Vec<KeptLine>>;
    /// The lines of a facility of what happened on these days, in order of time.
    fn lines_of_days(&self, at: Place, days: Days) -> Answer<'_, Vec<KeptLine>>;
    /// The first lines of a facility after that number, the oldest first.
    fn lines_after(&self, at: Place, after: u64, most: u32) -> Answer<'_, Vec<KeptLine>>;
    /// What the municipality's facilities used and discarded of each product on these days.
    fn used_on(&self, municipality: MunicipalityCode, days: Days) -> Answer<'_, Vec<UsedAt>>;
    /// The doses of lots of that number that stand for coupons of the municipality, as the ledger knew them last: the last given
    /// first, so many after the first `skipped`.
    fn doses_of_lot(
        &self,
        municipality: MunicipalityCode,
        lot: LotNumber,
        skipped: u32,
        most: u32,
    ) -> Answer<'_, LotDoses>;
    /// What was published last of a kind, for everybody or for one municipality.
    fn published_last(
        &self,
        kind: PublicationKind,
        municipality: Option<MunicipalityCode>,
    ) -> Answer<'_, Option<Vec<u8>>>;
}

/// What one facility used and discarded of one product.
pub type UsedAt = ((FacilityCode, Product), Use);

/// Doses of a lot.
#[derive(Clone, PartialEq, Eq)]
pub struct LotDoses {
    /// Of so many.
    pub all: u64,
    /// Some of them.
    pub some: Vec<LotDose>,
}

/// A dose of a lot, as the ledger knew it last.
#[derive(Clone, PartialEq, Eq)]
pub struct LotDose {
    /// Whose.
    pub coupon: CouponKey,
    /// Which.
    pub dose: DoseNumber,
    /// Where it was given.
    pub facility: FacilityCode,
    /// Of which product.
    pub product: Product,
    /// When it was given.
    pub given_on: CalendarDate,
}
