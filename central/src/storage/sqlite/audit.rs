//! Lines of the audit.
//!
//! Must not: change or delete one, which triggers refuse as well.

use record::MunicipalityCode;
use rusqlite::{Connection, params, params_from_iter, types::Value};
use seal::audit::AuditLink;

use super::rows;
use crate::storage::{About, AtMost, Line, LineQuestion, NewLine, Recorded, StorageError, audit::place_of};

pub(super) fn record(
    transaction: &Connection,
    lines: &[NewLine],
    at_most: Option<&AtMost>,
) -> Result<Recorded, StorageError> {
    if let Some(bound) = at_most {
        let sql = "SELECT count(*) AS found FROM audit
             WHERE municipality = ?1 AND account = ?2 AND kind = ?3 AND recorded_at >= ?4";
        let key = params![bound.municipality.to_string(), bound.account, bound.kind, bound.since.unix_ms()];
        let found = rows::one(transaction, sql, key, |row| rows::number(row, "found"))?;
        if found.unwrap_or(0) >= u64::from(bound.most) {
            return Ok(Recorded::TooMany);
        }
    }
    lines.iter().try_for_each(|line| append(transaction, line))?;
    Ok(Recorded::Recorded)
}

/// Adds a line inside a transaction that does what it tells of.
pub(super) fn append(transaction: &Connection, line: &NewLine) -> Result<(), StorageError> {
    let (position, previous, link) = place_of(line, last_link(transaction, line.municipality)?);
    let (person, sealed) = match &line.about {
        Some(About { person, sealed }) => (Some(person.as_slice()), Some(sealed.as_slice())),
        None => (None, None),
    };
    rows::run(
        transaction,
        "INSERT INTO audit (municipality, position, recorded_at, account, kind, content, person, sealed,
             previous_link, link)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            line.municipality.to_string(),
            rows::signed(position),
            line.at.unix_ms(),
            line.account,
            line.kind,
            line.content,
            person,
            sealed,
            previous,
            link
        ],
    )
    .map(drop)
}

pub(super) fn last_link(
    connection: &Connection,
    municipality: MunicipalityCode,
) -> Result<Option<(u64, AuditLink)>, StorageError> {
    let sql = "SELECT position, link FROM audit WHERE municipality = ?1 ORDER BY position DESC LIMIT 1";
    rows::one(connection, sql, [municipality.to_string()], |row| {
        Ok((rows::number(row, "position")?, rows::bytes(row, "link")?))
    })
}

pub(super) fn lines(connection: &Connection, asked: &LineQuestion) -> Result<Vec<Line>, StorageError> {
    let mut sql = "SELECT position, recorded_at, account, kind, content, person, sealed FROM audit
         WHERE municipality = ?"
        .to_owned();
    let mut given = vec![Value::from(asked.municipality.to_string())];
    let mut only = |condition: &str, value: Value| {
        sql.push_str(condition);
        given.push(value);
    };
    if let Some(account) = &asked.account {
        only(" AND account = ?", Value::from(account.clone()));
    }
    if let Some(person) = asked.person {
        only(" AND person = ?", Value::from(person.to_vec()));
    }
    if let Some(before) = asked.before {
        only(" AND position < ?", Value::from(rows::signed(before)));
    }
    for (place, kind) in asked.kinds.iter().enumerate() {
        only(if place == 0 { " AND kind IN (?" } else { ", ?" }, Value::from((*kind).to_owned()));
    }
    if !asked.kinds.is_empty() {
        sql.push(')');
    }
    sql.push_str(" ORDER BY position DESC LIMIT ?");
    given.push(Value::from(i64::from(asked.most)));
    rows::all(connection, &sql, params_from_iter(given), |row| {
        let person: Option<[u8; 16]> = rows::raw(row, "person")?;
        let sealed: Option<Vec<u8>> = rows::raw(row, "sealed")?;
        Ok(Line {
            position: rows::number(row, "position")?,
            at: rows::wall_time(row, "recorded_at")?,
            account: rows::raw(row, "account")?,
            kind: rows::raw(row, "kind")?,
            content: rows::raw(row, "content")?,
            about: person.zip(sealed).map(|(person, sealed)| About { person, sealed }),
        })
    })
}
