//! Tables row by row, and the register derived from the entries again.
//!
//! Must not: leave the register half derived; all of it is one transaction.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use record::{Entry, Outcome};
use rusqlite::{Connection, Row, ToSql, params, types::ValueRef};

use super::{
    READ_ONLY,
    batches::{self, Kept},
    connect, register, rows,
};
use crate::intake::{Effects, HAVE_EFFECTS, Lines};
use crate::storage::{
    Answer, ArchivedRow, DERIVED, Derivation, Derived, Kind, RegisterDigest, Snapshot, StorageError, Table,
    Value, archive::Digesting,
};

/// Rows digested at once.
const AT_ONCE: u32 = 2_000;

/// One moment of the register: a connection whose transaction began then.
pub(super) struct Moment(Arc<Mutex<Connection>>);

impl Moment {
    pub(super) fn begin(path: &Path) -> Result<Self, StorageError> {
        let connection = connect(path, READ_ONLY)?;
        // The transaction begins with the first thing read.
        connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }
}

impl Snapshot for Moment {
    fn page(&mut self, table: &'static Table, after: Vec<Value>, most: u32) -> Answer<'_, Vec<ArchivedRow>> {
        let connection = Arc::clone(&self.0);
        Box::pin(async move {
            let read =
                move || page(&connection.lock().unwrap_or_else(PoisonError::into_inner), table, &after, most);
            tokio::task::spawn_blocking(read).await.map_err(|_| StorageError::Stopped)?
        })
    }
}

fn question(number: usize) -> String {
    format!("?{number}")
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Nothing => rusqlite::types::Null.to_sql(),
            Self::Integer(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::Bytes(bytes) => bytes.to_sql(),
        }
    }
}

pub(super) fn page(
    connection: &Connection,
    table: &Table,
    after: &[Value],
    most: u32,
) -> Result<Vec<ArchivedRow>, StorageError> {
    let sql = table.page_sql(question, !after.is_empty());
    let most = Value::Integer(most.into());
    let given = rusqlite::params_from_iter(after.iter().take(table.key).chain([&most]));
    rows::all(connection, &sql, given, |row| read_row(row, table))
}

fn read_row(row: &Row<'_>, table: &Table) -> Result<ArchivedRow, StorageError> {
    let read = |(index, (name, kind)): (usize, &(&'static str, Kind))| {
        let value = match (row.get_ref(index)?, kind) {
            (ValueRef::Text(text), Kind::Text) => {
                let text = std::str::from_utf8(text).map_err(|_| StorageError::Inconsistent(name))?;
                Value::Text(text.to_owned())
            }
            (ValueRef::Integer(number), Kind::Integer) => Value::Integer(number),
            (ValueRef::Blob(bytes), Kind::Bytes) => Value::Bytes(bytes.to_vec()),
            (ValueRef::Null, _) => Value::Nothing,
            _ => return Err(StorageError::Inconsistent(name)),
        };
        Ok(value)
    };
    table.columns.iter().enumerate().map(read).collect()
}

pub(super) fn put(
    transaction: &Connection,
    table: &Table,
    given: &[ArchivedRow],
) -> Result<(), StorageError> {
    let sql = table.put_sql(question);
    for row in given {
        if row.len() != table.columns.len() {
            return Err(StorageError::Inconsistent("columns"));
        }
        rows::run(transaction, &sql, rusqlite::params_from_iter(row))?;
    }
    Ok(())
}

pub(super) fn derive(transaction: &Connection, derivation: Derivation) -> Result<Derived, StorageError> {
    let before = digest(transaction)?;
    transaction.execute_batch("SAVEPOINT derivation")?;
    transaction.execute_batch("DELETE FROM changes; DELETE FROM doses; DELETE FROM disputes")?;
    let sql = format!(
        "SELECT municipality, hash, outcome, received_at, entry FROM entries WHERE outcome IN ({HAVE_EFFECTS})
         ORDER BY municipality, tablet_number, epoch, position, hash"
    );
    let mut statement = transaction.prepare(&sql)?;
    let mut effective = statement.query([])?;
    while let Some(row) = effective.next()? {
        let entry = Entry::from_bytes(row.get_ref("entry")?.as_blob().unwrap_or_default());
        let entry = entry.map_err(|_| StorageError::Inconsistent("entry"))?;
        let kept = Kept {
            owner: rows::text(row, "municipality")?,
            entry_id: entry.entry_id,
            hash: rows::bytes(row, "hash")?,
            received_at: rows::wall_time(row, "received_at")?,
        };
        let outcome: Outcome = rows::text(row, "outcome")?;
        // What it changes is asked for only where that matters.
        let changed = entry.content.changes().filter(|_| outcome != Outcome::Delivered);
        let mut lines = Lines::default();
        register::tell_back(transaction, kept.owner, changed.into_iter().collect(), &mut lines)?;
        batches::insert_effects(transaction, &kept, &Effects::of(&entry, &outcome, &lines))?;
    }
    rows::run(
        transaction,
        "UPDATE epochs SET (stored, highest_position, last_position) = (
             SELECT count(DISTINCT position), coalesce(max(position), 0),
                 max(last_position, coalesce(max(position), 0))
             FROM entries WHERE entries.municipality = epochs.municipality
                 AND entries.tablet_number = epochs.tablet_number AND entries.epoch = epochs.epoch)",
        params![],
    )?;
    let after = digest(transaction)?;
    if derivation == Derivation::Compare {
        transaction.execute_batch("ROLLBACK TO derivation")?;
    }
    transaction.execute_batch("RELEASE derivation")?;
    Ok(Derived { before, after })
}

fn digest(connection: &Connection) -> Result<RegisterDigest, StorageError> {
    let mut digesting = Digesting::default();
    for table in DERIVED {
        let mut after = Vec::new();
        loop {
            let found = page(connection, table, &after, AT_ONCE)?;
            found.iter().for_each(|row| digesting.take(table, row));
            match found.last() {
                Some(last) => after = table.key_of(last),
                None => break,
            }
        }
    }
    Ok(digesting.finish())
}
