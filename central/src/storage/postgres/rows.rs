//! From columns to the vocabulary and back. A kept value that does not hold is said so, by its column.
//!
//! Must not: make a value up.

use std::str::FromStr;

use record::{EntryId, Epoch, MunicipalityCode, Position, TabletId, WallTime};
use tokio_postgres::{Row, types::FromSql};

use crate::storage::StorageError;

/// A column: by its name, which is looked for in each row, or by its place.
pub(super) trait Column: Copy {
    /// What stands in it.
    fn get<'a, T: FromSql<'a>>(self, row: &'a Row) -> Result<T, tokio_postgres::Error>;
    /// Its name.
    fn name(self) -> &'static str;
}

impl Column for &'static str {
    fn get<'a, T: FromSql<'a>>(self, row: &'a Row) -> Result<T, tokio_postgres::Error> {
        row.try_get(self)
    }
    fn name(self) -> &'static str {
        self
    }
}

/// A column whose place is known, from 0: for questions with many rows.
#[derive(Clone, Copy)]
pub(super) struct At(pub(super) usize, pub(super) &'static str);

impl Column for At {
    fn get<'a, T: FromSql<'a>>(self, row: &'a Row) -> Result<T, tokio_postgres::Error> {
        row.try_get(self.0)
    }
    fn name(self) -> &'static str {
        self.1
    }
}

/// A column as PostgreSQL has it.
pub(super) fn raw<'a, T: FromSql<'a>>(row: &'a Row, column: impl Column) -> Result<T, StorageError> {
    column.get(row).map_err(|_| StorageError::Inconsistent(column.name()))
}

/// A text column as one of the vocabulary's types.
pub(super) fn text<T: FromStr>(row: &Row, column: impl Column) -> Result<T, StorageError> {
    raw::<&str>(row, column)?.parse().map_err(|_| StorageError::Inconsistent(column.name()))
}

/// A column of fixed bytes.
pub(super) fn bytes<T: for<'a> TryFrom<&'a [u8]>>(
    row: &Row,
    column: &'static str,
) -> Result<T, StorageError> {
    T::try_from(raw::<&[u8]>(row, column)?).map_err(|_| StorageError::Inconsistent(column))
}

/// A column of milliseconds.
pub(super) fn wall_time(row: &Row, column: impl Column) -> Result<WallTime, StorageError> {
    Ok(WallTime::from_unix_ms(raw(row, column)?))
}

/// An entry's id.
pub(super) fn entry_id(row: &Row, column: &'static str) -> Result<EntryId, StorageError> {
    bytes::<[u8; 16]>(row, column).map(EntryId::from_bytes)
}

/// `municipality` and `tablet_number`.
pub(super) fn tablet_id(row: &Row) -> Result<TabletId, StorageError> {
    tablet_id_of(row, "municipality", "tablet_number")
}

/// The same where they stand first in the row.
pub(super) fn tablet_id_first(row: &Row) -> Result<TabletId, StorageError> {
    tablet_id_of(row, At(0, "municipality"), At(1, "tablet_number"))
}

fn tablet_id_of(row: &Row, owner: impl Column, column: impl Column) -> Result<TabletId, StorageError> {
    let wrong = StorageError::Inconsistent(column.name());
    let number = u32::try_from(number(row, column)?).map_err(|_| wrong.clone())?;
    TabletId::new(text(row, owner)?, number).map_err(|_| wrong)
}

/// `position`.
pub(super) fn position(row: &Row) -> Result<Position, StorageError> {
    Position::new(number(row, "position")?).ok_or(StorageError::Inconsistent("position"))
}

/// `epoch`.
pub(super) fn epoch(row: &Row) -> Result<Epoch, StorageError> {
    epoch_of(row, "epoch")
}

/// The same, in that column.
pub(super) fn epoch_of(row: &Row, column: impl Column) -> Result<Epoch, StorageError> {
    let number = u32::try_from(number(row, column)?).ok();
    number.and_then(Epoch::new).ok_or(StorageError::Inconsistent(column.name()))
}

/// A number that is never negative.
pub(super) fn number(row: &Row, column: impl Column) -> Result<u64, StorageError> {
    u64::try_from(raw::<i64>(row, column)?).map_err(|_| StorageError::Inconsistent(column.name()))
}

/// A number as the database keeps it; positions are checked at the door to fit.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The municipality that owns a tablet, its number.
pub(super) fn key(tablet_id: TabletId) -> (String, i64) {
    (tablet_id.municipality().to_string(), i64::from(tablet_id.number()))
}

/// The code as the database keeps it.
pub(super) fn code(municipality: MunicipalityCode) -> String {
    municipality.to_string()
}
