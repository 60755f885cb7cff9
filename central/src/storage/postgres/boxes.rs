//! Boxes that were handed out, and releases.
//!
//! Must not: keep half a box: [`hand_out`] begins a transaction and ends it.

use deadpool_postgres::Client;
use record::{MunicipalityCode, TabletId, WallTime};
use tokio_postgres::Row;

use super::{
    audit,
    call::{Call, run, run_one, values},
    columns::Layout,
    handouts, reference, rows, tablets,
};
use crate::{
    audit::Act,
    storage::{AccountName, BoxRow, HandedOut, Release, Said, StorageError},
};

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn hand_out(
    client: &Client,
    layout: Layout,
    handed: &HandedOut,
) -> Result<(), StorageError> {
    let version = reference::begin(client, handed.issued_at).await?;
    let mut calls = Vec::new();
    for invitation in &handed.invitations {
        calls.extend(tablets::invite_calls(invitation));
        let known = reference::know_calls(client, invitation.tablet_id, &handed.known, version).await?;
        calls.extend(known.unwrap_or_default());
    }
    calls.push(Call::new(
        "INSERT INTO bundle_boxes (municipality, issued_at, expires_at, kind, made_by, file)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            rows::code(handed.municipality),
            handed.issued_at.unix_ms(),
            handed.expires_at.unix_ms(),
            handed.kind.to_string(),
            handed.made_by.as_ref().map(|name| name.as_str().to_owned()),
            handed.file.clone()
        ],
    ));
    run(client, &calls).await?;
    audit::append(client, layout, handed.line()).await?;
    run_one(client, Call::new("COMMIT", values![])).await.map(drop)
}

pub(super) async fn boxes(
    client: &Client,
    municipality: MunicipalityCode,
    most: u32,
) -> Result<Vec<BoxRow>, StorageError> {
    let call = Call::new(
        "SELECT issued_at, expires_at, kind, made_by FROM bundle_boxes WHERE municipality = $1
         ORDER BY issued_at DESC LIMIT $2",
        values![rows::code(municipality), i64::from(most)],
    );
    let mut boxes = Vec::new();
    for row in run_one(client, call).await? {
        let issued_at = rows::wall_time(&row, "issued_at")?;
        let tablets = Call::new(
            "SELECT municipality, tablet_number, revoked_at, revoked_by, revoke_reason FROM enrolment_tokens
             WHERE municipality = $1 AND issued_at = $2 ORDER BY tablet_number",
            values![rows::code(municipality), issued_at.unix_ms()],
        );
        boxes.push(BoxRow {
            issued_at,
            expires_at: rows::wall_time(&row, "expires_at")?,
            kind: rows::text(&row, "kind")?,
            made_by: made_by(&row)?,
            tablets: run_one(client, tablets).await?.iter().map(tablet).collect::<Result<_, _>>()?,
        });
    }
    Ok(boxes)
}

fn made_by(row: &Row) -> Result<Option<AccountName>, StorageError> {
    let name: Option<String> = rows::raw(row, "made_by")?;
    name.map(|_| rows::text(row, "made_by")).transpose()
}

fn tablet(row: &Row) -> Result<(TabletId, Option<Said>), StorageError> {
    let revoked_at: Option<i64> = rows::raw(row, "revoked_at")?;
    Ok((rows::tablet_id(row)?, revoked_at.map(|_| handouts::said(row)).transpose()?))
}

pub(super) async fn any(client: &Client) -> Result<bool, StorageError> {
    let call = Call::new("SELECT 1 AS found FROM bundle_boxes LIMIT 1", values![]);
    Ok(!run_one(client, call).await?.is_empty())
}

pub(super) async fn file(
    client: &Client,
    municipality: MunicipalityCode,
    issued_at: WallTime,
) -> Result<Option<Vec<u8>>, StorageError> {
    let call = Call::new(
        "SELECT file FROM bundle_boxes WHERE municipality = $1 AND issued_at = $2",
        values![rows::code(municipality), issued_at.unix_ms()],
    );
    run_one(client, call).await?.first().map(|row| rows::raw(row, "file")).transpose()
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn revoke(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    issued_at: WallTime,
    said: &Said,
) -> Result<u32, StorageError> {
    let call = Call::new(
        "UPDATE enrolment_tokens SET revoked_at = $3, revoked_by = $4, revoke_reason = $5
         WHERE municipality = $1 AND issued_at = $2 AND revoked_at IS NULL AND expires_at > $3
         RETURNING token_digest",
        values![
            rows::code(municipality),
            issued_at.unix_ms(),
            said.at.unix_ms(),
            said.by.as_str(),
            said.reason.as_str()
        ],
    );
    let answers = run(client, &[Call::new("BEGIN", values![]), call]).await?;
    let ended = answers.last().map_or(0, |rows| u32::try_from(rows.len()).unwrap_or(u32::MAX));
    if ended > 0 {
        let act = Act::BoxRevoked { box_made_at: issued_at, tablets: ended };
        audit::append(client, layout, said.line(municipality, &act)).await?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(ended)
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn note_release(
    client: &Client,
    layout: Layout,
    release: &Release,
) -> Result<(), StorageError> {
    let (municipality, number) = rows::key(release.tablet_id);
    let call = Call::new(
        "INSERT INTO recovery_releases (municipality, tablet_number, released_at, asked_by, allowed_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            municipality,
            number,
            release.at.unix_ms(),
            release.asked_by.as_str(),
            release.allowed_by.as_str(),
            release.reason.as_str()
        ],
    );
    run(client, &[Call::new("BEGIN", values![]), call]).await?;
    audit::append(client, layout, release.line()).await?;
    run_one(client, Call::new("COMMIT", values![])).await.map(drop)
}

pub(super) async fn releases(
    client: &Client,
    municipality: MunicipalityCode,
) -> Result<Vec<Release>, StorageError> {
    let call = Call::new(
        "SELECT municipality, tablet_number, released_at, asked_by, allowed_by, reason FROM recovery_releases
         WHERE municipality = $1 ORDER BY released_at DESC, tablet_number",
        values![rows::code(municipality)],
    );
    let read = |row: &Row| {
        Ok(Release {
            tablet_id: rows::tablet_id(row)?,
            at: rows::wall_time(row, "released_at")?,
            asked_by: rows::text(row, "asked_by")?,
            allowed_by: rows::text(row, "allowed_by")?,
            reason: rows::text(row, "reason")?,
        })
    };
    run_one(client, call).await?.iter().map(read).collect()
}
