//! Lines of the ledger and what stands in its accounts.
//!
//! Must not: write a line and not its balances, or a balance that no line makes – but [`replace_balances`], which is told all.

use std::collections::BTreeSet;

use record::{
    MunicipalityCode, WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use rusqlite::{Connection, Row, params};
use vsys::{
    Balance, Line, StockKey,
    ledger::{Account, LedgerError},
};

use super::{audit, is_there, json, read_json, rows};
use crate::{
    stock::{
        accounts,
        working::{Lot, Owners, Working, lots_of},
    },
    storage::{KeptLine, LineAdded, NewLine, Place, StorageError},
};

const ACCOUNT: &str = "facility_code, product, lot, storage, account, transfer, vials, doses";

pub(in super::super) fn add_line(
    transaction: &Connection,
    municipality: MunicipalityCode,
    line: Line,
    recorded_at: WallTime,
    noted: &NewLine,
) -> Result<LineAdded, StorageError> {
    let at = Place { municipality, facility: line.key.facility };
    if !is_there(transaction, at)? {
        return Ok(LineAdded::NoFacility);
    }
    let owners = Owners::from([(at.facility, municipality)]);
    let lots = lots_of(&line);
    if let Err(refused) = change(transaction, &owners, &lots, recorded_at, |working| working.add(line))? {
        return Ok(LineAdded::Refused(refused));
    }
    audit::append(transaction, noted)?;
    Ok(LineAdded::Added(last_number(transaction, at)?))
}

/// Reads every account of these lots, lets `work` add lines, and writes lines and balances; nothing where it refuses.
pub(super) fn change(
    transaction: &Connection,
    owners: &Owners,
    lots: &BTreeSet<Lot>,
    recorded_at: WallTime,
    work: impl FnOnce(&mut Working) -> Result<(), LedgerError>,
) -> Result<Result<(), LedgerError>, StorageError> {
    let mut known = Vec::new();
    for (facility, product, lot) in lots {
        let sql = format!(
            "SELECT {ACCOUNT} FROM stock_accounts
             WHERE municipality = ?1 AND facility_code = ?2 AND product = ?3 AND lot = ?4"
        );
        let given = params![
            owner(owners, *facility)?.to_string(),
            facility.to_string(),
            product.to_string(),
            lot.to_string()
        ];
        known.extend(rows::all(transaction, &sql, given, read_account)?);
    }
    let mut working = Working::new(known);
    if let Err(refused) = work(&mut working) {
        return Ok(Err(refused));
    }
    let (lines, changed) = working.ready();
    for line in &lines {
        let at = Place { municipality: owner(owners, line.key.facility)?, facility: line.key.facility };
        rows::run(
            transaction,
            "INSERT INTO stock_lines (municipality, facility_code, number, recorded_at, line)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                at.municipality.to_string(),
                at.facility.to_string(),
                rows::signed(last_number(transaction, at)? + 1),
                recorded_at.unix_ms(),
                json(line)?
            ],
        )?;
    }
    for (account, balance) in &changed {
        put_balance(transaction, owner(owners, account.key().facility)?, account, *balance)?;
    }
    Ok(Ok(()))
}

fn owner(owners: &Owners, facility: FacilityCode) -> Result<MunicipalityCode, StorageError> {
    owners.get(&facility).copied().ok_or(StorageError::Inconsistent("facility_code"))
}

pub(super) fn last_number(connection: &Connection, at: Place) -> Result<u64, StorageError> {
    let sql = "SELECT coalesce(max(number), 0) AS number FROM stock_lines WHERE municipality = ?1 AND facility_code = ?2";
    let given = params![at.municipality.to_string(), at.facility.to_string()];
    Ok(rows::one(connection, sql, given, |row| rows::number(row, "number"))?.unwrap_or(0))
}

fn put_balance(
    transaction: &Connection,
    municipality: MunicipalityCode,
    account: &Account,
    balance: Balance,
) -> Result<(), StorageError> {
    let key = account.key();
    rows::run(
        transaction,
        "INSERT INTO stock_accounts
             (municipality, facility_code, product, lot, storage, account, transfer, vials, doses)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT DO UPDATE SET vials = excluded.vials, doses = excluded.doses",
        params![
            municipality.to_string(),
            key.facility.to_string(),
            key.product.to_string(),
            key.lot.to_string(),
            accounts::storage_word(key.storage),
            accounts::word(account),
            accounts::transfer(account),
            balance.vials,
            balance.doses
        ],
    )
    .map(drop)
}

pub(super) fn read_account(row: &Row<'_>) -> Result<(Account, Balance), StorageError> {
    let wrong = |column| move || StorageError::Inconsistent(column);
    let storage: String = rows::raw(row, "storage")?;
    let key = StockKey {
        facility: rows::text(row, "facility_code")?,
        product: rows::text(row, "product")?,
        lot: rows::text(row, "lot")?,
        storage: accounts::storage(&storage).ok_or_else(wrong("storage"))?,
    };
    let (word, transfer): (String, Vec<u8>) = (rows::raw(row, "account")?, rows::raw(row, "transfer")?);
    let account = accounts::account(&word, &transfer, key).ok_or_else(wrong("account"))?;
    Ok((account, Balance { vials: rows::raw(row, "vials")?, doses: rows::raw(row, "doses")? }))
}

pub(in super::super) fn lines(
    connection: &Connection,
    at: Place,
    before: Option<u64>,
    most: u32,
) -> Result<Vec<KeptLine>, StorageError> {
    rows::all(
        connection,
        "SELECT number, recorded_at, line FROM stock_lines
         WHERE municipality = ?1 AND facility_code = ?2 AND number < ?3 ORDER BY number DESC LIMIT ?4",
        params![
            at.municipality.to_string(),
            at.facility.to_string(),
            before.map_or(i64::MAX, rows::signed),
            most
        ],
        |row| {
            Ok(KeptLine {
                number: rows::number(row, "number")?,
                recorded_at: rows::wall_time(row, "recorded_at")?,
                line: read_json(row, "line")?,
            })
        },
    )
}

pub(in super::super) fn balances(
    connection: &Connection,
    municipality: MunicipalityCode,
    facility: Option<FacilityCode>,
) -> Result<Vec<(Account, Balance)>, StorageError> {
    let mut sql = format!("SELECT {ACCOUNT} FROM stock_accounts WHERE municipality = ?1");
    let mut given = vec![municipality.to_string()];
    if let Some(facility) = facility {
        sql.push_str(" AND facility_code = ?2");
        given.push(facility.to_string());
    }
    sql.push_str(" ORDER BY facility_code, product, lot, storage, account, transfer");
    rows::all(connection, &sql, rusqlite::params_from_iter(given), read_account)
}

pub(in super::super) fn lot_balances(
    connection: &Connection,
    municipality: MunicipalityCode,
    product: &Product,
    lot: &LotNumber,
) -> Result<Vec<(Account, Balance)>, StorageError> {
    let sql = format!(
        "SELECT {ACCOUNT} FROM stock_accounts WHERE municipality = ?1 AND product = ?2 AND lot = ?3
         ORDER BY facility_code, storage, account, transfer"
    );
    let given = params![municipality.to_string(), product.to_string(), lot.to_string()];
    rows::all(connection, &sql, given, read_account)
}

pub(in super::super) fn replace_balances(
    transaction: &Connection,
    balances: &[(MunicipalityCode, Account, Balance)],
    lines: u64,
) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) AS number FROM stock_lines";
    if rows::one(transaction, sql, [], |row| rows::number(row, "number"))? != Some(lines) {
        return Ok(false);
    }
    rows::run(transaction, "DELETE FROM stock_accounts", [])?;
    for (municipality, account, balance) in balances {
        put_balance(transaction, *municipality, account, *balance)?;
    }
    Ok(true)
}
