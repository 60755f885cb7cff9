//! 台帳の保管: what the central keeps, as traits, because a pilot keeps it in one file and a nation does not.
//!
//! Must not: judge an entry (`intake::judge` does, inside the transaction an implementation opens), read a
//! clock, or change or delete what was kept. The municipality that owns a row stands first in its key.

mod accounts;
mod archive;
mod audit;
mod bookings;
mod boxes;
mod closings;
#[cfg(test)]
pub(crate) mod contract;
mod cycles;
mod handouts;
mod heartbeats;
mod imports;
mod media;
mod people;
pub mod postgres;
mod reference;
mod register;
mod reviews;
pub mod sqlite;
mod stock;
mod stock_views;
mod tablets;
mod told;
mod transfers;
mod watch;

use std::{future::Future, pin::Pin};

pub use accounts::{
    Account, AccountName, Accounts, Added, BegunAnew, Credential, FreshFactor, Identity, KeptAccount,
    OpenSession, SecondFactor, Session, Stage,
};
pub use archive::{
    Archive, ArchivedRow, DERIVED, Derivation, Derived, KEPT, Kind, LEFT, RegisterDigest, Snapshot, Table,
    Value, digest_of, digest_of_columns,
};
pub use audit::{About, AtMost, Audit, Line, LineQuestion, NewLine, Recorded};
pub use bookings::{Booked, BookedDay, Bookings, DatedLot, StockMoment, Whose};
pub use boxes::{BoxKind, BoxRow, Boxes, HandedOut, Release};
pub(crate) use closings::{BY_A_CLOSING, state as closing_state};
pub use closings::{ClosingKey, Closings, ClosingsTaken, Days, KeptClosing};
pub use cycles::{CycleStepped, Cycles, NewCycle, NewCycleStep, NewOrders, NewPopulations, OrdersPlaced};
pub use handouts::{BundleRow, Handouts, Loss, ReplaceVerdict, ReplacedBy, Replacement, Said};
pub use heartbeats::{Heartbeats, QUARTERS_KEPT};
pub use imports::{Begun, Import, ImportCounts, ImportState, TookEffect, Undone};
pub use media::{Media, MediaLine};
pub use people::{Mark, NamedPerson, People, PeopleMoment, PersonMark, Standing, Version, VersionRow};
pub use reference::{
    ComparedLists, Piece, Publication, PublicationKind, Published, Reference, Told, ToldDoses,
};
pub use register::{CouponEntry, CouponKey, KeptEntry, Register, StandingDose};
pub use reviews::{CaseRow, Reviews};
pub(crate) use stock::BY_THE_REGISTER;
pub use stock::{KeptFacility, KeptLine, KindChanged, LineAdded, NewKind, Place, Registered, Stock};
pub use stock_views::{LotDose, LotDoses, StockViews, UsedAt};
pub use tablets::{Device, Enrolment, EnrolmentVerdict, Invitation, ProgramVersion, Tablets};
pub(crate) use told::state as told_state;
pub use told::{NotBooked, ToldAct, ToldKey, ToldStock};
pub use transfers::{NewPlan, NewStep, Planned, StepTaken, Transfers, Which};
pub use watch::{Watch, unwatched};

/// What a storage answers, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'a>>;

/// What the central keeps. Every implementation passes `storage::contract`.
pub trait Storage:
    Tablets
    + Handouts
    + Boxes
    + Heartbeats
    + Register
    + Reviews
    + Reference
    + Accounts
    + People
    + Media
    + Audit
    + Stock
    + Transfers
    + ToldStock
    + Bookings
    + Cycles
    + Closings
    + StockViews
    + Archive
    + Send
    + Sync
    + 'static
{
    /// Whether it can be read and written now.
    fn check(&self) -> Answer<'_, ()>;
}

/// A text is not of that type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not {0}")]
pub struct NameError(&'static str);

fn short(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(allowed)
}

/// Nothing was kept, or nothing could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// More waits to be written than can be held; come back in a moment.
    #[error("too much is waiting to be written")]
    Busy,
    /// The writer has ended, or gave the work up before it was begun.
    #[error("the writer has stopped")]
    Stopped,
    /// The database was written by a later version of this program.
    #[error("the database has version {found}, this program knows up to {known}")]
    NewerDatabase {
        /// Its version.
        found: i64,
        /// The last one known here.
        known: i64,
    },
    /// The file is a database of something else.
    #[error("the database is not a central register")]
    NotARegister,
    /// The database is reached or set up in a way that could lose or give away what is kept; says how.
    #[error("{0}")]
    Unsafe(&'static str),
    /// A kept value does not hold; names the column.
    #[error("kept value of {0} does not hold")]
    Inconsistent(&'static str),
    /// The database itself failed; holds its own words, which name tables and columns but no values.
    #[error("database: {0}")]
    Database(String),
}
