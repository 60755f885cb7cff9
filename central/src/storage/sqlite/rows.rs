//! From columns to the vocabulary and back. A kept value that does not hold is said so, by its column.
//!
//! Must not: make a value up.

use std::str::FromStr;

use record::{EntryId, Epoch, Position, TabletId, WallTime};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, types::FromSql};

use crate::storage::StorageError;

/// The one row the query finds, or none.
pub(super) fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StorageError>,
) -> Result<Option<T>, StorageError> {
    connection.prepare_cached(sql)?.query_row(params, |row| Ok(read(row))).optional()?.transpose()
}

/// Every row the query finds.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
) -> Result<Vec<T>, StorageError> {
    connection.prepare_cached(sql)?.query_and_then(params, read)?.collect()
}

/// Writes; how many rows it touched.
pub(super) fn run(connection: &Connection, sql: &str, params: impl Params) -> Result<usize, StorageError> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

/// A column: by its name, which is looked for in each row, or by its place.
pub(super) trait Column: Copy {
    /// Its place, from 0.
    fn place(self, row: &Row<'_>) -> Result<usize, StorageError>;
    /// Its name.
    fn name(self) -> &'static str;
}

impl Column for &'static str {
    fn place(self, row: &Row<'_>) -> Result<usize, StorageError> {
        Ok(row.as_ref().column_index(self)?)
    }
    fn name(self) -> &'static str {
        self
    }
}

/// A column whose place is known: for questions with many rows.
#[derive(Clone, Copy)]
pub(super) struct At(pub(super) usize, pub(super) &'static str);

impl Column for At {
    fn place(self, _: &Row<'_>) -> Result<usize, StorageError> {
        Ok(self.0)
    }
    fn name(self) -> &'static str {
        self.1
    }
}

/// A column as SQLite has it.
pub(super) fn raw<T: FromSql>(row: &Row<'_>, column: impl Column) -> Result<T, StorageError> {
    Ok(row.get(column.place(row)?)?)
}

/// A text column as one of the vocabulary's types.
pub(super) fn text<T: FromStr>(row: &Row<'_>, column: impl Column) -> Result<T, StorageError> {
    row.get_ref(column.place(row)?)?
        .as_str()
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(StorageError::Inconsistent(column.name()))
}

/// A column of fixed bytes.
pub(super) fn bytes<T: for<'a> TryFrom<&'a [u8]>>(
    row: &Row<'_>,
    column: &'static str,
) -> Result<T, StorageError> {
    row.get_ref(column)?
        .as_blob()
        .ok()
        .and_then(|bytes| T::try_from(bytes).ok())
        .ok_or(StorageError::Inconsistent(column))
}

/// A column of milliseconds.
pub(super) fn wall_time(row: &Row<'_>, column: impl Column) -> Result<WallTime, StorageError> {
    Ok(WallTime::from_unix_ms(raw(row, column)?))
}

/// An entry's id.
pub(super) fn entry_id(row: &Row<'_>) -> Result<EntryId, StorageError> {
    bytes::<[u8; 16]>(row, "entry_id").map(EntryId::from_bytes)
}

/// `municipality` and `tablet_number`.
pub(super) fn tablet_id(row: &Row<'_>) -> Result<TabletId, StorageError> {
    TabletId::new(text(row, "municipality")?, raw(row, "tablet_number")?)
        .map_err(|_| StorageError::Inconsistent("tablet_number"))
}

/// `position`.
pub(super) fn position(row: &Row<'_>) -> Result<Position, StorageError> {
    number(row, "position")
        .and_then(|number| Position::new(number).ok_or(StorageError::Inconsistent("position")))
}

/// `epoch`.
pub(super) fn epoch(row: &Row<'_>) -> Result<Epoch, StorageError> {
    Epoch::new(raw(row, "epoch")?).ok_or(StorageError::Inconsistent("epoch"))
}

/// A number that is never negative.
pub(super) fn number(row: &Row<'_>, column: impl Column) -> Result<u64, StorageError> {
    u64::try_from(raw::<i64>(row, column)?).map_err(|_| StorageError::Inconsistent(column.name()))
}

/// A number as SQLite keeps it; positions are checked at the door to fit.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
