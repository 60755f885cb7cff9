//! Tablets: invited by a bundle, enrolled by their first contact.
//!
//! Must not: keep a token itself, or ever give a tablet's number to a second key.

use record::{TabletId, WallTime, bytes::PublicKey};
use rusqlite::{Connection, params};

use super::rows;
use crate::storage::{Device, Enrolment, EnrolmentVerdict, Invitation, StorageError};

pub(super) fn invite(transaction: &Connection, invitation: &Invitation) -> Result<(), StorageError> {
    let municipality = invitation.tablet_id.municipality().to_string();
    let number = invitation.tablet_id.number();
    rows::run(
        transaction,
        "INSERT INTO tablets (municipality, tablet_number, name, invited_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET name = excluded.name",
        params![municipality, number, invitation.name.as_str(), invitation.issued_at.unix_ms()],
    )?;
    rows::run(
        transaction,
        "INSERT INTO enrolment_tokens (municipality, tablet_number, token_digest, issued_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![
            municipality,
            number,
            invitation.token_digest,
            invitation.issued_at.unix_ms(),
            invitation.expires_at.unix_ms()
        ],
    )?;
    Ok(())
}

pub(super) fn enrol(
    transaction: &Connection,
    enrolment: &Enrolment,
) -> Result<EnrolmentVerdict, StorageError> {
    let tablet_id = enrolment.tablet_id;
    let municipality = tablet_id.municipality().to_string();
    let Some(closes_at) = token_closes_at(transaction, tablet_id, &enrolment.token_digest)? else {
        return Ok(EnrolmentVerdict::Refused);
    };
    let device = rows::one(
        transaction,
        "SELECT device_key, enrolled_at FROM devices WHERE municipality = ?1 AND tablet_number = ?2",
        params![municipality, tablet_id.number()],
        |row| Ok((rows::bytes::<PublicKey>(row, "device_key")?, rows::wall_time(row, "enrolled_at")?)),
    )?;
    let enrolled_at = match device {
        Some((key, enrolled_at)) if key == enrolment.device_key => enrolled_at,
        Some(_) => return Ok(EnrolmentVerdict::Refused),
        None if enrolment.at >= closes_at => return Ok(EnrolmentVerdict::Refused),
        None => enrolment.at,
    };
    rows::run(
        transaction,
        "INSERT INTO devices (municipality, tablet_number, device_key, enrolled_at, last_contact_at, program)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET last_contact_at = excluded.last_contact_at, program = excluded.program",
        params![
            municipality,
            tablet_id.number(),
            enrolment.device_key.0,
            enrolled_at.unix_ms(),
            enrolment.at.unix_ms(),
            enrolment.program.as_str()
        ],
    )?;
    Ok(EnrolmentVerdict::Enrolled { enrolled_at })
}

/// From then on the token lets nobody in for the first time: it is too old, or was revoked.
fn token_closes_at(
    transaction: &Connection,
    tablet_id: TabletId,
    token_digest: &[u8; 32],
) -> Result<Option<WallTime>, StorageError> {
    rows::one(
        transaction,
        "SELECT min(expires_at, coalesce(revoked_at, expires_at)) AS closes_at FROM enrolment_tokens
         WHERE municipality = ?1 AND tablet_number = ?2 AND token_digest = ?3",
        params![tablet_id.municipality().to_string(), tablet_id.number(), token_digest],
        |row| rows::wall_time(row, "closes_at"),
    )
}

pub(super) fn device(connection: &Connection, tablet_id: TabletId) -> Result<Option<Device>, StorageError> {
    rows::one(
        connection,
        "SELECT device_key, replaced_at FROM devices LEFT JOIN replaced_tablets USING (municipality, tablet_number)
         WHERE municipality = ?1 AND tablet_number = ?2",
        params![tablet_id.municipality().to_string(), tablet_id.number()],
        |row| {
            let replaced_at: Option<i64> = rows::raw(row, "replaced_at")?;
            Ok(Device {
                key: rows::bytes(row, "device_key")?,
                replaced_at: replaced_at.map(WallTime::from_unix_ms),
            })
        },
    )
}
