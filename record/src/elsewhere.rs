//! ほかの端末の接種: a dose that other tablets recorded, as far as a tablet may know it: by the coupon's keyed hash.
//!
//! Must not: hold a coupon's number or anything else of a person.

use crate::{bytes::CouponHash, calendar::CalendarDate, coupon::DoseNumber, day::Manufacturer};

/// One such dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseElsewhere {
    /// Whose, by keyed hash.
    pub coupon: CouponHash,
    /// The dose.
    pub dose: DoseNumber,
    /// The day on which it was given.
    pub given_on: CalendarDate,
    /// Whose vaccine, where that is known.
    pub manufacturer: Option<Manufacturer>,
}
