//! Tablets: invited by a bundle, enrolled by their first contact.
//!
//! Must not: keep a token itself, or ever give a tablet's number to a second key.

use deadpool_postgres::Client;
use record::{TabletId, WallTime};
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    rows,
};
use crate::storage::{Device, Enrolment, EnrolmentVerdict, Invitation, StorageError};

pub(super) async fn invite(client: &Client, invitation: &Invitation) -> Result<(), StorageError> {
    let mut calls = vec![Call::new("BEGIN", values![])];
    calls.extend(invite_calls(invitation));
    calls.push(Call::new("COMMIT", values![]));
    run(client, &calls).await.map(drop)
}

/// The same inside a transaction.
pub(super) fn invite_calls(invitation: &Invitation) -> [Call<'_>; 3] {
    let (municipality, number) = rows::key(invitation.tablet_id);
    let (issued_at, expires_at) = (invitation.issued_at.unix_ms(), invitation.expires_at.unix_ms());
    [
        Call::new(
            "INSERT INTO municipalities (municipality) VALUES ($1) ON CONFLICT DO NOTHING",
            values![municipality.clone()],
        ),
        Call::new(
            "INSERT INTO tablets (municipality, tablet_number, name, invited_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (municipality, tablet_number) DO UPDATE SET name = excluded.name",
            values![municipality.clone(), number, invitation.name.as_str(), issued_at],
        ),
        Call::new(
            "INSERT INTO enrolment_tokens (municipality, tablet_number, token_digest, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            values![municipality, number, invitation.token_digest.to_vec(), issued_at, expires_at],
        ),
    ]
}

pub(super) async fn enrol(client: &Client, enrolment: &Enrolment) -> Result<EnrolmentVerdict, StorageError> {
    let tablet_id = enrolment.tablet_id;
    let Some(closes_at) = token_closes_at(client, tablet_id, &enrolment.token_digest).await? else {
        return Ok(EnrolmentVerdict::Refused);
    };
    let (municipality, number) = rows::key(tablet_id);
    if enrolment.at < closes_at {
        // Of two keys that come at once the first row stays; which it was is read below.
        let first = Call::new(
            "INSERT INTO devices (municipality, tablet_number, device_key, enrolled_at, last_contact_at, program)
             VALUES ($1, $2, $3, $4, $4, $5) ON CONFLICT DO NOTHING",
            values![
                municipality.clone(),
                number,
                enrolment.device_key.0.to_vec(),
                enrolment.at.unix_ms(),
                enrolment.program.as_str()
            ],
        );
        run_one(client, first).await?;
    }
    let contact = Call::new(
        "UPDATE devices SET last_contact_at = $4, program = $5
         WHERE municipality = $1 AND tablet_number = $2 AND device_key = $3 RETURNING enrolled_at",
        values![
            municipality,
            number,
            enrolment.device_key.0.to_vec(),
            enrolment.at.unix_ms(),
            enrolment.program.as_str()
        ],
    );
    match run_one(client, contact).await?.first() {
        Some(row) => Ok(EnrolmentVerdict::Enrolled { enrolled_at: rows::wall_time(row, "enrolled_at")? }),
        None => Ok(EnrolmentVerdict::Refused),
    }
}

/// From then on the token lets nobody in for the first time: it is too old, or was revoked.
async fn token_closes_at(
    client: &Client,
    tablet_id: TabletId,
    token_digest: &[u8; 32],
) -> Result<Option<WallTime>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "SELECT least(expires_at, revoked_at) AS closes_at FROM enrolment_tokens
         WHERE municipality = $1 AND tablet_number = $2 AND token_digest = $3",
        values![municipality, number, token_digest.to_vec()],
    );
    run_one(client, call).await?.first().map(|row| rows::wall_time(row, "closes_at")).transpose()
}

pub(super) async fn device(client: &Client, tablet_id: TabletId) -> Result<Option<Device>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "SELECT device_key, replaced_at FROM devices LEFT JOIN replaced_tablets USING (municipality, tablet_number)
         WHERE municipality = $1 AND tablet_number = $2",
        values![municipality, number],
    );
    let read = |row: &Row| {
        let replaced_at: Option<i64> = rows::raw(row, "replaced_at")?;
        Ok(Device {
            key: rows::bytes(row, "device_key")?,
            replaced_at: replaced_at.map(WallTime::from_unix_ms),
        })
    };
    run_one(client, call).await?.first().map(read).transpose()
}
