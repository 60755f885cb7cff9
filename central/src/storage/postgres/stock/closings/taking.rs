//! What closings say of vials, taken into the books.
//!
//! Must not: take one into the books twice: what was taken is written with its lines.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Client;
use record::{
    CalendarDate, WallTime,
    closing::Closing,
    day::{FacilityCode, LotNumber, Product},
};
use tokio_postgres::Row;

use super::{CLOSING, Call, hold, ledger, read, rows, rules, run, run_one, values};
use crate::{
    stock::{
        accounts,
        opened::{Opened, Taken, take_in as take_lot_in, wanted},
        working::Owners,
    },
    storage::{
        BY_A_CLOSING, ClosingKey, ClosingsTaken, KeptClosing, StorageError, closing_state as state,
        postgres::call::Value,
    },
};

/// `VRSC`: of two centrals one takes closings in at a time.
const LOCK: i64 = 0x5652_5343;

/// One that waits: itself, where it stands in the chain, and from which day on the books of its site are kept.
type Waiting = (KeptClosing, (i64, i64), CalendarDate);

async fn waiting(
    client: &Client,
    after: Option<ClosingKey>,
    most: u32,
) -> Result<Vec<Waiting>, StorageError> {
    let sql = format!(
        "SELECT {CLOSING}, facilities.books_begin_on FROM stock_closings JOIN facilities
             ON facilities.municipality = stock_closings.municipality
             AND facilities.facility_code = stock_closings.facility_code
         WHERE stock_closings.state = 0 AND (stock_closings.municipality, stock_closings.facility_code,
             stock_closings.closed_on, stock_closings.tablet_number) > ($1, $2, $3, $4)
         ORDER BY stock_closings.municipality, stock_closings.facility_code, stock_closings.closed_on,
             stock_closings.tablet_number LIMIT $5"
    );
    let nobody = || values![String::new(), String::new(), String::new(), 0_i64];
    let mut given = after.map_or_else(nobody, key);
    given.push(Box::new(i64::from(most)));
    let read_waiting = |row: &Row| {
        let place = (rows::raw(row, "epoch")?, rows::raw(row, "position")?);
        Ok((read(row)?, place, rows::text(row, "books_begin_on")?))
    };
    run_one(client, Call::made(sql, given)).await?.iter().map(read_waiting).collect()
}

fn key(key: ClosingKey) -> Vec<Value<'static>> {
    let ClosingKey { municipality, facility, on, tablet_number } = key;
    values![rows::code(municipality), facility.to_string(), on.to_string(), i64::from(tablet_number)]
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super::super) async fn take_in(
    client: &Client,
    after: Option<ClosingKey>,
    most: u32,
    now: WallTime,
) -> Result<ClosingsTaken, StorageError> {
    let begin = [Call::new("BEGIN", values![]), Call::new("SELECT pg_advisory_xact_lock($1)", values![LOCK])];
    run(client, &begin).await?;
    let rules = rules(client).await?;
    let waiting = waiting(client, after, most).await?;
    let owners: Owners =
        waiting.iter().map(|(kept, ..)| (kept.key.facility, kept.key.municipality)).collect();
    if !hold(client, &owners).await? {
        return Err(StorageError::Inconsistent("facility_code"));
    }
    let mut done = ClosingsTaken { last: None, taken: 0 };
    for (kept, place, begins_on) in waiting {
        done.last = Some(kept.key);
        if kept.key.on < begins_on {
            note_state(client, kept.key, place, state::BEFORE).await?;
            continue;
        }
        let mut taken = taken(client, kept.key).await?;
        let products = products(client, kept.key, &kept.closing, &taken).await?;
        let wanted = wanted(&kept.closing, &products, &rules);
        for lot in wanted.lots.keys().filter(|lot| !taken.contains_key(lot)).cloned().collect::<Vec<_>>() {
            taken.insert(lot, Taken::new());
        }
        for ((product, lot), was) in taken {
            let is = wanted.lots.get(&(product.clone(), lot.clone())).copied().unwrap_or_default();
            if !wanted.unknown.contains(&lot) {
                book(client, &kept, (kept.key.facility, product, lot), &was, is, now).await?;
            }
        }
        if wanted.unknown.is_empty() {
            note_state(client, kept.key, place, state::BOOKED).await?;
            done.taken += 1;
        }
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(done)
}

/// A later closing may have been noted meanwhile, which is looked at then.
async fn note_state(
    client: &Client,
    closing: ClosingKey,
    (epoch, position): (i64, i64),
    state: i64,
) -> Result<(), StorageError> {
    let mut given = key(closing);
    given.extend(values![epoch, position, state]);
    let call = Call::new(
        "UPDATE stock_closings SET state = $7 WHERE municipality = $1 AND facility_code = $2 AND closed_on = $3
             AND tablet_number = $4 AND epoch = $5 AND position = $6",
        given,
    );
    run_one(client, call).await.map(drop)
}

/// What of a closing is in the books.
async fn taken(
    client: &Client,
    closing: ClosingKey,
) -> Result<BTreeMap<(Product, LotNumber), Taken>, StorageError> {
    let call = Call::new(
        "SELECT product, lot, storage, vials, expected, gave FROM stock_opened
         WHERE municipality = $1 AND facility_code = $2 AND closed_on = $3 AND tablet_number = $4",
        key(closing),
    );
    let mut taken: BTreeMap<(Product, LotNumber), Taken> = BTreeMap::new();
    for row in run_one(client, call).await? {
        let storage = accounts::storage(rows::raw(&row, "storage")?);
        let opened = Opened {
            vials: rows::number(&row, "vials")?,
            expected: rows::number(&row, "expected")?,
            gave: rows::number(&row, "gave")?,
        };
        taken
            .entry((rows::text(&row, "product")?, rows::text(&row, "lot")?))
            .or_default()
            .insert(storage.ok_or(StorageError::Inconsistent("storage"))?, opened);
    }
    Ok(taken)
}

/// Of which products each lot is: as it was taken before, or as the facility's books know it.
async fn products(
    client: &Client,
    closing: ClosingKey,
    said: &Closing,
    taken: &BTreeMap<(Product, LotNumber), Taken>,
) -> Result<BTreeMap<LotNumber, BTreeSet<Product>>, StorageError> {
    let mut products: BTreeMap<LotNumber, BTreeSet<Product>> = BTreeMap::new();
    for (product, lot) in taken.keys() {
        products.entry(lot.clone()).or_default().insert(product.clone());
    }
    for lot in &said.lots {
        if products.contains_key(&lot.lot) {
            continue;
        }
        let call = Call::new(
            "SELECT DISTINCT product FROM stock_accounts
             WHERE municipality = $1 AND facility_code = $2 AND lot = $3",
            values![rows::code(closing.municipality), closing.facility.to_string(), lot.lot.to_string()],
        );
        let known = run_one(client, call).await?;
        let known = known.iter().map(|row| rows::text(row, "product")).collect::<Result<_, _>>()?;
        products.insert(lot.lot.clone(), known);
    }
    Ok(products)
}

async fn book(
    client: &Client,
    kept: &KeptClosing,
    lot: (FacilityCode, Product, LotNumber),
    was: &Taken,
    is: Opened,
    now: WallTime,
) -> Result<(), StorageError> {
    let owners = Owners::from([(kept.key.facility, kept.key.municipality)]);
    let by = BY_A_CLOSING.parse().map_err(|_| StorageError::Inconsistent("by"))?;
    let at = crate::stock::given::on_that_day(kept.key.on, now);
    let mut taken = Taken::new();
    ledger::change(client, &owners, &BTreeSet::from([lot.clone()]), now, |working| {
        taken = take_lot_in(working, &lot, was, is, at, &by)?;
        Ok(())
    })
    .await?
    .map_err(|_| StorageError::Inconsistent("stock_opened"))?;
    let of_lot = || {
        let mut given = key(kept.key);
        given.extend(values![lot.1.to_string(), lot.2.to_string()]);
        given
    };
    let mut calls = vec![Call::new(
        "DELETE FROM stock_opened WHERE municipality = $1 AND facility_code = $2 AND closed_on = $3
             AND tablet_number = $4 AND product = $5 AND lot = $6",
        of_lot(),
    )];
    calls.extend(taken.into_iter().map(|(storage, Opened { vials, expected, gave })| {
        let mut given = of_lot();
        given.extend(values![
            accounts::storage_word(storage).to_owned(),
            rows::signed(vials),
            rows::signed(expected),
            rows::signed(gave)
        ]);
        Call::new(
            "INSERT INTO stock_opened (municipality, facility_code, closed_on, tablet_number, product, lot, storage,
                 vials, expected, gave)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            given,
        )
    }));
    run(client, &calls).await.map(drop)
}
