//! Boxes that were handed out, and releases.
//!
//! Must not: keep half a box: the caller's transaction holds all of it.

use record::{MunicipalityCode, TabletId, WallTime};
use rusqlite::{Connection, Row, params};

use super::{audit, handouts, reference, rows, tablets};
use crate::{
    audit::Act,
    storage::{AccountName, BoxRow, HandedOut, Release, Said, StorageError},
};

pub(super) fn hand_out(transaction: &Connection, handed: &HandedOut) -> Result<(), StorageError> {
    for invitation in &handed.invitations {
        tablets::invite(transaction, invitation)?;
        reference::let_know(transaction, invitation.tablet_id, &handed.known, handed.issued_at)?;
    }
    rows::run(
        transaction,
        "INSERT INTO bundle_boxes (municipality, issued_at, expires_at, kind, made_by, file)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            handed.municipality.to_string(),
            handed.issued_at.unix_ms(),
            handed.expires_at.unix_ms(),
            handed.kind.to_string(),
            handed.made_by.as_ref().map(AccountName::as_str),
            handed.file
        ],
    )?;
    audit::append(transaction, &handed.line())
}

pub(super) fn boxes(
    connection: &Connection,
    municipality: MunicipalityCode,
    most: u32,
) -> Result<Vec<BoxRow>, StorageError> {
    let mut boxes = rows::all(
        connection,
        "SELECT issued_at, expires_at, kind, made_by FROM bundle_boxes WHERE municipality = ?1
         ORDER BY issued_at DESC LIMIT ?2",
        params![municipality.to_string(), most],
        |row| {
            Ok(BoxRow {
                issued_at: rows::wall_time(row, "issued_at")?,
                expires_at: rows::wall_time(row, "expires_at")?,
                kind: rows::text(row, "kind")?,
                made_by: made_by(row)?,
                tablets: Vec::new(),
            })
        },
    )?;
    for made in &mut boxes {
        made.tablets = rows::all(
            connection,
            "SELECT municipality, tablet_number, revoked_at, revoked_by, revoke_reason FROM enrolment_tokens
             WHERE municipality = ?1 AND issued_at = ?2 ORDER BY tablet_number",
            params![municipality.to_string(), made.issued_at.unix_ms()],
            tablet,
        )?;
    }
    Ok(boxes)
}

fn made_by(row: &Row<'_>) -> Result<Option<AccountName>, StorageError> {
    let name: Option<String> = rows::raw(row, "made_by")?;
    name.map(|_| rows::text(row, "made_by")).transpose()
}

fn tablet(row: &Row<'_>) -> Result<(TabletId, Option<Said>), StorageError> {
    let revoked_at: Option<i64> = rows::raw(row, "revoked_at")?;
    Ok((rows::tablet_id(row)?, revoked_at.map(|_| handouts::said(row)).transpose()?))
}

pub(super) fn any(connection: &Connection) -> Result<bool, StorageError> {
    let found = rows::one(connection, "SELECT 1 AS found FROM bundle_boxes LIMIT 1", [], |row| {
        rows::raw::<i64>(row, "found")
    });
    Ok(found?.is_some())
}

pub(super) fn file(
    connection: &Connection,
    municipality: MunicipalityCode,
    issued_at: WallTime,
) -> Result<Option<Vec<u8>>, StorageError> {
    rows::one(
        connection,
        "SELECT file FROM bundle_boxes WHERE municipality = ?1 AND issued_at = ?2",
        params![municipality.to_string(), issued_at.unix_ms()],
        |row| rows::raw(row, "file"),
    )
}

pub(super) fn revoke(
    transaction: &Connection,
    municipality: MunicipalityCode,
    issued_at: WallTime,
    said: &Said,
) -> Result<u32, StorageError> {
    let ended = rows::run(
        transaction,
        "UPDATE enrolment_tokens SET revoked_at = ?3, revoked_by = ?4, revoke_reason = ?5
         WHERE municipality = ?1 AND issued_at = ?2 AND revoked_at IS NULL AND expires_at > ?3",
        params![
            municipality.to_string(),
            issued_at.unix_ms(),
            said.at.unix_ms(),
            said.by.as_str(),
            said.reason.as_str()
        ],
    )?;
    let ended = u32::try_from(ended).unwrap_or(u32::MAX);
    if ended > 0 {
        let act = Act::BoxRevoked { box_made_at: issued_at, tablets: ended };
        audit::append(transaction, &said.line(municipality, &act))?;
    }
    Ok(ended)
}

pub(super) fn note_release(transaction: &Connection, release: &Release) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "INSERT INTO recovery_releases (municipality, tablet_number, released_at, asked_by, allowed_by, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            release.tablet_id.municipality().to_string(),
            release.tablet_id.number(),
            release.at.unix_ms(),
            release.asked_by.as_str(),
            release.allowed_by.as_str(),
            release.reason.as_str()
        ],
    )?;
    audit::append(transaction, &release.line())
}

pub(super) fn releases(
    connection: &Connection,
    municipality: MunicipalityCode,
) -> Result<Vec<Release>, StorageError> {
    rows::all(
        connection,
        "SELECT municipality, tablet_number, released_at, asked_by, allowed_by, reason FROM recovery_releases
         WHERE municipality = ?1 ORDER BY released_at DESC, tablet_number",
        params![municipality.to_string()],
        |row| {
            Ok(Release {
                tablet_id: rows::tablet_id(row)?,
                at: rows::wall_time(row, "released_at")?,
                asked_by: rows::text(row, "asked_by")?,
                allowed_by: rows::text(row, "allowed_by")?,
                reason: rows::text(row, "reason")?,
            })
        },
    )
}
