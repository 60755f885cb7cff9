//! Heartbeats: the latest, the last of each quarter of an hour, and the hours of the whole fleet.
//!
//! Must not: read what an entry says; of entries it reads links.

use deadpool_postgres::Client;
use record::{
    MunicipalityCode, TabletId, WallTime,
    wire::heartbeat::{ClockOffset, Count, FreeSpace},
};
use tokio_postgres::Row;

use super::{
    call::{Call, Value, run, run_one, values},
    rows::{self, At},
};
use crate::{
    fleet::{
        heartbeat::{HeadCheck, Heard, KeptHeartbeat},
        hours::{HOURS_KEPT, HeardAgo, Hour, HourNoted},
    },
    storage::{StorageError, heartbeats::slot},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

const LATEST: &str =
    "INSERT INTO heartbeats (municipality, tablet_number, received_at, epoch, position, head, pending, delivered,
         needs_review, set_aside, clock_offset_s, release, free_mib)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (municipality, tablet_number) DO UPDATE SET received_at = excluded.received_at,
         epoch = excluded.epoch, position = excluded.position, head = excluded.head, pending = excluded.pending,
         delivered = excluded.delivered, needs_review = excluded.needs_review, set_aside = excluded.set_aside,
         clock_offset_s = excluded.clock_offset_s, release = excluded.release, free_mib = excluded.free_mib
     WHERE excluded.received_at >= heartbeats.received_at";
const QUARTER: &str =
    "INSERT INTO heartbeat_quarters (municipality, tablet_number, received_at, epoch, position, head, pending,
         delivered, needs_review, set_aside, clock_offset_s, release, free_mib, slot)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (municipality, tablet_number, slot) DO UPDATE SET received_at = excluded.received_at,
         epoch = excluded.epoch, position = excluded.position, head = excluded.head, pending = excluded.pending,
         delivered = excluded.delivered, needs_review = excluded.needs_review, set_aside = excluded.set_aside,
         clock_offset_s = excluded.clock_offset_s, release = excluded.release, free_mib = excluded.free_mib
     WHERE excluded.received_at >= heartbeat_quarters.received_at";
/// A version such as `0.2.0-rc.1` of the same release stays; it says more.
const CONTACT: &str = "UPDATE devices SET last_contact_at = $3,
         program = CASE WHEN program = $4 OR program LIKE $4 || '-%' OR program LIKE $4 || '+%'
             THEN program ELSE $4 END
     WHERE municipality = $1 AND tablet_number = $2 AND last_contact_at <= $3";

/// On an error the connection must not be used again.
pub(super) async fn keep(client: &Client, heard: &Heard) -> Result<(), StorageError> {
    let tablet_id = heard.heartbeat.tablet_id;
    let (municipality, number) = rows::key(tablet_id);
    let head = check(client, heard).await?;
    let beat = KeptHeartbeat::of(heard, head);
    let (received_at, release) = (beat.received_at.unix_ms(), beat.release.to_string());
    let told = || -> Vec<Value<'_>> {
        values![
            municipality.clone(),
            number,
            received_at,
            i64::from(beat.epoch.number()),
            i64::from(beat.position),
            beat.head.to_string(),
            i64::from(beat.pending),
            i64::from(beat.delivered),
            i64::from(beat.needs_review),
            i64::from(beat.set_aside),
            i64::from(beat.clock_offset_s),
            release.clone(),
            beat.free_mib.map(i64::from)
        ]
    };
    let mut quarter = told();
    quarter.push(Box::new(slot(beat.received_at)));
    let calls = [
        Call::new("BEGIN", values![]),
        Call::new(LATEST, told()),
        Call::new(QUARTER, quarter),
        Call::new(CONTACT, values![municipality.clone(), number, received_at, release.clone()]),
        Call::new("COMMIT", values![]),
    ];
    run(client, &calls).await.map(drop)
}

/// Beside what is kept before the heartbeat is: entries are never changed, so nothing kept later makes this untrue.
async fn check(client: &Client, heard: &Heard) -> Result<HeadCheck, StorageError> {
    let Some(head) = heard.heartbeat.head else { return Ok(HeadCheck::NotHeld) };
    let (municipality, number) = rows::key(heard.heartbeat.tablet_id);
    let call = Call::new(
        "SELECT link = $5 AS is_this FROM entries
         WHERE municipality = $1 AND tablet_number = $2 AND epoch = $3 AND position = $4",
        values![
            municipality,
            number,
            i64::from(heard.heartbeat.epoch.number()),
            i64::from(head.position),
            head.link.0.to_vec()
        ],
    );
    let found = run_one(client, call).await?;
    let kept: Vec<bool> =
        found.iter().map(|row| rows::raw(row, "is_this")).collect::<Result<_, StorageError>>()?;
    Ok(HeadCheck::of_kept(kept))
}

pub(super) async fn heartbeats(
    client: &Client,
    tablet_id: TabletId,
) -> Result<Vec<KeptHeartbeat>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "SELECT received_at, epoch, position, head, pending, delivered, needs_review, set_aside, clock_offset_s,
             release, free_mib
         FROM heartbeat_quarters WHERE municipality = $1 AND tablet_number = $2 ORDER BY received_at",
        values![municipality, number],
    );
    run_one(client, call).await?.iter().map(|row| read(row, 0)).collect()
}

/// A heartbeat, whose columns begin at that place, in the order of [`heartbeats`].
pub(super) fn read(row: &Row, from: usize) -> Result<KeptHeartbeat, StorageError> {
    let count = |place: usize, column: &'static str| {
        let count = Count::try_from(rows::raw::<i64>(row, At(from + place, column))?);
        count.map_err(|_| StorageError::Inconsistent(column))
    };
    let offset = ClockOffset::try_from(rows::raw::<i64>(row, At(from + 8, "clock_offset_s"))?);
    let free: Option<i64> = rows::raw(row, At(from + 10, "free_mib"))?;
    let free = free.map(FreeSpace::try_from).transpose();
    Ok(KeptHeartbeat {
        received_at: rows::wall_time(row, At(from, "received_at"))?,
        epoch: rows::epoch_of(row, At(from + 1, "epoch"))?,
        position: count(2, "position")?,
        head: rows::text(row, At(from + 3, "head"))?,
        pending: count(4, "pending")?,
        delivered: count(5, "delivered")?,
        needs_review: count(6, "needs_review")?,
        set_aside: count(7, "set_aside")?,
        clock_offset_s: offset.map_err(|_| StorageError::Inconsistent("clock_offset_s"))?,
        release: rows::text(row, At(from + 9, "release"))?,
        free_mib: free.map_err(|_| StorageError::Inconsistent("free_mib"))?,
    })
}

/// What is joined and what is grouped lies with one municipality, so that each node of a distributed database does its own.
pub(super) async fn note_hour(client: &Client, now: WallTime) -> Result<(), StorageError> {
    let hour = Hour::of(now);
    let call = Call::new(
        "INSERT INTO fleet_hours (municipality, slot, hour, stored, pending, within_hour, within_day, longer)
         SELECT devices.municipality, $1::bigint, $2::bigint, sum(coalesce(kept.stored, 0))::bigint,
             sum(coalesce(heartbeats.pending, 0))::bigint,
             count(*) FILTER (WHERE last_contact_at > $3),
             count(*) FILTER (WHERE last_contact_at <= $3 AND last_contact_at > $4),
             count(*) FILTER (WHERE last_contact_at <= $4)
         FROM devices
         LEFT JOIN heartbeats ON heartbeats.municipality = devices.municipality
             AND heartbeats.tablet_number = devices.tablet_number
         LEFT JOIN (SELECT municipality, tablet_number, sum(stored) AS stored FROM epochs
             GROUP BY municipality, tablet_number) AS kept ON kept.municipality = devices.municipality
             AND kept.tablet_number = devices.tablet_number
         GROUP BY devices.municipality ORDER BY devices.municipality
         ON CONFLICT (municipality, slot) DO UPDATE SET hour = excluded.hour, stored = excluded.stored,
             pending = excluded.pending, within_hour = excluded.within_hour, within_day = excluded.within_day,
             longer = excluded.longer",
        values![hour.slot(), hour.number(), now.plus_ms(-HOUR_MS).unix_ms(), now.plus_ms(-DAY_MS).unix_ms()],
    );
    run_one(client, call).await.map(drop)
}

pub(super) async fn hours(
    client: &Client,
    of: Option<&[MunicipalityCode]>,
    now: WallTime,
) -> Result<Vec<HourNoted>, StorageError> {
    let codes: Option<Vec<String>> = of.map(|codes| codes.iter().map(|code| rows::code(*code)).collect());
    let now = Hour::of(now);
    let call = Call::new(
        "SELECT hour, sum(stored)::bigint AS stored, sum(pending)::bigint AS pending,
             sum(within_hour)::bigint AS within_hour, sum(within_day)::bigint AS within_day,
             sum(longer)::bigint AS longer
         FROM fleet_hours
         WHERE hour > $1 AND hour <= $2 AND ($3::text[] IS NULL OR municipality = ANY($3))
         GROUP BY hour ORDER BY hour",
        values![now.minus(HOURS_KEPT).number(), now.number(), codes],
    );
    let read = |row: &Row| {
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
    };
    run_one(client, call).await?.iter().map(read).collect()
}
