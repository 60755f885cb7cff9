//! What was revoked, replaced and declared lost.
//!
//! Must not: take back a replacement, or let a revoked bundle in again.

use std::collections::BTreeMap;

use record::{Epoch, TabletId};
use rusqlite::{Connection, Row, params};

use super::{audit, reference, rows};
use crate::{
    audit::Act,
    fleet::Missing,
    storage::{
        BundleRow, Loss, ReplaceVerdict, ReplacedBy, Replacement, Said, StorageError, handouts::joined,
    },
};

pub(super) fn bundles(connection: &Connection, tablet_id: TabletId) -> Result<Vec<BundleRow>, StorageError> {
    rows::all(
        connection,
        "SELECT issued_at, expires_at, revoked_at, revoked_by, revoke_reason FROM enrolment_tokens
         WHERE municipality = ?1 AND tablet_number = ?2 ORDER BY issued_at DESC, token_digest",
        params![tablet_id.municipality().to_string(), tablet_id.number()],
        |row| {
            let revoked_at: Option<i64> = rows::raw(row, "revoked_at")?;
            let revoked = revoked_at.map(|_| said(row)).transpose()?;
            Ok(BundleRow {
                issued_at: rows::wall_time(row, "issued_at")?,
                expires_at: rows::wall_time(row, "expires_at")?,
                revoked,
            })
        },
    )
}

pub(super) fn said(row: &Row<'_>) -> Result<Said, StorageError> {
    Ok(Said {
        by: rows::text(row, "revoked_by")?,
        reason: rows::text(row, "revoke_reason")?,
        at: rows::wall_time(row, "revoked_at")?,
    })
}

pub(super) fn revoke_bundles(
    transaction: &Connection,
    tablet_id: TabletId,
    said: &Said,
) -> Result<u32, StorageError> {
    let ended = rows::run(
        transaction,
        "UPDATE enrolment_tokens SET revoked_at = ?3, revoked_by = ?4, revoke_reason = ?5
         WHERE municipality = ?1 AND tablet_number = ?2 AND revoked_at IS NULL AND expires_at > ?3",
        params![
            tablet_id.municipality().to_string(),
            tablet_id.number(),
            said.at.unix_ms(),
            said.by.as_str(),
            said.reason.as_str()
        ],
    )?;
    if ended > 0 {
        audit::append(
            transaction,
            &said.line(tablet_id.municipality(), &Act::BundlesRevoked { tablet: tablet_id }),
        )?;
    }
    Ok(u32::try_from(ended).unwrap_or(u32::MAX))
}

pub(super) fn replace(
    transaction: &Connection,
    replacement: &Replacement,
) -> Result<ReplaceVerdict, StorageError> {
    let Replacement { replaced, by, said } = replacement;
    if let Some(already) = replaced_by(transaction, *replaced)? {
        return Ok(ReplaceVerdict::Already(already));
    }
    let is_in = |table: &str, tablet_id: &TabletId| {
        let sql = format!("SELECT 1 AS found FROM {table} WHERE municipality = ?1 AND tablet_number = ?2");
        let key = params![tablet_id.municipality().to_string(), tablet_id.number()];
        rows::one(transaction, &sql, key, |row| rows::raw::<i64>(row, "found")).map(|found| found.is_some())
    };
    let is_possible = replaced != by
        && replaced.municipality() == by.municipality()
        && is_in("devices", replaced)?
        && is_in("tablets", by)?
        && replaced_by(transaction, *by)?.is_none();
    if !is_possible {
        return Ok(ReplaceVerdict::Impossible);
    }
    let version = reference::next_version(transaction, said.at)?;
    rows::run(
        transaction,
        "INSERT INTO replaced_tablets (municipality, tablet_number, replaced_by, replaced_at, declared_by, reason,
             version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            replaced.municipality().to_string(),
            replaced.number(),
            by.number(),
            said.at.unix_ms(),
            said.by.as_str(),
            said.reason.as_str(),
            rows::signed(version.number())
        ],
    )?;
    let act = Act::TabletReplaced { tablet: *replaced };
    audit::append(transaction, &said.line(replaced.municipality(), &act))?;
    Ok(ReplaceVerdict::Replaced)
}

/// What took that tablet's place.
pub(super) fn replaced_by(
    connection: &Connection,
    tablet_id: TabletId,
) -> Result<Option<ReplacedBy>, StorageError> {
    rows::one(
        connection,
        "SELECT municipality, replaced_by AS tablet_number, replaced_at FROM replaced_tablets
         WHERE municipality = ?1 AND tablet_number = ?2",
        params![tablet_id.municipality().to_string(), tablet_id.number()],
        |row| Ok(ReplacedBy { tablet_id: rows::tablet_id(row)?, at: rows::wall_time(row, "replaced_at")? }),
    )
}

pub(super) fn declare_lost(transaction: &Connection, loss: &Loss) -> Result<(), StorageError> {
    for (epoch, run) in &loss.runs {
        rows::run(
            transaction,
            "INSERT INTO lost_positions (municipality, tablet_number, epoch, first, last, declared_at, declared_by,
                 reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            params![
                loss.tablet_id.municipality().to_string(),
                loss.tablet_id.number(),
                epoch.number(),
                rows::signed(run.first),
                rows::signed(run.last),
                loss.said.at.unix_ms(),
                loss.said.by.as_str(),
                loss.said.reason.as_str()
            ],
        )?;
    }
    let act = Act::DeclaredLost { tablet: loss.tablet_id };
    audit::append(transaction, &loss.said.line(loss.tablet_id.municipality(), &act))
}

/// How many positions were declared lost and have not come, by tablet and database; few tablets have any.
pub(super) fn lost(connection: &Connection) -> Result<BTreeMap<(TabletId, Epoch), u64>, StorageError> {
    let declared = rows::all(
        connection,
        "SELECT municipality, tablet_number, epoch, first, last FROM lost_positions",
        [],
        |row| {
            let run = Missing { first: rows::number(row, "first")?, last: rows::number(row, "last")? };
            Ok(((rows::tablet_id(row)?, rows::epoch(row)?), run))
        },
    )?;
    let mut runs: BTreeMap<(TabletId, Epoch), Vec<Missing>> = BTreeMap::new();
    declared.into_iter().for_each(|(place, run)| runs.entry(place).or_default().push(run));
    let mut lost = BTreeMap::new();
    for ((tablet_id, epoch), runs) in runs {
        let mut count = 0_u64;
        for run in joined(runs) {
            let came = rows::one(
                connection,
                "SELECT count(DISTINCT position) AS came FROM entries
                 WHERE municipality = ?1 AND tablet_number = ?2 AND epoch = ?3 AND position BETWEEN ?4 AND ?5",
                params![
                    tablet_id.municipality().to_string(),
                    tablet_id.number(),
                    epoch.number(),
                    rows::signed(run.first),
                    rows::signed(run.last)
                ],
                |row| rows::number(row, "came"),
            )?;
            count += (run.last - run.first + 1).saturating_sub(came.unwrap_or(0));
        }
        lost.insert((tablet_id, epoch), count);
    }
    Ok(lost)
}
