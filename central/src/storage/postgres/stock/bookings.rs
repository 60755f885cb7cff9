//! Bookings, expected deliveries, until when lots are good, and one product at one moment.
//!
//! Must not: keep a part of what is booked together.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use record::{CalendarDate, MunicipalityCode, day::FacilityCode, day::Product};
use tokio_postgres::Row;
use vsys::{KindChange, KindHistory};

use super::{
    Call, FACILITY, Layout, audit, hold, ledger::read_account, read_facility, read_json, rolled_back, rows,
    run, run_one, values,
};
use crate::{
    stock::working::Owners,
    storage::{
        Booked, BookedDay, DatedLot, NewLine, Place, StockMoment, StorageError, Whose, reference::whom,
    },
};

const BOOKED: &str = "municipality, facility_code, product, booked_on, doses, expected";

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn book(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    days: Vec<BookedDay>,
    noted: Vec<NewLine>,
) -> Result<Booked, StorageError> {
    run_one(client, Call::new("BEGIN", values![])).await?;
    let mut owners = Owners::new();
    for day in &days {
        let facility = day.place.facility;
        if owners.contains_key(&facility) {
            continue;
        }
        owners.insert(facility, municipality);
        let is_there = day.place.municipality == municipality
            && hold(client, &Owners::from([(facility, municipality)])).await?;
        if !is_there {
            return rolled_back(client, Booked::NoFacility(facility)).await;
        }
    }
    let put = |day: &BookedDay| {
        let (facility, product, on) =
            (day.place.facility.to_string(), day.product.to_string(), day.on.to_string());
        if day.doses == 0 && day.expected == 0 {
            return Call::new(
                "DELETE FROM bookings
                 WHERE municipality = $1 AND facility_code = $2 AND product = $3 AND booked_on = $4",
                values![rows::code(municipality), facility, product, on],
            );
        }
        let (doses, expected) = (rows::signed(day.doses), rows::signed(day.expected));
        Call::new(
            "INSERT INTO bookings (municipality, facility_code, product, booked_on, doses, expected)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (municipality, facility_code, product, booked_on) DO UPDATE
             SET doses = excluded.doses, expected = excluded.expected",
            values![rows::code(municipality), facility, product, on, doses, expected],
        )
    };
    run(client, &days.iter().map(put).collect::<Vec<_>>()).await?;
    for line in noted {
        audit::append(client, layout, line).await?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(Booked::Kept)
}

pub(in super::super) async fn booked(
    client: &Client,
    whose: Whose,
    from: CalendarDate,
) -> Result<Vec<BookedDay>, StorageError> {
    let (first, last) = whose.codes();
    let sql = format!(
        "SELECT {BOOKED} FROM bookings WHERE municipality BETWEEN $1 AND $2 AND booked_on >= $3
         ORDER BY municipality, facility_code, product, booked_on"
    );
    let call = Call::made(sql, values![first, last, from.to_string()]);
    run_one(client, call).await?.iter().map(read_booked).collect()
}

fn read_booked(row: &Row) -> Result<BookedDay, StorageError> {
    Ok(BookedDay {
        place: Place {
            municipality: rows::text(row, "municipality")?,
            facility: rows::text(row, "facility_code")?,
        },
        product: rows::text(row, "product")?,
        on: rows::text(row, "booked_on")?,
        doses: rows::number(row, "doses")?,
        expected: rows::number(row, "expected")?,
    })
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn date_lot(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    dated: DatedLot,
    noted: NewLine,
) -> Result<(), StorageError> {
    let DatedLot { product, lot, good_until } = dated;
    let calls = [
        Call::new("BEGIN", values![]),
        Call::new(
            "INSERT INTO dated_lots (municipality, product, lot, good_until) VALUES ($1, $2, $3, $4)
             ON CONFLICT (municipality, product, lot) DO UPDATE SET good_until = excluded.good_until",
            values![rows::code(municipality), product.to_string(), lot.to_string(), good_until.to_string()],
        ),
    ];
    run(client, &calls).await?;
    audit::append(client, layout, noted).await?;
    run_one(client, Call::new("COMMIT", values![])).await.map(drop)
}

/// Begins a transaction and ends it: all of it as it stood at one instant. On an error the connection must not be used again.
pub(in super::super) async fn moment(
    client: &Client,
    whose: Whose,
    product: Product,
    from: CalendarDate,
) -> Result<StockMoment, StorageError> {
    let (first, last) = whose.codes();
    let (product, from) = (product.to_string(), from.to_string());
    let calls = [
        Call::new("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", values![]),
        Call::made(
            format!(
                "SELECT {FACILITY} FROM facilities WHERE municipality BETWEEN $1 AND $2 ORDER BY facility_code"
            ),
            values![first.clone(), last.clone()],
        ),
        Call::new(
            "SELECT facility_code, change FROM kind_changes WHERE municipality BETWEEN $1 AND $2
             ORDER BY municipality, facility_code, number",
            values![first.clone(), last.clone()],
        ),
        Call::new(
            "SELECT facility_code, product, lot, storage, account, transfer, vials, doses FROM stock_accounts
             WHERE municipality BETWEEN $1 AND $2 AND product = $3 AND account IN ('on_hand', 'received')",
            values![first.clone(), last.clone(), product.clone()],
        ),
        Call::new(
            "SELECT facility_code, sum(vials)::bigint AS vials FROM stock_accounts
             WHERE municipality BETWEEN $1 AND $2 AND storage = 'frozen' AND account = 'on_hand' AND vials > 0
             GROUP BY municipality, facility_code",
            values![first.clone(), last.clone()],
        ),
        Call::made(
            format!(
                "SELECT {BOOKED} FROM bookings
                 WHERE municipality BETWEEN $1 AND $2 AND product = $3 AND booked_on >= $4"
            ),
            values![first.clone(), last.clone(), product.clone(), from.clone()],
        ),
        Call::new(
            "SELECT municipality, product, lot, good_until FROM dated_lots
             WHERE municipality BETWEEN $1 AND $2 AND product = $3",
            values![first.clone(), last.clone(), product.clone()],
        ),
        Call::new(
            "SELECT municipality, bytes FROM publications WHERE version IN (
                 SELECT max(version) FROM publications
                 WHERE kind = 'lots' AND (municipality = '' OR municipality BETWEEN $1 AND $2)
                 GROUP BY municipality)",
            values![first, last],
        ),
    ];
    let answers = run(client, &calls).await?;
    let [_, facilities, changes, accounts, frozen, booked, dated, published] = &answers[..] else {
        return Err(StorageError::Stopped);
    };
    let facilities = facilities.iter().map(read_facility).collect::<Result<Vec<_>, _>>()?;
    // Doses lie with whoever issued the coupon, so that they cannot be joined with facilities.
    let codes: Vec<String> = facilities.iter().map(|kept| kept.facility.code.to_string()).collect();
    let calls = [
        Call::new(
            "SELECT facility_code, count(*) AS doses FROM stock_doses
             WHERE given_on = $1 AND product = $2 AND booked = 1 AND facility_code = ANY($3)
             GROUP BY facility_code",
            values![from, product, codes],
        ),
        Call::new("COMMIT", values![]),
    ];
    let given = run(client, &calls).await?;
    let given = given.first().map_or(&[][..], Vec::as_slice);
    let doses = |row: &Row| Ok((rows::text(row, "facility_code")?, rows::number(row, "doses")?));
    let vials = |row: &Row| Ok((rows::text(row, "facility_code")?, rows::number(row, "vials")?));
    let dated_lot = |row: &Row| {
        let dated = DatedLot {
            product: rows::text(row, "product")?,
            lot: rows::text(row, "lot")?,
            good_until: rows::text(row, "good_until")?,
        };
        Ok((rows::text(row, "municipality")?, dated))
    };
    let part = |row: &Row| {
        let bytes: &[u8] = rows::raw(row, "bytes")?;
        Ok((whom(rows::raw(row, "municipality")?)?, bytes.to_vec()))
    };
    Ok(StockMoment {
        facilities,
        given: given.iter().map(doses).collect::<Result<_, StorageError>>()?,
        kinds: kinds(changes)?,
        accounts: accounts.iter().map(read_account).collect::<Result<_, _>>()?,
        frozen_vials: frozen.iter().map(vials).collect::<Result<_, StorageError>>()?,
        booked: booked.iter().map(read_booked).collect::<Result<_, _>>()?,
        dated: dated.iter().map(dated_lot).collect::<Result<_, StorageError>>()?,
        published: published.iter().map(part).collect::<Result<_, StorageError>>()?,
    })
}

fn kinds(changes: &[Row]) -> Result<BTreeMap<FacilityCode, KindHistory>, StorageError> {
    let mut kinds: BTreeMap<_, KindHistory> = BTreeMap::new();
    for row in changes {
        let change: KindChange = read_json(row, "change")?;
        let history = kinds.entry(rows::text(row, "facility_code")?).or_default();
        history.add(change).map_err(|_| StorageError::Inconsistent("change"))?;
    }
    Ok(kinds)
}
