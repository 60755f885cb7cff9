//! Heartbeats: the latest, the last of each quarter of an hour, and the hours of the whole fleet.
//!
//! Must not: read what an entry says; of entries it reads links.

use record::{
    Epoch, MunicipalityCode, TabletId, WallTime,
    wire::heartbeat::{ChainHead, ClockOffset, Count, FreeSpace},
};
use rusqlite::{Connection, Row, ToSql, params};

use super::rows::{self, At};
use crate::{
    fleet::{
        heartbeat::{HeadCheck, Heard, KeptHeartbeat},
        hours::{HOURS_KEPT, HeardAgo, Hour, HourNoted},
    },
    storage::{StorageError, heartbeats::slot},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

pub(super) fn keep(transaction: &Connection, heard: &Heard) -> Result<(), StorageError> {
    let tablet_id = heard.heartbeat.tablet_id;
    let head = check(transaction, tablet_id, heard.heartbeat.epoch, heard.heartbeat.head)?;
    let beat = KeptHeartbeat::of(heard, head);
    let (municipality, number) = (tablet_id.municipality().to_string(), tablet_id.number());
    let received_at = beat.received_at.unix_ms();
    let (slot, head, release) = (slot(beat.received_at), beat.head.to_string(), beat.release.to_string());
    let values: [&dyn ToSql; 14] = [
        &municipality,
        &number,
        &received_at,
        &beat.epoch.number(),
        &beat.position.get(),
        &head,
        &beat.pending.get(),
        &beat.delivered.get(),
        &beat.needs_review.get(),
        &beat.set_aside.get(),
        &beat.clock_offset_s.get(),
        &release,
        &beat.free_mib.map(FreeSpace::get),
        &slot,
    ];
    rows::run(
        transaction,
        "INSERT INTO heartbeats (municipality, tablet_number, received_at, epoch, position, head, pending, delivered,
             needs_review, set_aside, clock_offset_s, release, free_mib)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT DO UPDATE SET received_at = excluded.received_at, epoch = excluded.epoch,
             position = excluded.position, head = excluded.head, pending = excluded.pending,
             delivered = excluded.delivered, needs_review = excluded.needs_review, set_aside = excluded.set_aside,
             clock_offset_s = excluded.clock_offset_s, release = excluded.release, free_mib = excluded.free_mib
         WHERE excluded.received_at >= received_at",
        &values[..13],
    )?;
    rows::run(
        transaction,
        "INSERT INTO heartbeat_quarters (municipality, tablet_number, received_at, epoch, position, head, pending,
             delivered, needs_review, set_aside, clock_offset_s, release, free_mib, slot)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT DO UPDATE SET received_at = excluded.received_at, epoch = excluded.epoch,
             position = excluded.position, head = excluded.head, pending = excluded.pending,
             delivered = excluded.delivered, needs_review = excluded.needs_review, set_aside = excluded.set_aside,
             clock_offset_s = excluded.clock_offset_s, release = excluded.release, free_mib = excluded.free_mib
         WHERE excluded.received_at >= received_at",
        &values[..],
    )?;
    note_contact(transaction, tablet_id, received_at, &release)
}

/// A version such as `0.2.0-rc.1` of the same release stays; it says more.
fn note_contact(
    transaction: &Connection,
    tablet_id: TabletId,
    received_at: i64,
    release: &str,
) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "UPDATE devices SET last_contact_at = ?3,
             program = CASE WHEN program = ?4 OR program LIKE ?4 || '-%' OR program LIKE ?4 || '+%'
                 THEN program ELSE ?4 END
         WHERE municipality = ?1 AND tablet_number = ?2 AND last_contact_at <= ?3",
        params![tablet_id.municipality().to_string(), tablet_id.number(), received_at, release],
    )?;
    Ok(())
}

fn check(
    transaction: &Connection,
    tablet_id: TabletId,
    epoch: Epoch,
    head: Option<ChainHead>,
) -> Result<HeadCheck, StorageError> {
    let Some(head) = head else { return Ok(HeadCheck::NotHeld) };
    let kept = rows::all(
        transaction,
        "SELECT link = ?5 AS is_this FROM entries
         WHERE municipality = ?1 AND tablet_number = ?2 AND epoch = ?3 AND position = ?4",
        params![
            tablet_id.municipality().to_string(),
            tablet_id.number(),
            epoch.number(),
            head.position.get(),
            head.link.0
        ],
        |row| rows::raw::<bool>(row, "is_this"),
    )?;
    Ok(HeadCheck::of_kept(kept))
}

pub(super) fn heartbeats(
    connection: &Connection,
    tablet_id: TabletId,
) -> Result<Vec<KeptHeartbeat>, StorageError> {
    rows::all(
        connection,
        "SELECT received_at, epoch, position, head, pending, delivered, needs_review, set_aside, clock_offset_s,
             release, free_mib
         FROM heartbeat_quarters WHERE municipality = ?1 AND tablet_number = ?2 ORDER BY received_at",
        params![tablet_id.municipality().to_string(), tablet_id.number()],
        |row| read(row, 0),
    )
}

/// A heartbeat, whose columns follow each other from `first` on.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<KeptHeartbeat, StorageError> {
    let at = |place: usize, name: &'static str| At(first + place, name);
    let count = |place: usize, name: &'static str| {
        let number = rows::raw::<i64>(row, at(place, name))?;
        Count::try_from(number).map_err(|_| StorageError::Inconsistent(name))
    };
    let offset = ClockOffset::try_from(rows::raw::<i64>(row, at(8, "clock_offset_s"))?);
    let free: Option<i64> = rows::raw(row, at(10, "free_mib"))?;
    let free = free.map(FreeSpace::try_from).transpose();
    Ok(KeptHeartbeat {
        received_at: rows::wall_time(row, at(0, "received_at"))?,
        epoch: Epoch::new(rows::raw(row, at(1, "epoch"))?).ok_or(StorageError::Inconsistent("epoch"))?,
        position: count(2, "position")?,
        head: rows::text(row, at(3, "head"))?,
        pending: count(4, "pending")?,
        delivered: count(5, "delivered")?,
        needs_review: count(6, "needs_review")?,
        set_aside: count(7, "set_aside")?,
        clock_offset_s: offset.map_err(|_| StorageError::Inconsistent("clock_offset_s"))?,
        release: rows::text(row, at(9, "release"))?,
        free_mib: free.map_err(|_| StorageError::Inconsistent("free_mib"))?,
    })
}

pub(super) fn note_hour(transaction: &Connection, now: WallTime) -> Result<(), StorageError> {
    let hour = Hour::of(now);
    rows::run(
        transaction,
        "INSERT INTO fleet_hours (municipality, slot, hour, stored, pending, within_hour, within_day, longer)
         SELECT municipality, ?1, ?2, sum(coalesce(kept.stored, 0)), sum(coalesce(heartbeats.pending, 0)),
             count(*) FILTER (WHERE last_contact_at > ?3),
             count(*) FILTER (WHERE last_contact_at <= ?3 AND last_contact_at > ?4),
             count(*) FILTER (WHERE last_contact_at <= ?4)
         FROM devices
         LEFT JOIN heartbeats USING (municipality, tablet_number)
         LEFT JOIN (SELECT municipality, tablet_number, sum(stored) AS stored FROM epochs
             GROUP BY municipality, tablet_number) AS kept USING (municipality, tablet_number)
         WHERE true
         GROUP BY municipality
         ON CONFLICT DO UPDATE SET hour = excluded.hour, stored = excluded.stored, pending = excluded.pending,
             within_hour = excluded.within_hour, within_day = excluded.within_day, longer = excluded.longer",
        params![hour.slot(), hour.number(), now.plus_ms(-HOUR_MS).unix_ms(), now.plus_ms(-DAY_MS).unix_ms()],
    )?;
    Ok(())
}

pub(super) fn hours(
    connection: &Connection,
    of: Option<&[MunicipalityCode]>,
    now: WallTime,
) -> Result<Vec<HourNoted>, StorageError> {
    let codes = of.map(|codes| {
        let codes: Vec<String> = codes.iter().map(|code| format!("\"{code}\"")).collect();
        format!("[{}]", codes.join(","))
    });
    let now = Hour::of(now);
    rows::all(
        connection,
        "SELECT hour, sum(stored) AS stored, sum(pending) AS pending, sum(within_hour) AS within_hour,
             sum(within_day) AS within_day, sum(longer) AS longer
         FROM fleet_hours
         WHERE hour > ?1 AND hour <= ?2 AND (?3 IS NULL OR municipality IN (SELECT value FROM json_each(?3)))
         GROUP BY hour ORDER BY hour",
        params![now.minus(HOURS_KEPT).number(), now.number(), codes],
        |row| {
            Ok(HourNoted {
                hour: Hour::new(rows::raw(row, "hour")?),
                stored: rows::number(row, "stored")?,
                pending: rows::number(row, "pending")?,
                heard: HeardAgo {
                    within_hour: rows::number(row, "within_hour")?,
                    within_day: rows::number(row, "within_day")?,
                    longer: rows::number(row, "longer")?,
                },
            })
        },
    )
}
