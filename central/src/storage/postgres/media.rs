//! Ledgers of sealed files.
//!
//! Must not: change or delete a line; triggers hold that too, where the tables lie on one machine.

use deadpool_postgres::Client;
use record::{MunicipalityCode, bytes::Link};
use tokio_postgres::Row;

use super::{
    audit,
    call::{Call, run, run_one, values},
    columns::Layout,
    rows,
};
use crate::storage::{MediaLine, NewLine, StorageError};

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn add(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    line: MediaLine,
    audited: Option<NewLine>,
) -> Result<bool, StorageError> {
    let sql = "INSERT INTO media_ledger (municipality, number, about, line, link) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING number";
    let MediaLine { number, about, line, link } = line;
    let given = values![rows::code(municipality), rows::signed(number), about, line, link.0.to_vec()];
    let answers = run(client, &[Call::new("BEGIN", values![]), Call::new(sql, given)]).await?;
    let is_added = answers.last().is_some_and(|rows| rows.len() == 1);
    if let Some(audited) = audited.filter(|_| is_added) {
        audit::append(client, layout, audited).await?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(is_added)
}

pub(super) async fn after(
    client: &Client,
    municipality: MunicipalityCode,
    after: u64,
    most: u32,
) -> Result<Vec<MediaLine>, StorageError> {
    let sql = "SELECT number, about, line, link FROM media_ledger
         WHERE municipality = $1 AND number > $2 ORDER BY number LIMIT $3";
    lines(client, sql, values![rows::code(municipality), rows::signed(after), i64::from(most)]).await
}

pub(super) async fn latest(
    client: &Client,
    municipality: MunicipalityCode,
    before: Option<u64>,
    most: u32,
) -> Result<Vec<MediaLine>, StorageError> {
    let sql = "SELECT number, about, line, link FROM media_ledger
         WHERE municipality = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    let before = before.map_or(i64::MAX, rows::signed);
    lines(client, sql, values![rows::code(municipality), before, i64::from(most)]).await
}

pub(super) async fn about(
    client: &Client,
    municipality: MunicipalityCode,
    about: String,
) -> Result<Vec<MediaLine>, StorageError> {
    let sql = "SELECT number, about, line, link FROM media_ledger
         WHERE municipality = $1 AND about = $2 ORDER BY number";
    lines(client, sql, values![rows::code(municipality), about]).await
}

pub(super) async fn municipalities(client: &Client) -> Result<Vec<MunicipalityCode>, StorageError> {
    let sql = "SELECT DISTINCT municipality FROM media_ledger ORDER BY municipality";
    run_one(client, Call::new(sql, values![]))
        .await?
        .iter()
        .map(|row| rows::text(row, "municipality"))
        .collect()
}

async fn lines<'a>(
    client: &Client,
    sql: &'static str,
    given: Vec<super::call::Value<'a>>,
) -> Result<Vec<MediaLine>, StorageError> {
    run_one(client, Call::new(sql, given)).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<MediaLine, StorageError> {
    Ok(MediaLine {
        number: rows::number(row, "number")?,
        about: rows::raw(row, "about")?,
        line: rows::raw(row, "line")?,
        link: Link(rows::bytes::<[u8; 32]>(row, "link")?),
    })
}
