//! 収支の照合: whether the balances that are kept are those that the lines make, and whether what came of every lot is
//! somewhere – there, on its way or gone.
//!
//! Must not: mend anything. [`rebuild`] alone puts balances in the place of others, and those are the lines' own.

use std::collections::BTreeMap;

use record::{MunicipalityCode, day::FacilityCode};
use vsys::{
    Balance, Book, Conservation, Line, StockKey,
    book::Unbalanced,
    ledger::{Account, End},
};

use super::accounts;
use crate::storage::{ArchivedRow, KEPT, Snapshot, Storage, StorageError, Table, Value};

/// Rows of a page.
const AT_ONCE: u32 = 5_000;
/// Places named at most; more of the same kind say nothing new.
const MOST_NAMED: usize = 50;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedStock {
    /// Lines looked at.
    pub lines: u64,
    /// Accounts looked at.
    pub accounts: u64,
    /// Lines that could not have been added, and accounts that are not what the lines make; the first of them.
    pub wrong: Vec<String>,
    /// How many of those.
    pub wrong_count: u64,
    /// Lots that do not add up; the first of them.
    pub unbalanced: Vec<String>,
}

impl CheckedStock {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.wrong_count == 0 && self.unbalanced.is_empty()
    }

    fn wrong(&mut self, place: impl FnOnce() -> String) {
        self.wrong_count += 1;
        if self.wrong.len() < MOST_NAMED {
            self.wrong.push(place());
        }
    }
}

/// Looks at every line and every balance of that moment.
///
/// # Errors
/// [`StorageError`].
pub async fn check(snapshot: &mut dyn Snapshot) -> Result<CheckedStock, StorageError> {
    let mut checked = CheckedStock::default();
    let Made { book, .. } = made(snapshot, &mut checked).await?;
    let mut sums = Conservation::default();
    let mut kept: BTreeMap<Account, Balance> = BTreeMap::new();
    each(snapshot, "stock_accounts", |table, row| {
        checked.accounts += 1;
        let (account, balance) = account(table, row)?;
        sums.take(&account, balance);
        kept.insert(account, balance);
        Ok(())
    })
    .await?;
    let named = |account: &Account| {
        let StockKey { facility, product, lot, .. } = account.key();
        format!("facility {facility} {product} lot {lot} account {}", accounts::word(account))
    };
    for (account, balance) in book.accounts() {
        if kept.remove(account).unwrap_or_default() != balance {
            checked.wrong(|| named(account));
        }
    }
    for (account, balance) in kept {
        if balance != Balance::NONE {
            checked.wrong(|| named(&account));
        }
    }
    doses(snapshot, &book, &mut checked).await?;
    checked.unbalanced = sums.unbalanced().into_iter().take(MOST_NAMED).map(unbalanced).collect();
    Ok(checked)
}

/// Whether so many doses were given of each lot as are noted to be in the books.
async fn doses(
    snapshot: &mut dyn Snapshot,
    book: &Book,
    checked: &mut CheckedStock,
) -> Result<(), StorageError> {
    let mut noted: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    each(snapshot, "stock_doses", |table, row| {
        if integer(table, row, "booked")? == 1 {
            let part = |column| text(table, row, column).map(str::to_owned);
            *noted.entry((part("facility_code")?, part("product")?, part("lot")?)).or_default() += 1;
        }
        Ok(())
    })
    .await?;
    for (account, balance) in book.accounts() {
        if let Account::Gone(End::Given, key) = account {
            let lot = (key.facility.to_string(), key.product.to_string(), key.lot.to_string());
            *noted.entry(lot).or_default() -= balance.doses;
        }
    }
    for ((facility, product, lot), left) in noted.into_iter().filter(|(_, left)| *left != 0) {
        checked
            .wrong(|| format!("facility {facility} {product} lot {lot}: {left} doses noted and not given"));
    }
    Ok(())
}

fn unbalanced(what: Unbalanced) -> String {
    match what {
        Unbalanced::Lot(product, lot) => format!("{product} lot {lot} over the country"),
        Unbalanced::Facility(facility, product, lot) => format!("facility {facility} {product} lot {lot}"),
    }
}

/// Puts the balances that the lines make in the place of those that are kept; how many lines made them, or none where lines
/// were added meanwhile and nothing was changed.
///
/// # Errors
/// [`StorageError`]; also where a line cannot have been added.
pub async fn rebuild(storage: &dyn Storage) -> Result<Option<u64>, StorageError> {
    let mut snapshot = storage.snapshot().await?;
    let mut checked = CheckedStock::default();
    let Made { book, owners } = made(&mut *snapshot, &mut checked).await?;
    drop(snapshot);
    if checked.wrong_count > 0 {
        return Err(StorageError::Inconsistent("line"));
    }
    let owned = |(account, balance): (&Account, Balance)| {
        let owner = owners.get(&account.key().facility).copied();
        Ok((owner.ok_or(StorageError::Inconsistent("facility_code"))?, account.clone(), balance))
    };
    let balances = book.accounts().map(owned).collect::<Result<_, StorageError>>()?;
    Ok(storage.replace_balances(balances, checked.lines).await?.then_some(checked.lines))
}

struct Made {
    book: Book,
    owners: BTreeMap<FacilityCode, MunicipalityCode>,
}

/// The books as the lines make them, facility by facility: what is in transit is asked once all of them were added.
async fn made(snapshot: &mut dyn Snapshot, checked: &mut CheckedStock) -> Result<Made, StorageError> {
    let mut made = Made { book: Book::default(), owners: BTreeMap::new() };
    each(snapshot, "stock_lines", |table, row| {
        checked.lines += 1;
        let (facility, number) = (text(table, row, "facility_code")?, integer(table, row, "number")?);
        let line: Option<Line> = serde_json::from_str(text(table, row, "line")?).ok();
        let line = line.filter(|line| line.key.facility.to_string() == facility);
        let added = line.is_some_and(|line| {
            let owner = text(table, row, "municipality").ok().and_then(|code| code.parse().ok());
            owner.is_some_and(|owner| {
                made.owners.insert(line.key.facility, owner).is_none_or(|was| was == owner)
            }) && made.book.add_by_facility(&line).is_ok()
        });
        if !added {
            checked.wrong(|| format!("facility {facility} line {number}"));
        }
        Ok(())
    })
    .await?;
    for (account, balance) in made.book.accounts() {
        if balance.vials < 0 || balance.doses < 0 {
            let key = account.key();
            let place = format!("facility {} {} lot {} below zero", key.facility, key.product, key.lot);
            checked.wrong(|| place);
        }
    }
    Ok(made)
}

/// Every row of a table, in order of key.
async fn each(
    snapshot: &mut dyn Snapshot,
    name: &str,
    mut look: impl FnMut(&'static Table, &ArchivedRow) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let Some(table) = KEPT.iter().find(|table| table.name == name) else { return Ok(()) };
    let mut after = Vec::new();
    loop {
        let page = snapshot.page(table, after, AT_ONCE).await?;
        page.iter().try_for_each(|row| look(table, row))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = table.key_of(last);
    }
}

fn account(table: &Table, row: &ArchivedRow) -> Result<(Account, Balance), StorageError> {
    let parsed = |column| text(table, row, column);
    let wrong = |column: &'static str| move || StorageError::Inconsistent(column);
    let key = StockKey {
        facility: parsed("facility_code")?.parse().map_err(|_| wrong("facility_code")())?,
        product: parsed("product")?.parse().map_err(|_| wrong("product")())?,
        lot: parsed("lot")?.parse().map_err(|_| wrong("lot")())?,
        storage: accounts::storage(parsed("storage")?).ok_or_else(wrong("storage"))?,
    };
    let transfer = match value(table, row, "transfer") {
        Some(Value::Bytes(bytes)) => bytes,
        _ => return Err(StorageError::Inconsistent("transfer")),
    };
    let account = accounts::account(parsed("account")?, transfer, key).ok_or_else(wrong("account"))?;
    let balance = Balance { vials: integer(table, row, "vials")?, doses: integer(table, row, "doses")? };
    Ok((account, balance))
}

fn value<'a>(table: &Table, row: &'a ArchivedRow, wanted: &str) -> Option<&'a Value> {
    table.columns.iter().position(|(name, _)| *name == wanted).and_then(|at| row.get(at))
}

fn text<'a>(table: &Table, row: &'a ArchivedRow, wanted: &'static str) -> Result<&'a str, StorageError> {
    match value(table, row, wanted) {
        Some(Value::Text(text)) => Ok(text),
        _ => Err(StorageError::Inconsistent(wanted)),
    }
}

fn integer(table: &Table, row: &ArchivedRow, wanted: &'static str) -> Result<i64, StorageError> {
    match value(table, row, wanted) {
        Some(Value::Integer(number)) => Ok(*number),
        _ => Err(StorageError::Inconsistent(wanted)),
    }
}
