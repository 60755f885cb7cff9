//! What was revoked, replaced and declared lost.
//!
//! Must not: take back a replacement, or let a revoked bundle in again.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use record::{Epoch, TabletId};
use tokio_postgres::Row;

use super::{
    audit,
    call::{Call, run, run_one, values},
    columns::Layout,
    reference, rows,
};
use crate::{
    audit::Act,
    fleet::Missing,
    storage::{
        BundleRow, Loss, ReplaceVerdict, ReplacedBy, Replacement, Said, StorageError, handouts::joined,
    },
};

pub(super) async fn bundles(client: &Client, tablet_id: TabletId) -> Result<Vec<BundleRow>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "SELECT issued_at, expires_at, revoked_at, revoked_by, revoke_reason FROM enrolment_tokens
         WHERE municipality = $1 AND tablet_number = $2 ORDER BY issued_at DESC, token_digest",
        values![municipality, number],
    );
    let read = |row: &Row| {
        let revoked_at: Option<i64> = rows::raw(row, "revoked_at")?;
        Ok(BundleRow {
            issued_at: rows::wall_time(row, "issued_at")?,
            expires_at: rows::wall_time(row, "expires_at")?,
            revoked: revoked_at.map(|_| said(row)).transpose()?,
        })
    };
    run_one(client, call).await?.iter().map(read).collect()
}

pub(super) fn said(row: &Row) -> Result<Said, StorageError> {
    Ok(Said {
        by: rows::text(row, "revoked_by")?,
        reason: rows::text(row, "revoke_reason")?,
        at: rows::wall_time(row, "revoked_at")?,
    })
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn revoke_bundles(
    client: &Client,
    layout: Layout,
    tablet_id: TabletId,
    said: &Said,
) -> Result<u32, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "UPDATE enrolment_tokens SET revoked_at = $3, revoked_by = $4, revoke_reason = $5
         WHERE municipality = $1 AND tablet_number = $2 AND revoked_at IS NULL AND expires_at > $3
         RETURNING token_digest",
        values![municipality, number, said.at.unix_ms(), said.by.as_str(), said.reason.as_str()],
    );
    let answers = run(client, &[Call::new("BEGIN", values![]), call]).await?;
    let ended = answers.last().map_or(0, Vec::len);
    if ended > 0 {
        let act = Act::BundlesRevoked { tablet: tablet_id };
        audit::append(client, layout, said.line(tablet_id.municipality(), &act)).await?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(u32::try_from(ended).unwrap_or(u32::MAX))
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn replace(
    client: &Client,
    layout: Layout,
    replacement: &Replacement,
) -> Result<ReplaceVerdict, StorageError> {
    let Replacement { replaced, by, said } = replacement;
    // Its row is held until the end: of two who replace at once, the second sees what the first did.
    let version = reference::begin(client, said.at).await?;
    let (municipality, number) = rows::key(*replaced);
    let calls = [
        replaced_by_call(*replaced),
        replaced_by_call(*by),
        found_call(
            "SELECT 1 AS found FROM devices WHERE municipality = $1 AND tablet_number = $2",
            *replaced,
        ),
        found_call("SELECT 1 AS found FROM tablets WHERE municipality = $1 AND tablet_number = $2", *by),
    ];
    let answers = run(client, &calls).await?;
    let [already, spare_is_over, is_in, is_known] = &answers[..] else { return Err(StorageError::Stopped) };
    let is_possible = replaced != by
        && replaced.municipality() == by.municipality()
        && !is_in.is_empty()
        && !is_known.is_empty()
        && spare_is_over.is_empty();
    let refused = match already.first() {
        Some(row) => Some(ReplaceVerdict::Already(replaced_by(row)?)),
        None if !is_possible => Some(ReplaceVerdict::Impossible),
        None => None,
    };
    if let Some(refused) = refused {
        run_one(client, Call::new("ROLLBACK", values![])).await?;
        return Ok(refused);
    }
    let call = Call::new(
        "INSERT INTO replaced_tablets (municipality, tablet_number, replaced_by, replaced_at, declared_by,
             reason, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            municipality,
            number,
            i64::from(by.number()),
            said.at.unix_ms(),
            said.by.as_str(),
            said.reason.as_str(),
            rows::signed(version.number())
        ],
    );
    run_one(client, call).await?;
    let act = Act::TabletReplaced { tablet: *replaced };
    audit::append(client, layout, said.line(replaced.municipality(), &act)).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(ReplaceVerdict::Replaced)
}

fn found_call(sql: &'static str, tablet_id: TabletId) -> Call<'static> {
    let (municipality, number) = rows::key(tablet_id);
    Call::new(sql, values![municipality, number])
}

/// What [`replaced_by`] reads.
pub(super) fn replaced_by_call(tablet_id: TabletId) -> Call<'static> {
    found_call(
        "SELECT municipality, replaced_by AS tablet_number, replaced_at, version FROM replaced_tablets
         WHERE municipality = $1 AND tablet_number = $2",
        tablet_id,
    )
}

/// What took a tablet's place.
pub(super) fn replaced_by(row: &Row) -> Result<ReplacedBy, StorageError> {
    Ok(ReplacedBy { tablet_id: rows::tablet_id(row)?, at: rows::wall_time(row, "replaced_at")? })
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn declare_lost(client: &Client, layout: Layout, loss: &Loss) -> Result<(), StorageError> {
    let (municipality, number) = rows::key(loss.tablet_id);
    let mut calls = vec![Call::new("BEGIN", values![])];
    calls.extend(loss.runs.iter().map(|(epoch, run)| {
        Call::new(
            "INSERT INTO lost_positions (municipality, tablet_number, epoch, first, last, declared_at,
                 declared_by, reason)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            values![
                municipality.clone(),
                number,
                i64::from(epoch.number()),
                rows::signed(run.first),
                rows::signed(run.last),
                loss.said.at.unix_ms(),
                loss.said.by.as_str(),
                loss.said.reason.as_str()
            ],
        )
    }));
    run(client, &calls).await?;
    let act = Act::DeclaredLost { tablet: loss.tablet_id };
    audit::append(client, layout, loss.said.line(loss.tablet_id.municipality(), &act)).await?;
    run_one(client, Call::new("COMMIT", values![])).await.map(drop)
}

/// How many positions were declared lost and have not come, by tablet and database; few tablets have any.
pub(super) async fn lost(client: &Client) -> Result<BTreeMap<(TabletId, Epoch), u64>, StorageError> {
    let declared =
        Call::new("SELECT municipality, tablet_number, epoch, first, last FROM lost_positions", values![]);
    let mut runs: BTreeMap<(TabletId, Epoch), Vec<Missing>> = BTreeMap::new();
    for row in &run_one(client, declared).await? {
        let run = Missing { first: rows::number(row, "first")?, last: rows::number(row, "last")? };
        runs.entry((rows::tablet_id(row)?, rows::epoch(row)?)).or_default().push(run);
    }
    let mut lost = BTreeMap::new();
    for ((tablet_id, epoch), runs) in runs {
        let (municipality, number) = rows::key(tablet_id);
        let mut count = 0_u64;
        for run in joined(runs) {
            let came = Call::new(
                "SELECT count(DISTINCT position) AS came FROM entries
                 WHERE municipality = $1 AND tablet_number = $2 AND epoch = $3 AND position BETWEEN $4 AND $5",
                values![
                    municipality.clone(),
                    number,
                    i64::from(epoch.number()),
                    rows::signed(run.first),
                    rows::signed(run.last)
                ],
            );
            let came =
                run_one(client, came).await?.first().map(|row| rows::number(row, "came")).transpose()?;
            count += (run.last - run.first + 1).saturating_sub(came.unwrap_or(0));
        }
        lost.insert((tablet_id, epoch), count);
    }
    Ok(lost)
}
