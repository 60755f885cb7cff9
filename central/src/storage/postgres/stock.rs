//! Facilities, kinds, and the ledger of stock. Whatever bears on the books of a facility holds its row first, in order of
//! municipality and code, until the transaction ends: nobody waits in a circle, and no two lines meet.
//!
//! Must not: say what a line moves (`vsys` does), or leave a line without the balances that it makes.

mod bookings;
mod closings;
mod given;
mod ledger;
mod told;
mod transfers;
mod views;

use deadpool_postgres::Client;
use record::{MunicipalityCode, WallTime, day::FacilityCode};
use tokio_postgres::Row;
use vsys::{Facility, KindChange, KindHistory, ProductRule, facility::Coordinates};

pub(super) use bookings::{book, booked, date_lot, moment};
pub(super) use closings::{closings, note as note_closing, take_in as take_in_closings};
pub(super) use given::{look_at_all, queue, take_in, without_books};
pub(super) use ledger::{add_line, balances, lines, lot_balances, replace_balances};
pub(super) use told::{
    book as book_told, leave as leave_told, note as note_told, open as told_open, settle as settle_told,
    take_step as step_told, waiting as told_waiting,
};
pub(super) use transfers::{plan, step, to_approve, transfer, transfers};
pub(super) use views::{doses_of_lot, lines_after, lines_of_days, lot_lines, published_last, used_on};

use super::{
    audit,
    call::{Call, run, run_one, values},
    columns::Layout,
    rows,
};
use crate::{
    stock::working::Owners,
    storage::{KeptFacility, KindChanged, NewKind, NewLine, Place, Registered, StorageError},
};

const FACILITY: &str =
    "municipality, facility_code, name, freezer_vials, doses_per_day, latitude, longitude, books_begin_on";

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn register(
    client: &Client,
    layout: Layout,
    kept: KeptFacility,
    noted: NewLine,
) -> Result<Registered, StorageError> {
    let Facility { code, name, municipality, freezer_vials, doses_per_day, position } = kept.facility.clone();
    let owned = [
        Call::new("BEGIN", values![]),
        // Of two who register one code the second waits here and then sees whose it is.
        Call::new(
            "INSERT INTO facility_owners (facility_code, municipality) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            values![code.to_string(), rows::code(municipality)],
        ),
        Call::new(
            "SELECT municipality FROM facility_owners WHERE facility_code = $1",
            values![code.to_string()],
        ),
    ];
    let owner = run(client, &owned).await?.pop().unwrap_or_default();
    let owner: Option<MunicipalityCode> =
        owner.first().map(|row| rows::text(row, "municipality")).transpose()?;
    let before = match owner {
        Some(owner) if owner == municipality => facility_of(client, owner, code).await?,
        _ => return rolled_back(client, Registered::Elsewhere).await,
    };
    let registered = match before {
        Some(before) if before.facility == kept.facility => {
            return rolled_back(client, Registered::Unchanged).await;
        }
        Some(_) => Registered::Changed,
        None => Registered::New,
    };
    let call = Call::new(
        "INSERT INTO facilities (municipality, facility_code, name, freezer_vials, doses_per_day, latitude, longitude,
             books_begin_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (municipality, facility_code) DO UPDATE
         SET name = excluded.name, freezer_vials = excluded.freezer_vials, doses_per_day = excluded.doses_per_day,
             latitude = excluded.latitude, longitude = excluded.longitude",
        values![
            rows::code(municipality),
            code.to_string(),
            name.as_str().to_owned(),
            i64::from(freezer_vials),
            i64::from(doses_per_day),
            position.map(|place| i64::from(place.latitude)),
            position.map(|place| i64::from(place.longitude)),
            kept.books_begin_on.to_string()
        ],
    );
    run_one(client, call).await?;
    audit::append(client, layout, noted).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(registered)
}

/// Ends a transaction in which nothing is to be kept.
pub(super) async fn rolled_back<T>(client: &Client, answer: T) -> Result<T, StorageError> {
    run_one(client, Call::new("ROLLBACK", values![])).await?;
    Ok(answer)
}

pub(super) async fn facilities(
    client: &Client,
    municipality: MunicipalityCode,
) -> Result<Vec<KeptFacility>, StorageError> {
    let sql = format!("SELECT {FACILITY} FROM facilities WHERE municipality = $1 ORDER BY facility_code");
    run_one(client, Call::made(sql, values![rows::code(municipality)]))
        .await?
        .iter()
        .map(read_facility)
        .collect()
}

pub(super) async fn facility(
    client: &Client,
    code: FacilityCode,
) -> Result<Option<KeptFacility>, StorageError> {
    let call = Call::new(
        "SELECT municipality FROM facility_owners WHERE facility_code = $1",
        values![code.to_string()],
    );
    match run_one(client, call).await?.first() {
        Some(row) => facility_of(client, rows::text(row, "municipality")?, code).await,
        None => Ok(None),
    }
}

async fn facility_of(
    client: &Client,
    municipality: MunicipalityCode,
    code: FacilityCode,
) -> Result<Option<KeptFacility>, StorageError> {
    let sql = format!("SELECT {FACILITY} FROM facilities WHERE municipality = $1 AND facility_code = $2");
    let call = Call::made(sql, values![rows::code(municipality), code.to_string()]);
    run_one(client, call).await?.first().map(read_facility).transpose()
}

fn read_facility(row: &Row) -> Result<KeptFacility, StorageError> {
    let degrees = |column: &'static str| -> Result<Option<i32>, StorageError> {
        let number: Option<i64> = rows::raw(row, column)?;
        number.map(|number| number.try_into().map_err(|_| StorageError::Inconsistent(column))).transpose()
    };
    let count = |column: &'static str| {
        u32::try_from(rows::number(row, column)?).map_err(|_| StorageError::Inconsistent(column))
    };
    let position = degrees("latitude")?.zip(degrees("longitude")?);
    Ok(KeptFacility {
        facility: Facility {
            code: rows::text(row, "facility_code")?,
            name: rows::text(row, "name")?,
            municipality: rows::text(row, "municipality")?,
            freezer_vials: count("freezer_vials")?,
            doses_per_day: count("doses_per_day")?,
            position: position.map(|(latitude, longitude)| Coordinates { latitude, longitude }),
        },
        books_begin_on: rows::text(row, "books_begin_on")?,
    })
}

/// Holds the rows of these facilities until the transaction ends; whether all of them are there.
async fn hold(client: &Client, owners: &Owners) -> Result<bool, StorageError> {
    let mut places: Vec<_> =
        owners.iter().map(|(code, owner)| (rows::code(*owner), code.to_string())).collect();
    places.sort();
    let calls: Vec<Call<'_>> = places
        .into_iter()
        .map(|(owner, code)| {
            Call::new(
                "SELECT 1 FROM facilities WHERE municipality = $1 AND facility_code = $2 FOR NO KEY UPDATE",
                values![owner, code],
            )
        })
        .collect();
    Ok(run(client, &calls).await?.iter().all(|found| !found.is_empty()))
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn change_kind(
    client: &Client,
    layout: Layout,
    at: Place,
    change: NewKind,
    noted: NewLine,
) -> Result<KindChanged, StorageError> {
    run_one(client, Call::new("BEGIN", values![])).await?;
    if !hold(client, &Owners::from([(at.facility, at.municipality)])).await? {
        return rolled_back(client, KindChanged::NoFacility).await;
    }
    let mut history = kinds(client, at).await?;
    let change = change.change();
    if let Err(refused) = history.add(change.clone()) {
        return rolled_back(client, KindChanged::Refused(refused)).await;
    }
    let call = Call::new(
        "INSERT INTO kind_changes (municipality, facility_code, number, change) VALUES ($1, $2, $3, $4)",
        values![
            rows::code(at.municipality),
            at.facility.to_string(),
            rows::signed(history.changes().len() as u64),
            json(&change)?
        ],
    );
    run_one(client, call).await?;
    audit::append(client, layout, noted).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(KindChanged::Changed)
}

pub(super) async fn kinds(client: &Client, at: Place) -> Result<KindHistory, StorageError> {
    let call = Call::new(
        "SELECT change FROM kind_changes WHERE municipality = $1 AND facility_code = $2 ORDER BY number",
        values![rows::code(at.municipality), at.facility.to_string()],
    );
    let mut history = KindHistory::default();
    for row in run_one(client, call).await? {
        let change: KindChange = read_json(&row, "change")?;
        history.add(change).map_err(|_| StorageError::Inconsistent("change"))?;
    }
    Ok(history)
}

pub(super) async fn publish_rule(
    client: &Client,
    rule: ProductRule,
    at: WallTime,
) -> Result<(), StorageError> {
    let call = Call::new(
        "INSERT INTO product_rules (product, rule, published_at) VALUES ($1, $2, $3)
         ON CONFLICT (product) DO UPDATE SET rule = excluded.rule, published_at = excluded.published_at",
        values![rule.product.to_string(), json(&rule)?, at.unix_ms()],
    );
    run_one(client, call).await.map(drop)
}

pub(super) async fn rules(client: &Client) -> Result<Vec<ProductRule>, StorageError> {
    let call = Call::new("SELECT rule FROM product_rules ORDER BY product", values![]);
    run_one(client, call).await?.iter().map(|row| read_json(row, "rule")).collect()
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|_| StorageError::Inconsistent("json"))
}

pub(super) fn read_json<T: serde::de::DeserializeOwned>(
    row: &Row,
    column: &'static str,
) -> Result<T, StorageError> {
    let text: &str = rows::raw(row, column)?;
    serde_json::from_str(text).map_err(|_| StorageError::Inconsistent(column))
}
