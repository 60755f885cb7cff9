//! What closings say of vials, taken into the books.
//!
//! Must not: take one into the books twice: what was taken is written with its lines.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    CalendarDate, WallTime,
    closing::Closing,
    day::{FacilityCode, LotNumber, Product},
};
use rusqlite::{Connection, params};

use super::{CLOSING, ledger, read, rows, rules};
use crate::{
    stock::{
        accounts,
        opened::{Opened, Taken, take_in as take_lot_in, wanted},
        working::Owners,
    },
    storage::{BY_A_CLOSING, ClosingKey, ClosingsTaken, KeptClosing, StorageError, closing_state as state},
};

/// One that waits: itself, where it stands in the chain, and from which day on the books of its site are kept.
type Waiting = (KeptClosing, (i64, i64), CalendarDate);

fn waiting(
    transaction: &Connection,
    after: Option<ClosingKey>,
    most: u32,
) -> Result<Vec<Waiting>, StorageError> {
    let sql = format!(
        "SELECT {CLOSING}, facilities.books_begin_on FROM stock_closings JOIN facilities
             ON facilities.municipality = stock_closings.municipality
             AND facilities.facility_code = stock_closings.facility_code
         WHERE stock_closings.state = 0 AND (stock_closings.municipality, stock_closings.facility_code,
             stock_closings.closed_on, stock_closings.tablet_number) > (?1, ?2, ?3, ?4)
         ORDER BY stock_closings.municipality, stock_closings.facility_code, stock_closings.closed_on,
             stock_closings.tablet_number LIMIT ?5"
    );
    let (municipality, facility, on, tablet) = after.map_or_else(Default::default, key);
    rows::all(transaction, &sql, params![municipality, facility, on, tablet, most], |row| {
        let place = (rows::raw(row, "epoch")?, rows::raw(row, "position")?);
        Ok((read(row)?, place, rows::text(row, "books_begin_on")?))
    })
}

fn key(key: ClosingKey) -> (String, String, String, u32) {
    let ClosingKey { municipality, facility, on, tablet_number } = key;
    (municipality.to_string(), facility.to_string(), on.to_string(), tablet_number)
}

/// See [`crate::storage::Closings::take_in_closings`].
pub(in super::super::super) fn take_in(
    transaction: &Connection,
    after: Option<ClosingKey>,
    most: u32,
    now: WallTime,
) -> Result<ClosingsTaken, StorageError> {
    let rules = rules(transaction)?;
    let mut done = ClosingsTaken { last: None, taken: 0 };
    for (kept, place, begins_on) in waiting(transaction, after, most)? {
        done.last = Some(kept.key);
        if kept.key.on < begins_on {
            note_state(transaction, kept.key, place, state::BEFORE)?;
            continue;
        }
        let mut taken = taken(transaction, kept.key)?;
        let products = products(transaction, kept.key, &kept.closing, &taken)?;
        let wanted = wanted(&kept.closing, &products, &rules);
        for lot in wanted.lots.keys().filter(|lot| !taken.contains_key(lot)).cloned().collect::<Vec<_>>() {
            taken.insert(lot, Taken::new());
        }
        for ((product, lot), was) in taken {
            let is = wanted.lots.get(&(product.clone(), lot.clone())).copied().unwrap_or_default();
            if !wanted.unknown.contains(&lot) {
                book(transaction, &kept, (kept.key.facility, product, lot), &was, is, now)?;
            }
        }
        if wanted.unknown.is_empty() {
            note_state(transaction, kept.key, place, state::BOOKED)?;
            done.taken += 1;
        }
    }
    Ok(done)
}

/// A later closing may have been noted meanwhile, which is looked at then.
fn note_state(
    transaction: &Connection,
    closing: ClosingKey,
    (epoch, position): (i64, i64),
    state: i64,
) -> Result<(), StorageError> {
    let (municipality, facility, on, tablet) = key(closing);
    rows::run(
        transaction,
        "UPDATE stock_closings SET state = ?7 WHERE municipality = ?1 AND facility_code = ?2 AND closed_on = ?3
             AND tablet_number = ?4 AND epoch = ?5 AND position = ?6",
        params![municipality, facility, on, tablet, epoch, position, state],
    )
    .map(drop)
}

/// What of a closing is in the books.
fn taken(
    transaction: &Connection,
    closing: ClosingKey,
) -> Result<BTreeMap<(Product, LotNumber), Taken>, StorageError> {
    let (municipality, facility, on, tablet) = key(closing);
    let found = rows::all(
        transaction,
        "SELECT product, lot, storage, vials, expected, gave FROM stock_opened
         WHERE municipality = ?1 AND facility_code = ?2 AND closed_on = ?3 AND tablet_number = ?4",
        params![municipality, facility, on, tablet],
        |row| {
            let storage: String = rows::raw(row, "storage")?;
            let storage = accounts::storage(&storage).ok_or(StorageError::Inconsistent("storage"))?;
            let opened = Opened {
                vials: rows::number(row, "vials")?,
                expected: rows::number(row, "expected")?,
                gave: rows::number(row, "gave")?,
            };
            Ok(((rows::text(row, "product")?, rows::text(row, "lot")?), (storage, opened)))
        },
    )?;
    let mut taken: BTreeMap<_, Taken> = BTreeMap::new();
    for (lot, (storage, opened)) in found {
        taken.entry(lot).or_default().insert(storage, opened);
    }
    Ok(taken)
}

/// Of which products each lot is: as it was taken before, or as the facility's books know it.
fn products(
    transaction: &Connection,
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
        let known = rows::all(
            transaction,
            "SELECT DISTINCT product FROM stock_accounts
             WHERE municipality = ?1 AND facility_code = ?2 AND lot = ?3",
            params![closing.municipality.to_string(), closing.facility.to_string(), lot.lot.to_string()],
            |row| rows::text(row, "product"),
        )?;
        products.insert(lot.lot.clone(), known.into_iter().collect());
    }
    Ok(products)
}

fn book(
    transaction: &Connection,
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
    ledger::change(transaction, &owners, &BTreeSet::from([lot.clone()]), now, |working| {
        taken = take_lot_in(working, &lot, was, is, at, &by)?;
        Ok(())
    })?
    .map_err(|_| StorageError::Inconsistent("stock_opened"))?;
    let (municipality, facility, on, tablet) = key(kept.key);
    rows::run(
        transaction,
        "DELETE FROM stock_opened WHERE municipality = ?1 AND facility_code = ?2 AND closed_on = ?3
             AND tablet_number = ?4 AND product = ?5 AND lot = ?6",
        params![municipality, facility, on, tablet, lot.1.to_string(), lot.2.to_string()],
    )?;
    for (storage, Opened { vials, expected, gave }) in taken {
        rows::run(
            transaction,
            "INSERT INTO stock_opened (municipality, facility_code, closed_on, tablet_number, product, lot, storage,
                 vials, expected, gave)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                municipality,
                facility,
                on,
                tablet,
                lot.1.to_string(),
                lot.2.to_string(),
                accounts::storage_word(storage),
                rows::signed(vials),
                rows::signed(expected),
                rows::signed(gave)
            ],
        )?;
    }
    Ok(())
}
