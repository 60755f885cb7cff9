//! 操作記録: who did what on this tablet, when, by both clocks.
//!
//! Must not: hold anything of a recipient; `detail` is a code, a count or a file name.

use record::{Epoch, Moment, Position, StaffId};
use rusqlite::{Connection, params};

use crate::{Store, error::StoreError};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// A database began.
    DatabaseBegun,
    /// The database before did not open and was renamed.
    DatabaseSetAside,
    /// An entry was kept.
    EntryKept,
    /// A receipt was verified and kept.
    ReceiptKept,
    /// Somebody unlocked the tablet.
    Unlocked,
    /// Wrong PINs before that; the detail is their count.
    WrongPins,
    /// Somebody locked it, or it locked itself.
    Locked,
    /// The day's settings were set.
    DaySet,
    /// Reference data holds from here on; the detail is its version.
    ReferenceApplied,
    /// A bundle was applied.
    BundleApplied,
    /// The central knows this tablet's key.
    Enrolled,
    /// A person in charge permitted what only they may do.
    Permitted,
    /// Somebody let the tablet look at itself.
    SelfTested,
}

impl Action {
    /// The code kept in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DatabaseBegun => "database_begun",
            Self::DatabaseSetAside => "database_set_aside",
            Self::EntryKept => "entry_kept",
            Self::ReceiptKept => "receipt_kept",
            Self::Unlocked => "unlocked",
            Self::WrongPins => "wrong_pins",
            Self::Locked => "locked",
            Self::DaySet => "day_set",
            Self::ReferenceApplied => "reference_applied",
            Self::BundleApplied => "bundle_applied",
            Self::Enrolled => "enrolled",
            Self::Permitted => "permitted",
            Self::SelfTested => "self_tested",
        }
    }
}

/// One thing done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// By whom; none where the program did it.
    pub staff_id: Option<StaffId>,
    /// What.
    pub action: Action,
    /// To which entry.
    pub place: Option<(Epoch, Position)>,
    /// A code, a count or a file name.
    pub detail: Option<String>,
}

/// Inside the caller's transaction.
pub(crate) fn write_audit(transaction: &Connection, now: Moment, row: &AuditRow) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO audit (at, monotonic_ms, staff_id, action, epoch, position, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            now.wall.unix_ms(),
            now.monotonic_ms as i64,
            row.staff_id.as_ref().map(StaffId::as_str),
            row.action.code(),
            row.place.map(|(epoch, _)| epoch.number()),
            row.place.map(|(_, position)| position.number()),
            row.detail,
        ])?;
    Ok(())
}

impl Store {
    /// Writes down one thing done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit(&mut self, row: &AuditRow, now: Moment) -> Result<(), StoreError> {
        write_audit(&self.connection, now, row)
    }

    /// How often each action was done, by code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit_counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT action, count(*) FROM audit GROUP BY action ORDER BY action")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>().map_err(StoreError::from)
    }
}
