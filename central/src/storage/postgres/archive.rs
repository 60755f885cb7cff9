//! Tables row by row, and the register derived from the entries again.
//!
//! Must not: leave the register half derived; all of it is one transaction.

use deadpool_postgres::Client;
use record::{Entry, Outcome};
use tokio_postgres::Row;

use super::{
    call::{self, Call, run, run_one, values},
    columns::Layout,
    following::{Following, Kept},
    held::InTransaction,
    locks, register, rows,
};
use crate::intake::{Effects, HAVE_EFFECTS, Lines};
use crate::storage::{
    Answer, ArchivedRow, DERIVED, Derivation, Derived, Kind, RegisterDigest, Snapshot, StorageError, Table,
    Value, archive::Digesting,
};

/// Rows read or written with one statement.
const AT_ONCE: u32 = 2_000;

/// One moment of the register, held by a transaction.
pub(super) struct Moment(pub(super) InTransaction);

impl Moment {
    pub(super) async fn begin(held: InTransaction) -> Result<Self, StorageError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        run_one(held.client()?, Call::new(begin, values![])).await?;
        Ok(Self(held))
    }
}

impl Snapshot for Moment {
    fn page(&mut self, table: &'static Table, after: Vec<Value>, most: u32) -> Answer<'_, Vec<ArchivedRow>> {
        Box::pin(async move { page(self.0.client()?, table, &after, most).await })
    }
}

fn dollar(number: usize) -> String {
    format!("${number}")
}

pub(super) async fn page(
    client: &Client,
    table: &Table,
    after: &[Value],
    most: u32,
) -> Result<Vec<ArchivedRow>, StorageError> {
    let sql = table.page_sql(dollar, !after.is_empty());
    let mut given: Vec<call::Value<'_>> = Vec::new();
    for (value, (name, kind)) in after.iter().zip(table.columns) {
        given.push(given_value(value, *kind, name)?);
    }
    given.push(Box::new(i64::from(most)));
    let found = run_one(client, Call::made(sql, given)).await?;
    found.iter().map(|row| read_row(row, table)).collect()
}

fn read_row(row: &Row, table: &Table) -> Result<ArchivedRow, StorageError> {
    let read = |(name, kind): &(&'static str, Kind)| {
        let value = match kind {
            Kind::Text => rows::raw::<Option<String>>(row, *name)?.map(Value::Text),
            Kind::Integer if *name == "dose" => {
                rows::raw::<Option<i16>>(row, *name)?.map(|number| Value::Integer(number.into()))
            }
            Kind::Integer => rows::raw::<Option<i64>>(row, *name)?.map(Value::Integer),
            Kind::Bytes => rows::raw::<Option<Vec<u8>>>(row, *name)?.map(Value::Bytes),
        };
        Ok(value.unwrap_or(Value::Nothing))
    };
    table.columns.iter().map(read).collect()
}

fn given_value(value: &Value, kind: Kind, name: &'static str) -> Result<call::Value<'static>, StorageError> {
    Ok(match (value, kind) {
        (Value::Text(text), Kind::Text) => Box::new(text.clone()),
        (Value::Integer(number), Kind::Integer) if name == "dose" => {
            Box::new(i16::try_from(*number).map_err(|_| StorageError::Inconsistent(name))?)
        }
        (Value::Integer(number), Kind::Integer) => Box::new(*number),
        (Value::Bytes(bytes), Kind::Bytes) => Box::new(Some(bytes.clone())),
        (Value::Nothing, Kind::Bytes) => Box::new(None::<Vec<u8>>),
        (Value::Nothing, Kind::Text) => Box::new(None::<String>),
        (Value::Nothing, Kind::Integer) => Box::new(None::<i64>),
        _ => return Err(StorageError::Inconsistent(name)),
    })
}

pub(super) async fn put(client: &Client, table: &Table, given: Vec<ArchivedRow>) -> Result<(), StorageError> {
    let sql = table.put_sql(dollar);
    let mut calls = vec![Call::new("BEGIN", values![])];
    for row in given {
        if row.len() != table.columns.len() {
            return Err(StorageError::Inconsistent("columns"));
        }
        let each = row.iter().zip(table.columns).map(|(value, (name, kind))| given_value(value, *kind, name));
        calls.push(Call::made(sql.clone(), each.collect::<Result<_, _>>()?));
    }
    calls.push(Call::new("COMMIT", values![]));
    run(client, &calls).await.map(drop)
}

pub(super) async fn derive(
    client: &Client,
    layout: Layout,
    derivation: Derivation,
) -> Result<Derived, StorageError> {
    let begin = [Call::new("BEGIN", values![]), locks::hold_all(layout)];
    run(client, &begin).await?;
    let before = digest(client).await?;
    let empty = ["DELETE FROM changes", "DELETE FROM doses", "DELETE FROM disputes"];
    let empty = empty.map(|sql| Call::new(sql, values![]));
    run(client, &empty).await?;
    let mut after: Option<ArchivedRow> = None;
    while let Some(last) = derive_page(client, layout, after.as_deref()).await? {
        after = Some(last);
    }
    let counts = Call::new(
        "UPDATE epochs SET stored = coalesce(found.stored, 0), highest_position = coalesce(found.highest, 0),
             last_position = greatest(epochs.last_position, coalesce(found.highest, 0))
         FROM epochs AS every LEFT JOIN (
             SELECT municipality, tablet_number, epoch, count(DISTINCT position) AS stored,
                 max(position) AS highest
             FROM entries GROUP BY municipality, tablet_number, epoch) AS found
             USING (municipality, tablet_number, epoch)
         WHERE epochs.municipality = every.municipality AND epochs.tablet_number = every.tablet_number
             AND epochs.epoch = every.epoch",
        values![],
    );
    run_one(client, counts).await?;
    let after = digest(client).await?;
    let end = match derivation {
        Derivation::Keep => "COMMIT",
        Derivation::Compare => "ROLLBACK",
    };
    run_one(client, Call::new(end, values![])).await?;
    Ok(Derived { before, after })
}

async fn digest(client: &Client) -> Result<RegisterDigest, StorageError> {
    let mut digesting = Digesting::default();
    for table in DERIVED {
        let mut after = Vec::new();
        loop {
            let found = page(client, table, &after, AT_ONCE).await?;
            found.iter().for_each(|row| digesting.take(table, row));
            match found.last() {
                Some(last) => after = table.key_of(last),
                None => break,
            }
        }
    }
    Ok(digesting.finish())
}

/// What is read of an entry: its key, and what it says.
const ENTRIES: &str =
    "SELECT municipality, tablet_number, epoch, position, hash, outcome, received_at, entry FROM entries";
const KEY: &str = "(municipality, tablet_number, epoch, position, hash)";

/// Derives what follows from the next entries; the key of the last of them.
async fn derive_page(
    client: &Client,
    layout: Layout,
    after: Option<&[Value]>,
) -> Result<Option<ArchivedRow>, StorageError> {
    let kinds = [Kind::Text, Kind::Integer, Kind::Integer, Kind::Integer, Kind::Bytes];
    let mut given: Vec<call::Value<'_>> = Vec::new();
    for (value, kind) in after.unwrap_or_default().iter().zip(kinds) {
        given.push(given_value(value, kind, "entries")?);
    }
    given.push(Box::new(i64::from(AT_ONCE)));
    let order = "ORDER BY municipality, tablet_number, epoch, position, hash LIMIT";
    let sql = match after {
        Some(_) => format!("{ENTRIES} WHERE {KEY} > ($1, $2, $3, $4, $5) {order} $6"),
        None => format!("{ENTRIES} {order} $1"),
    };
    let found = run_one(client, Call::made(sql, given)).await?;
    let Some(last) = found.last() else { return Ok(None) };
    let mut following = Following::default();
    for row in &found {
        let outcome: Outcome = rows::text(row, "outcome")?;
        if !HAVE_EFFECTS.contains(&format!("'{outcome}'")) {
            continue;
        }
        let entry = Entry::from_bytes(rows::raw(row, "entry")?);
        let entry = entry.map_err(|_| StorageError::Inconsistent("entry"))?;
        let owner: &str = rows::raw(row, "municipality")?;
        // What it changes is asked for only where that matters.
        let changed = entry.content.changes().filter(|_| outcome != Outcome::Delivered);
        let mut lines = Lines::default();
        register::tell_back(client, owner, changed.into_iter().collect(), &mut lines).await?;
        let kept = Kept {
            owner,
            entry_id: entry.entry_id,
            hash: rows::bytes(row, "hash")?,
            received_at: rows::wall_time(row, "received_at")?,
        };
        following.take(&kept, &Effects::of(&entry, &outcome, &lines));
    }
    let calls = following.calls(layout);
    if !calls.is_empty() {
        run(client, &calls).await?;
    }
    Ok(Some(vec![
        Value::Text(rows::raw(last, "municipality")?),
        Value::Integer(rows::raw(last, "tablet_number")?),
        Value::Integer(rows::raw(last, "epoch")?),
        Value::Integer(rows::raw(last, "position")?),
        Value::Bytes(rows::raw(last, "hash")?),
    ]))
}
