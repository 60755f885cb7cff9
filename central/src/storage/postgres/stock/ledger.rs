//! Lines of the ledger and what stands in its accounts.
//!
//! Must not: write a line and not its balances, or anything for a facility whose row is not held.

use std::collections::BTreeSet;

use deadpool_postgres::Client;
use record::{
    MunicipalityCode, WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use tokio_postgres::Row;
use vsys::{
    Balance, Line, StockKey,
    ledger::{Account, LedgerError},
};

use super::{Call, Layout, audit, hold, json, read_json, rolled_back, rows, run, run_one, values};
use crate::{
    stock::{
        accounts,
        working::{Lot, Owners, Working, lots_of},
    },
    storage::{KeptLine, LineAdded, NewLine, Place, StorageError},
};

const ACCOUNT: &str = "facility_code, product, lot, storage, account, transfer, vials, doses";

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn add_line(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    line: Line,
    recorded_at: WallTime,
    noted: NewLine,
) -> Result<LineAdded, StorageError> {
    let at = Place { municipality, facility: line.key.facility };
    let owners = Owners::from([(at.facility, municipality)]);
    run_one(client, Call::new("BEGIN", values![])).await?;
    if !hold(client, &owners).await? {
        return rolled_back(client, LineAdded::NoFacility).await;
    }
    let lots = lots_of(&line);
    let added = change(client, &owners, &lots, recorded_at, |working| working.add(line)).await?;
    if let Err(refused) = added {
        return rolled_back(client, LineAdded::Refused(refused)).await;
    }
    let number = last_number(client, at).await?;
    audit::append(client, layout, noted).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(LineAdded::Added(number))
}

/// Reads every account of these lots, lets `work` add lines, and writes lines and balances; nothing where it refuses. The
/// facilities are held.
pub(super) async fn change(
    client: &Client,
    owners: &Owners,
    lots: &BTreeSet<Lot>,
    recorded_at: WallTime,
    work: impl FnOnce(&mut Working) -> Result<(), LedgerError>,
) -> Result<Result<(), LedgerError>, StorageError> {
    let mut known = Vec::new();
    for (facility, product, lot) in lots {
        let sql = format!(
            "SELECT {ACCOUNT} FROM stock_accounts
             WHERE municipality = $1 AND facility_code = $2 AND product = $3 AND lot = $4"
        );
        let owner = rows::code(owner(owners, *facility)?);
        let given = values![owner, facility.to_string(), product.to_string(), lot.to_string()];
        for row in run_one(client, Call::made(sql, given)).await? {
            known.push(read_account(&row)?);
        }
    }
    let mut working = Working::new(known);
    if let Err(refused) = work(&mut working) {
        return Ok(Err(refused));
    }
    let (lines, changed) = working.ready();
    for line in &lines {
        let at = Place { municipality: owner(owners, line.key.facility)?, facility: line.key.facility };
        let call = Call::new(
            "INSERT INTO stock_lines (municipality, facility_code, number, recorded_at, line)
             VALUES ($1, $2, $3, $4, $5)",
            values![
                rows::code(at.municipality),
                at.facility.to_string(),
                rows::signed(last_number(client, at).await? + 1),
                recorded_at.unix_ms(),
                json(line)?
            ],
        );
        run_one(client, call).await?;
    }
    let put = |(account, balance): &(Account, Balance)| {
        Ok(put_balance(owner(owners, account.key().facility)?, account, *balance))
    };
    let calls = changed.iter().map(put).collect::<Result<Vec<_>, StorageError>>()?;
    run(client, &calls).await?;
    Ok(Ok(()))
}

fn owner(owners: &Owners, facility: FacilityCode) -> Result<MunicipalityCode, StorageError> {
    owners.get(&facility).copied().ok_or(StorageError::Inconsistent("facility_code"))
}

pub(super) async fn last_number(client: &Client, at: Place) -> Result<u64, StorageError> {
    let call = Call::new(
        "SELECT coalesce(max(number), 0) AS number FROM stock_lines WHERE municipality = $1 AND facility_code = $2",
        values![rows::code(at.municipality), at.facility.to_string()],
    );
    let found = run_one(client, call).await?;
    Ok(found.first().map(|row| rows::number(row, "number")).transpose()?.unwrap_or(0))
}

fn put_balance(municipality: MunicipalityCode, account: &Account, balance: Balance) -> Call<'static> {
    let key = account.key();
    Call::new(
        "INSERT INTO stock_accounts
             (municipality, facility_code, product, lot, storage, account, transfer, vials, doses)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (municipality, facility_code, product, lot, storage, account, transfer) DO UPDATE
         SET vials = excluded.vials, doses = excluded.doses",
        values![
            rows::code(municipality),
            key.facility.to_string(),
            key.product.to_string(),
            key.lot.to_string(),
            accounts::storage_word(key.storage).to_owned(),
            accounts::word(account).to_owned(),
            accounts::transfer(account),
            balance.vials,
            balance.doses
        ],
    )
}

pub(super) fn read_account(row: &Row) -> Result<(Account, Balance), StorageError> {
    let wrong = |column| move || StorageError::Inconsistent(column);
    let key = StockKey {
        facility: rows::text(row, "facility_code")?,
        product: rows::text(row, "product")?,
        lot: rows::text(row, "lot")?,
        storage: accounts::storage(rows::raw(row, "storage")?).ok_or_else(wrong("storage"))?,
    };
    let account = accounts::account(rows::raw(row, "account")?, rows::raw(row, "transfer")?, key);
    let account = account.ok_or_else(wrong("account"))?;
    Ok((account, Balance { vials: rows::raw(row, "vials")?, doses: rows::raw(row, "doses")? }))
}

pub(in super::super) async fn lines(
    client: &Client,
    at: Place,
    before: Option<u64>,
    most: u32,
) -> Result<Vec<KeptLine>, StorageError> {
    let call = Call::new(
        "SELECT number, recorded_at, line FROM stock_lines
         WHERE municipality = $1 AND facility_code = $2 AND number < $3 ORDER BY number DESC LIMIT $4",
        values![
            rows::code(at.municipality),
            at.facility.to_string(),
            before.map_or(i64::MAX, rows::signed),
            i64::from(most)
        ],
    );
    let read = |row: &Row| {
        Ok(KeptLine {
            number: rows::number(row, "number")?,
            recorded_at: rows::wall_time(row, "recorded_at")?,
            line: read_json(row, "line")?,
        })
    };
    run_one(client, call).await?.iter().map(read).collect()
}

pub(in super::super) async fn balances(
    client: &Client,
    municipality: MunicipalityCode,
    facility: Option<FacilityCode>,
) -> Result<Vec<(Account, Balance)>, StorageError> {
    let sql = format!(
        "SELECT {ACCOUNT} FROM stock_accounts
         WHERE municipality = $1 AND ($2::text IS NULL OR facility_code = $2)
         ORDER BY facility_code, product, lot, storage, account, transfer"
    );
    let given = values![rows::code(municipality), facility.map(|code| code.to_string())];
    run_one(client, Call::made(sql, given)).await?.iter().map(read_account).collect()
}

pub(in super::super) async fn lot_balances(
    client: &Client,
    municipality: MunicipalityCode,
    product: Product,
    lot: LotNumber,
) -> Result<Vec<(Account, Balance)>, StorageError> {
    let sql = format!(
        "SELECT {ACCOUNT} FROM stock_accounts WHERE municipality = $1 AND product = $2 AND lot = $3
         ORDER BY facility_code, storage, account, transfer"
    );
    let given = values![rows::code(municipality), product.to_string(), lot.to_string()];
    run_one(client, Call::made(sql, given)).await?.iter().map(read_account).collect()
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn replace_balances(
    client: &Client,
    balances: Vec<(MunicipalityCode, Account, Balance)>,
    lines: u64,
) -> Result<bool, StorageError> {
    let begin = [
        Call::new("BEGIN", values![]),
        // Whoever adds a line holds a facility's row: nobody does from here on.
        Call::new(
            "SELECT 1 FROM facilities ORDER BY municipality, facility_code FOR NO KEY UPDATE",
            values![],
        ),
        Call::new("SELECT count(*) AS number FROM stock_lines", values![]),
    ];
    let found = run(client, &begin).await?.pop().unwrap_or_default();
    if found.first().map(|row| rows::number(row, "number")).transpose()? != Some(lines) {
        return rolled_back(client, false).await;
    }
    run_one(client, Call::new("DELETE FROM stock_accounts", values![])).await?;
    for some in balances.chunks(500) {
        let calls: Vec<Call<'_>> =
            some.iter().map(|(owner, account, balance)| put_balance(*owner, account, *balance)).collect();
        run(client, &calls).await?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(true)
}
