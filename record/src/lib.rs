//! The vocabulary of the vaccination record: what a coupon says, what an entry holds, what crosses the
//! network. Every type validates at the door and cannot be built wrong.
//!
//! Must not: read a clock, a file, a network or randomness; know how anything is stored, shown or sent.

pub mod bundle;
pub mod bundle_box;
pub mod bytes;
pub mod calendar;
pub mod closing;
pub mod coupon;
pub mod day;
pub mod draft;
pub mod elsewhere;
pub mod entry;
pub mod envelope;
pub mod identity;
pub mod moment;
pub mod municipality;
pub mod outcome;
pub mod reference;
pub mod rules;
pub mod stock;
pub mod supply;
pub mod support;
pub mod text;
pub mod wire;
pub mod witness;

pub use calendar::CalendarDate;
pub use coupon::{CouponKind, CouponNumber, DoseNumber, OcrLine, OcrLineError};
pub use day::{DaySettings, FacilityCode, LotNumber, Site, Vaccine};
pub use draft::Draft;
pub use entry::{Entry, EntryContent};
pub use identity::{EntryId, Epoch, Position, StaffId, TabletId};
pub use moment::{Moment, WallTime};
pub use municipality::{Municipality, MunicipalityCode, MunicipalityTable};
pub use outcome::{Outcome, ReviewReason};
pub use witness::{Witness, WitnessSet, Witnessing};
