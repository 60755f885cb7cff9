//! Doses of the register taken into the ledger, coupon by coupon. One process does that at a time.
//!
//! Must not: count a dose twice, or lose one: what was taken in is noted in the same transaction as its lines.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Client;
use record::{CouponNumber, DoseNumber, WallTime, day::FacilityCode};
use tokio_postgres::Row;

use super::{Call, hold, ledger, rows, run, run_one, values};
use crate::{
    stock::{
        given::{Counts, DayOfLot, Difference, Given, differences, on_that_day, take_in as take_lot_in},
        working::Owners,
    },
    storage::{BY_THE_REGISTER, StandingDose, StorageError, postgres::register},
};

/// `VRSI`: of two centrals one takes doses in at a time.
const LOCK: i64 = 0x5652_5349;

/// The doses of these coupons may have changed.
pub(in super::super) async fn queue(
    client: &Client,
    issuer: &str,
    numbers: &[String],
) -> Result<(), StorageError> {
    let insert = |number: &String| {
        Call::new(
            "INSERT INTO stock_coupons (coupon_municipality, coupon_number) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            values![issuer.to_owned(), number.clone()],
        )
    };
    run(client, &numbers.iter().map(insert).collect::<Vec<_>>()).await.map(drop)
}

/// See [`crate::storage::Stock::look_at_all_doses`].
pub(in super::super) async fn look_at_all(client: &Client) -> Result<(), StorageError> {
    for sql in [
        "INSERT INTO stock_coupons (coupon_municipality, coupon_number)
         SELECT DISTINCT coupon_municipality, coupon_number FROM doses ON CONFLICT DO NOTHING",
        "INSERT INTO stock_coupons (coupon_municipality, coupon_number)
         SELECT DISTINCT coupon_municipality, coupon_number FROM decisions ON CONFLICT DO NOTHING",
    ] {
        run_one(client, Call::new(sql, values![])).await?;
    }
    Ok(())
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn take_in(
    client: &Client,
    most: u32,
    now: WallTime,
) -> Result<u32, StorageError> {
    let begin = [Call::new("BEGIN", values![]), Call::new("SELECT pg_advisory_xact_lock($1)", values![LOCK])];
    run(client, &begin).await?;
    let mut counts = Counts::default();
    let mut looked_at = 0;
    for (issuer, numbers) in queued(client, most).await? {
        looked_at += u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        look_at(client, &issuer, numbers, &mut counts).await?;
    }
    for of in book_more(client, most).await? {
        looked_at += 1;
        counts.more(of);
    }
    let changed: Vec<(DayOfLot, i64)> = counts.changed().collect();
    let owners = owners(client, &changed).await?;
    if !hold(client, &owners).await? {
        return Err(StorageError::Inconsistent("facility_code"));
    }
    let by = BY_THE_REGISTER.parse().map_err(|_| StorageError::Inconsistent("by"))?;
    for ((lot, on), change) in changed {
        let lots = BTreeSet::from([lot.clone()]);
        let work = |working: &mut _| take_lot_in(working, &lot, change, on_that_day(on, now), &by);
        ledger::change(client, &owners, &lots, now, work)
            .await?
            .map_err(|_| StorageError::Inconsistent("stock_doses"))?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(looked_at)
}

async fn owners(client: &Client, changed: &[(DayOfLot, i64)]) -> Result<Owners, StorageError> {
    let codes: BTreeSet<String> = changed.iter().map(|((lot, _), _)| lot.0.to_string()).collect();
    let call = Call::new(
        "SELECT facility_code, municipality FROM facility_owners WHERE facility_code = ANY($1)",
        values![codes.into_iter().collect::<Vec<_>>()],
    );
    let read = |row: &Row| Ok((rows::text(row, "facility_code")?, rows::text(row, "municipality")?));
    run_one(client, call).await?.iter().map(read).collect()
}

/// Taken away before what stands is read: whoever changes it meanwhile queues it again.
async fn queued(client: &Client, most: u32) -> Result<BTreeMap<String, Vec<String>>, StorageError> {
    let call = Call::new(
        "DELETE FROM stock_coupons WHERE (coupon_municipality, coupon_number) IN (
             SELECT coupon_municipality, coupon_number FROM stock_coupons LIMIT $1)
         RETURNING coupon_municipality, coupon_number",
        values![i64::from(most)],
    );
    let mut queued: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in run_one(client, call).await? {
        let issuer: String = rows::raw(&row, "coupon_municipality")?;
        queued.entry(issuer).or_default().push(rows::raw(&row, "coupon_number")?);
    }
    Ok(queued)
}

async fn look_at(
    client: &Client,
    issuer: &str,
    numbers: Vec<String>,
    counts: &mut Counts,
) -> Result<(), StorageError> {
    let mut stands: BTreeMap<CouponNumber, Vec<StandingDose>> = BTreeMap::new();
    for dose in register::standing_of(client, issuer, numbers.clone()).await? {
        stands.entry(dose.vaccination.coupon.number()).or_default().push(dose);
    }
    let call = Call::new(
        "SELECT coupon_number, dose, facility_code, product, lot, given_on, booked FROM stock_doses
         WHERE coupon_municipality = $1 AND coupon_number = ANY($2)",
        values![issuer.to_owned(), numbers.clone()],
    );
    let mut known: BTreeMap<CouponNumber, BTreeMap<DoseNumber, (Given, bool)>> = BTreeMap::new();
    for row in run_one(client, call).await? {
        let is_booked = rows::raw::<i64>(&row, "booked")? == 1;
        known
            .entry(rows::text(&row, "coupon_number")?)
            .or_default()
            .insert(dose(&row)?, (given(&row)?, is_booked));
    }
    let mut calls = Vec::new();
    for number in numbers {
        let coupon = number.parse().map_err(|_| StorageError::Inconsistent("coupon_number"))?;
        let (now, then) =
            (stands.remove(&coupon).unwrap_or_default(), known.remove(&coupon).unwrap_or_default());
        for Difference { dose, was, is } in differences(&now, then) {
            if let Some((was, true)) = was {
                counts.fewer(was.day_of_lot());
            }
            calls.push(note(issuer, &number, dose, is.as_ref()));
        }
    }
    run(client, &calls).await.map(drop)
}

fn dose(row: &Row) -> Result<DoseNumber, StorageError> {
    let number = u8::try_from(rows::raw::<i16>(row, "dose")?).ok();
    number.and_then(|number| number.try_into().ok()).ok_or(StorageError::Inconsistent("dose"))
}

fn given(row: &Row) -> Result<Given, StorageError> {
    Ok(Given {
        facility: rows::text(row, "facility_code")?,
        product: rows::text(row, "product")?,
        lot: rows::text(row, "lot")?,
        on: rows::text(row, "given_on")?,
    })
}

/// Notes what stands of a dose; whether it is in the books is found afterwards.
fn note(issuer: &str, number: &str, dose: DoseNumber, is: Option<&Given>) -> Call<'static> {
    let (issuer, number, dose) = (issuer.to_owned(), number.to_owned(), i16::from(dose.number()));
    let Some(given) = is else {
        return Call::new(
            "DELETE FROM stock_doses WHERE coupon_municipality = $1 AND coupon_number = $2 AND dose = $3",
            values![issuer, number, dose],
        );
    };
    Call::new(
        "INSERT INTO stock_doses
             (coupon_municipality, coupon_number, dose, facility_code, product, lot, given_on, booked)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
         ON CONFLICT (coupon_municipality, coupon_number, dose) DO UPDATE
         SET facility_code = excluded.facility_code, product = excluded.product, lot = excluded.lot,
             given_on = excluded.given_on, booked = 0",
        values![
            issuer,
            number,
            dose,
            given.facility.to_string(),
            given.product.to_string(),
            given.lot.to_string(),
            given.on.to_string()
        ],
    )
}

/// Doses that are in no books yet and whose place has books for that day; they are in them from now on.
async fn book_more(client: &Client, most: u32) -> Result<Vec<DayOfLot>, StorageError> {
    let mut booked = Vec::new();
    // Doses at places that are no facility here may be many: only those at known ones are looked for.
    let waiting = Call::new(
        "SELECT DISTINCT facility_code FROM stock_doses
         WHERE booked = 0 AND facility_code = ANY(ARRAY(SELECT facility_code FROM facility_owners))",
        values![],
    );
    let waiting: Vec<String> = run_one(client, waiting)
        .await?
        .iter()
        .map(|row| rows::raw(row, "facility_code"))
        .collect::<Result<_, _>>()?;
    let places = Call::new(
        "SELECT facility_code, books_begin_on FROM facilities WHERE facility_code = ANY($1) ORDER BY facility_code",
        values![waiting],
    );
    let mut left = most as usize;
    for row in run_one(client, places).await? {
        let facility: String = rows::raw(&row, "facility_code")?;
        let begin: String = rows::raw(&row, "books_begin_on")?;
        let call = Call::new(
            "SELECT coupon_municipality, coupon_number, dose, facility_code, product, lot, given_on FROM stock_doses
             WHERE booked = 0 AND facility_code = $1 AND given_on >= $2 LIMIT $3",
            values![facility.clone(), begin, rows::signed(left as u64)],
        );
        for row in run_one(client, call).await? {
            let issuer: String = rows::raw(&row, "coupon_municipality")?;
            let number: String = rows::raw(&row, "coupon_number")?;
            let call = Call::new(
                "UPDATE stock_doses SET booked = 1
                 WHERE coupon_municipality = $1 AND coupon_number = $2 AND dose = $3",
                values![issuer, number, rows::raw::<i16>(&row, "dose")?],
            );
            run_one(client, call).await?;
            booked.push(given(&row)?.day_of_lot());
            left -= 1;
        }
        if left == 0 {
            break;
        }
        // What is left there was given before the books began.
        let call = Call::new(
            "UPDATE stock_doses SET booked = 2 WHERE booked = 0 AND facility_code = $1",
            values![facility],
        );
        run_one(client, call).await?;
    }
    Ok(booked)
}

/// See [`crate::storage::Stock::doses_without_books`].
pub(in super::super) async fn without_books(
    client: &Client,
    most: u32,
) -> Result<Vec<(FacilityCode, u64)>, StorageError> {
    let call = Call::new(
        "SELECT facility_code, count(*) AS doses FROM stock_doses WHERE booked = 0
             AND facility_code NOT IN (SELECT facility_code FROM facility_owners)
         GROUP BY facility_code ORDER BY doses DESC, facility_code LIMIT $1",
        values![i64::from(most)],
    );
    let read = |row: &Row| Ok((rows::text(row, "facility_code")?, rows::number(row, "doses")?));
    run_one(client, call).await?.iter().map(read).collect()
}
