//! Lines of the audit. Who adds to a chain holds its end until the transaction ends; the key refuses a second line at one
//! place whatever happens.
//!
//! Must not: change or delete a line, or hold chains in any order but that of their municipalities.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use deadpool_postgres::Client;
use record::MunicipalityCode;
use seal::audit::AuditLink;
use tokio_postgres::Row;

use super::{
    call::{Call, Value, run, run_one, values},
    columns::Layout,
    rows,
};
use crate::storage::{About, AtMost, Line, LineQuestion, NewLine, Recorded, StorageError, audit::place_of};

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn record(
    client: &Client,
    layout: Layout,
    lines: Vec<NewLine>,
    at_most: Option<AtMost>,
) -> Result<Recorded, StorageError> {
    let owners = lines.iter().map(|line| line.municipality).chain(at_most.iter().map(|of| of.municipality));
    let mut calls = vec![Call::new("BEGIN", values![])];
    calls.extend(hold(layout, owners.collect()));
    run(client, &calls).await?;
    if let Some(bound) = at_most {
        let call = Call::new(
            "SELECT count(*) AS found FROM audit
             WHERE municipality = $1 AND account = $2 AND kind = $3 AND recorded_at >= $4",
            values![rows::code(bound.municipality), bound.account, bound.kind, bound.since.unix_ms()],
        );
        let found = run_one(client, call).await?;
        let found = found.first().map(|row| rows::number(row, "found")).transpose()?;
        if found.unwrap_or(0) >= u64::from(bound.most) {
            run_one(client, Call::new("ROLLBACK", values![])).await?;
            return Ok(Recorded::TooMany);
        }
    }
    append_held(client, lines).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(Recorded::Recorded)
}

/// Adds a line inside a transaction that does what it tells of, as the last thing before its end.
pub(super) async fn append(client: &Client, layout: Layout, line: NewLine) -> Result<(), StorageError> {
    run(client, &hold(layout, BTreeSet::from([line.municipality]))).await?;
    append_held(client, vec![line]).await
}

fn hold(layout: Layout, owners: BTreeSet<MunicipalityCode>) -> Vec<Call<'static>> {
    let one = |owner: MunicipalityCode| match layout {
        Layout::Single => Call::new(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            values![format!("vrs audit {owner}")],
        ),
        Layout::Distributed => Call::new(
            "SELECT 1 FROM municipalities WHERE municipality = $1 FOR NO KEY UPDATE",
            values![rows::code(owner)],
        ),
    };
    owners.into_iter().map(one).collect()
}

async fn append_held(client: &Client, lines: Vec<NewLine>) -> Result<(), StorageError> {
    let mut last: BTreeMap<MunicipalityCode, Option<(u64, AuditLink)>> = BTreeMap::new();
    for line in &lines {
        if let Entry::Vacant(first) = last.entry(line.municipality) {
            first.insert(last_link(client, line.municipality).await?);
        }
    }
    let mut calls = Vec::with_capacity(lines.len());
    for line in lines {
        let end = last.entry(line.municipality).or_default();
        let (position, previous, link) = place_of(&line, *end);
        *end = Some((position, link));
        let (person, sealed) = match line.about {
            Some(About { person, sealed }) => (Some(person.to_vec()), Some(sealed)),
            None => (None, None),
        };
        calls.push(Call::new(
            "INSERT INTO audit (municipality, position, recorded_at, account, kind, content, person, sealed,
                 previous_link, link)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            values![
                rows::code(line.municipality),
                rows::signed(position),
                line.at.unix_ms(),
                line.account,
                line.kind,
                line.content,
                person,
                sealed,
                previous.to_vec(),
                link.to_vec()
            ],
        ));
    }
    run(client, &calls).await.map(drop)
}

pub(super) async fn last_link(
    client: &Client,
    municipality: MunicipalityCode,
) -> Result<Option<(u64, AuditLink)>, StorageError> {
    let call = Call::new(
        "SELECT position, link FROM audit WHERE municipality = $1 ORDER BY position DESC LIMIT 1",
        values![rows::code(municipality)],
    );
    let found = run_one(client, call).await?;
    let read = |row: &Row| Ok((rows::number(row, "position")?, rows::bytes(row, "link")?));
    found.first().map(read).transpose()
}

pub(super) async fn lines(client: &Client, asked: LineQuestion) -> Result<Vec<Line>, StorageError> {
    let mut sql = "SELECT position, recorded_at, account, kind, content, person, sealed FROM audit
         WHERE municipality = $1"
        .to_owned();
    let mut given: Vec<Value<'_>> = values![rows::code(asked.municipality)];
    let mut only = |condition: &str, value: Value<'static>| {
        given.push(value);
        sql.push_str(&format!(" AND {condition} ${}", given.len()));
    };
    if let Some(account) = asked.account {
        only("account =", Box::new(account));
    }
    if let Some(person) = asked.person {
        only("person =", Box::new(person.to_vec()));
    }
    if let Some(before) = asked.before {
        only("position <", Box::new(rows::signed(before)));
    }
    if !asked.kinds.is_empty() {
        let kinds: Vec<String> = asked.kinds.into_iter().map(str::to_owned).collect();
        given.push(Box::new(kinds));
        sql.push_str(&format!(" AND kind = ANY(${})", given.len()));
    }
    given.push(Box::new(i64::from(asked.most)));
    sql.push_str(&format!(" ORDER BY position DESC LIMIT ${}", given.len()));
    run_one(client, Call::made(sql, given)).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<Line, StorageError> {
    let person: Option<&[u8]> = rows::raw(row, "person")?;
    let person: Option<[u8; 16]> =
        person.map(|bytes| bytes.try_into().map_err(|_| StorageError::Inconsistent("person"))).transpose()?;
    let sealed: Option<Vec<u8>> = rows::raw(row, "sealed")?;
    Ok(Line {
        position: rows::number(row, "position")?,
        at: rows::wall_time(row, "recorded_at")?,
        account: rows::raw(row, "account")?,
        kind: rows::raw(row, "kind")?,
        content: rows::raw(row, "content")?,
        about: person.zip(sealed).map(|(person, sealed)| About { person, sealed }),
    })
}
