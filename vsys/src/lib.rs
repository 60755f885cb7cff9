//! Vaccine stock (V-SYS): what a facility is, what its books say, and how stock goes from one to another.
//!
//! Must not: read a clock, a file or a database; know how anything is kept or shown. Whoever calls brings the instants,
//! the names of people and everything that was written down before.

pub mod allocation;
pub mod amount;
pub mod book;
pub mod closing;
pub mod demand;
pub mod facility;
pub mod kinds;
pub mod ledger;
pub mod product;
pub mod proposal;
pub mod recall;
pub mod transfer;
pub mod wastage;

pub use amount::{Amount, Balance};
pub use book::{Book, Conservation, Totals};
pub use facility::{Facility, FacilityKind, OfficerName, Reason};
pub use kinds::{KindChange, KindHistory};
pub use ledger::{Event, Line, StockKey, Storage};
pub use product::{Packaging, ProductRule, Unit};
pub use transfer::{Transfer, TransferId};
