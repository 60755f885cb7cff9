//! Which doses stand now, by keyed hash: gathered tablet by tablet from the entries that came since it was last looked at.
//! Which those are is told by the counts of `epochs`, so that keeping a batch costs nothing more for it.
//!
//! Must not: keep a coupon's number beside its hash.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Client;
use record::{CalendarDate, DoseNumber, Entry, bytes::CouponHash, day::Manufacturer};
use seal::coupon::CouponMaster;
use tokio_postgres::Row;

use super::super::{
    call::{Call, run, run_one, values},
    register, rows, stock,
};
use crate::{
    reference::noted::{Noted, NotedDoses, coupons, differences},
    storage::{CouponKey, StorageError},
};

/// `VRSG`: of two centrals one gathers and lists at a time.
pub(super) const LOCK: i64 = 0x5652_5347;

/// A tablet's database whose entries are looked at.
struct Looked {
    municipality: String,
    number: i64,
    epoch: i64,
    /// The entries after this one.
    after: i64,
    highest: i64,
    stored: i64,
}

/// See [`crate::storage::Reference::gather_doses`].
pub(in super::super) async fn gather(
    client: &Client,
    master: &CouponMaster,
    most: u32,
) -> Result<u32, StorageError> {
    run(client, &begin()).await?;
    let looked_at = step(client, master, most).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(looked_at)
}

/// Begins a transaction in which nobody else gathers or lists.
pub(super) fn begin() -> [Call<'static>; 2] {
    [Call::new("BEGIN", values![]), Call::new("SELECT pg_advisory_xact_lock($1)", values![LOCK])]
}

/// [`gather`] inside a transaction.
pub(super) async fn step(client: &Client, master: &CouponMaster, most: u32) -> Result<u32, StorageError> {
    let mark = run_one(client, Call::new("SELECT mark FROM hashed_under", values![])).await?;
    let mark = mark.first();
    let mark: Option<[u8; 16]> = mark.map(|row| rows::bytes(row, "mark")).transpose()?;
    if mark != Some(master.mark()) {
        begin_anew(client, master).await?;
    }
    // Taken away before what stands is read: whoever decides meanwhile marks it again.
    let call = Call::new(
        "DELETE FROM decided_coupons WHERE (coupon_municipality, coupon_number) IN (
                 SELECT coupon_municipality, coupon_number FROM decided_coupons LIMIT $1)
             RETURNING coupon_municipality, coupon_number",
        values![i64::from(most)],
    );
    let decided = run_one(client, call).await?;
    if !decided.is_empty() {
        for (issuer, coupons) in by_issuer(&decided)? {
            note(client, master, &issuer, &coupons).await?;
        }
        return Ok(u32::try_from(decided.len()).unwrap_or(u32::MAX));
    }
    let call = Call::new(
            "SELECT epochs.municipality, epochs.tablet_number, epochs.epoch, epochs.highest_position, epochs.stored,
                 CASE WHEN gathered.stored = gathered.highest_position THEN gathered.highest_position ELSE 0 END AS after
             FROM epochs LEFT JOIN gathered USING (municipality, tablet_number, epoch)
             WHERE epochs.stored > 0 AND (gathered.stored, gathered.highest_position)
                 IS DISTINCT FROM (epochs.stored, epochs.highest_position)
             LIMIT 1",
            values![],
        );
    let found = run_one(client, call).await?;
    let Some(row) = found.first() else { return Ok(0) };
    let looked = Looked {
        municipality: rows::raw(row, "municipality")?,
        number: rows::raw(row, "tablet_number")?,
        epoch: rows::raw(row, "epoch")?,
        after: rows::raw(row, "after")?,
        highest: rows::raw(row, "highest_position")?,
        stored: rows::raw(row, "stored")?,
    };
    let came = delivered(client, &looked, most).await?;
    let last = came.last().map(|row| rows::raw::<i64>(row, "position")).transpose()?;
    let is_all = came.len() < most as usize;
    note_all(client, master, &looked, &came).await?;
    // Cut short: as if nothing were missing up to there, so that the next look goes on from there.
    let (highest, stored) = match last {
        Some(last) if !is_all => (last, last),
        _ => (looked.highest, looked.stored),
    };
    let call = Call::new(
        "INSERT INTO gathered (municipality, tablet_number, epoch, highest_position, stored)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (municipality, tablet_number, epoch) DO UPDATE
         SET highest_position = excluded.highest_position, stored = excluded.stored",
        values![looked.municipality, looked.number, looked.epoch, highest, stored],
    );
    run_one(client, call).await?;
    // A tablet whose entries were none of them delivered was looked at all the same.
    Ok(u32::try_from(came.len()).unwrap_or(u32::MAX).max(1))
}

/// See [`crate::storage::Reference::is_hashed`].
pub(in super::super) async fn is_hashed(client: &Client) -> Result<bool, StorageError> {
    Ok(!run_one(client, Call::new("SELECT mark FROM hashed_under", values![])).await?.is_empty())
}

/// See [`crate::storage::Reference::forget_doses`].
pub(in super::super) async fn forget(client: &Client) -> Result<(), StorageError> {
    run(client, &begin()).await?;
    run(client, &forget_all()).await?;
    run_one(client, Call::new("COMMIT", values![])).await.map(drop)
}

fn forget_all() -> Vec<Call<'static>> {
    let lists = ["DELETE FROM dose_lists", "DELETE FROM dose_pieces", "DELETE FROM hashed_under"];
    lists.map(|sql| Call::new(sql, values![])).into_iter().chain(forget_noted()).collect()
}

/// Everything is looked at again, and what stays of the lists is not known. Of a decided dose what stands need not have been
/// delivered, so those coupons are looked at by themselves.
pub(super) fn forget_noted() -> [Call<'static>; 3] {
    [
        "DELETE FROM told_doses",
        "DELETE FROM gathered",
        "INSERT INTO decided_coupons (coupon_municipality, coupon_number)
         SELECT DISTINCT coupon_municipality, coupon_number FROM decisions ON CONFLICT DO NOTHING",
    ]
    .map(|sql| Call::new(sql, values![]))
}

/// Hashes of another secret than this one say nothing any more.
async fn begin_anew(client: &Client, master: &CouponMaster) -> Result<(), StorageError> {
    let mut calls = forget_all();
    calls.push(Call::new(
        "INSERT INTO hashed_under (only_row, mark) VALUES (true, $1)",
        values![master.mark().to_vec()],
    ));
    run(client, &calls).await.map(drop)
}

fn by_issuer(decided: &[Row]) -> Result<BTreeMap<String, BTreeSet<CouponKey>>, StorageError> {
    let mut by_issuer: BTreeMap<String, BTreeSet<CouponKey>> = BTreeMap::new();
    for row in decided {
        let municipality = rows::text(row, "coupon_municipality")?;
        let coupon = CouponKey { municipality, number: rows::text(row, "coupon_number")? };
        by_issuer.entry(rows::code(municipality)).or_default().insert(coupon);
    }
    Ok(by_issuer)
}

async fn delivered(client: &Client, looked: &Looked, most: u32) -> Result<Vec<Row>, StorageError> {
    let call = Call::new(
        "SELECT position, entry FROM entries
         WHERE municipality = $1 AND tablet_number = $2 AND epoch = $3 AND position > $4 AND outcome = 'delivered'
         ORDER BY position LIMIT $5",
        values![looked.municipality.clone(), looked.number, looked.epoch, looked.after, i64::from(most)],
    );
    run_one(client, call).await
}

async fn note_all(
    client: &Client,
    master: &CouponMaster,
    looked: &Looked,
    came: &[Row],
) -> Result<(), StorageError> {
    let mut entries: Vec<Vec<u8>> =
        came.iter().map(|row| rows::raw(row, "entry")).collect::<Result<_, _>>()?;
    let told: Vec<Call<'static>> = entries
        .iter()
        .filter_map(|bytes| stock::note_told(&looked.municipality, looked.number, bytes))
        .collect();
    run(client, &told).await?;
    let mut closings = Vec::new();
    for (row, bytes) in came.iter().zip(&entries) {
        let place = (looked.epoch, rows::raw(row, "position")?);
        closings.extend(stock::note_closing(&looked.municipality, looked.number, place, bytes));
    }
    run(client, &closings).await?;
    let changed: Vec<Vec<u8>> = entries
        .iter()
        .filter_map(|bytes| Entry::from_bytes(bytes).ok()?.content.changes())
        .map(|changed| changed.to_bytes().to_vec())
        .collect();
    if !changed.is_empty() {
        let call = Call::new(
            "SELECT entry FROM entries WHERE municipality = $1 AND entry_id = ANY($2)",
            values![looked.municipality.clone(), changed],
        );
        for row in run_one(client, call).await? {
            entries.push(rows::raw(&row, "entry")?);
        }
    }
    let mut by_issuer: BTreeMap<String, BTreeSet<CouponKey>> = BTreeMap::new();
    for coupon in coupons(entries.iter().map(Vec::as_slice)) {
        by_issuer.entry(rows::code(coupon.municipality)).or_default().insert(coupon);
    }
    for (issuer, coupons) in by_issuer {
        note(client, master, &issuer, &coupons).await?;
    }
    Ok(())
}

/// Notes what stands of coupons of one municipality, where that is not what was noted before.
async fn note(
    client: &Client,
    master: &CouponMaster,
    issuer: &str,
    coupons: &BTreeSet<CouponKey>,
) -> Result<(), StorageError> {
    let numbers: Vec<String> = coupons.iter().map(|coupon| coupon.number.to_string()).collect();
    let hashes: Vec<Vec<u8>> = coupons
        .iter()
        .map(|coupon| master.key(coupon.municipality).hash(coupon.municipality, coupon.number).0.to_vec())
        .collect();
    let call = Call::new(
        "SELECT coupon, dose, given_on, manufacturer FROM told_doses
         WHERE coupon_municipality = $1 AND coupon = ANY($2)",
        values![issuer, hashes],
    );
    let noted = run_one(client, call).await?;
    stock::queue(client, issuer, &numbers).await?;
    let stand = register::standing_of(client, issuer, numbers).await?;
    let noted = noted
        .iter()
        .map(|row| Ok((dose_of(row)?, given(row)?)))
        .collect::<Result<NotedDoses, StorageError>>()?;
    let calls: Vec<Call<'_>> = differences(master, &stand, noted)
        .into_iter()
        .map(|((coupon, dose), given)| put(issuer, coupon, dose, given))
        .collect();
    run(client, &calls).await.map(drop)
}

/// `coupon` and `dose`.
pub(super) fn dose_of(row: &Row) -> Result<(CouponHash, DoseNumber), StorageError> {
    let wrong = StorageError::Inconsistent("dose");
    let dose = u8::try_from(rows::raw::<i16>(row, "dose")?).map_err(|_| wrong.clone())?;
    Ok((rows::bytes(row, "coupon")?, DoseNumber::try_from(dose).map_err(|_| wrong)?))
}

/// `given_on` and `manufacturer`.
pub(super) fn given(row: &Row) -> Result<Noted, StorageError> {
    let (day, maker): (Option<&str>, Option<&str>) =
        (rows::raw(row, "given_on")?, rows::raw(row, "manufacturer")?);
    let Some(day) = day else { return Ok(None) };
    let day: CalendarDate = day.parse().map_err(|_| StorageError::Inconsistent("given_on"))?;
    let maker = maker.map(|maker| maker.parse::<Manufacturer>()).transpose();
    Ok(Some((day, maker.map_err(|_| StorageError::Inconsistent("manufacturer"))?)))
}

fn put<'a>(issuer: &'a str, coupon: CouponHash, dose: DoseNumber, given: Noted) -> Call<'a> {
    let day = given.as_ref().map(|(day, _)| day.to_string());
    let maker = given.and_then(|(_, maker)| maker).as_ref().map(Manufacturer::to_string);
    Call::new(
        "INSERT INTO told_doses (coupon_municipality, coupon, dose, given_on, manufacturer, waiting)
         VALUES ($1, $2, $3, $4, $5, true)
         ON CONFLICT (coupon_municipality, coupon, dose) DO UPDATE
         SET given_on = excluded.given_on, manufacturer = excluded.manufacturer, waiting = true",
        values![issuer, coupon.0.to_vec(), i16::from(dose.number()), day, maker],
    )
}
