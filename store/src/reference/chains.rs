//! Doses of other tablets, by municipality: what holds takes in lists of changes; where it cannot, a new chain is filled
//! beside it from a list of all.
//!
//! Must not: hold the database for long: a step writes [`ROWS_A_STEP`] rows at most.

use record::{
    MunicipalityCode,
    bytes::PartDigest,
    elsewhere::DoseElsewhere,
    reference::doses::{DoseListHeader, MOST_HEADER_BYTES, ROW_BYTES},
    wire::reference::{DoseChain, Manifest, Part},
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{ReferenceError, digest_of, pieces};
use crate::error::StoreError;

/// Rows that one step writes or clears away.
const ROWS_A_STEP: u64 = 4_000;

/// How the chain that a manifest names is come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// What holds takes in the lists from that place on.
    Follow(usize),
    /// All of it anew.
    Anew,
}

impl Plan {
    /// The lists that are needed for it.
    pub(super) fn lists(self, chain: &DoseChain) -> impl Iterator<Item = Part> {
        let from = match self {
            Self::Follow(place) => place,
            Self::Anew => 0,
        };
        chain.lists[from.min(chain.lists.len())..].iter().copied()
    }
}

/// Where what holds stands in that chain.
pub(super) fn plan(connection: &Connection, chain: &DoseChain) -> Result<Plan, StoreError> {
    let held = connection
        .prepare_cached("SELECT head, key FROM dose_chains WHERE municipality = ?1 AND state = 'holds'")?
        .query_row([chain.municipality.to_string()], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        })
        .optional()?;
    let Some((head, key)) = held else { return Ok(Plan::Anew) };
    if key != chain.key.0 {
        return Ok(Plan::Anew);
    }
    let head = digest_of(&head)?;
    let place = chain.lists.iter().position(|list| list.digest == head).map(|place| place + 1);
    let same = (chain.same_as == Some(head)).then_some(1);
    Ok(place.or(same).map_or(Plan::Anew, Plan::Follow))
}

/// One step of filling the chains that are needed anew; false where nothing is left to fill.
pub(super) fn fill(connection: &mut Connection, told: &Manifest) -> Result<bool, ReferenceError> {
    for chain in &told.doses {
        let Some(all) = chain.lists.first() else { continue };
        if plan(connection, chain)? == Plan::Anew && fill_one(connection, chain, *all)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn fill_one(connection: &mut Connection, chain: &DoseChain, all: Part) -> Result<bool, ReferenceError> {
    let begin = pieces::read(connection, all.digest, 0, MOST_HEADER_BYTES as u64)?;
    let (header, rows_at) = DoseListHeader::read(&begin, all.size)?;
    if header.municipality != chain.municipality || header.gone > 0 {
        return Err(ReferenceError::Part);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (number, filled) = match filling(&transaction, chain.municipality, all.digest)? {
        Some(found) => found,
        None => {
            transaction
                .prepare_cached(
                    "INSERT INTO dose_chains (municipality, key, head, state, filled_bytes)
                     VALUES (?1, ?2, ?3, 'filling', ?4)",
                )?
                .execute(params![chain.municipality.to_string(), chain.key.0, all.digest.0, rows_at])?;
            (transaction.last_insert_rowid(), rows_at)
        }
    };
    if filled >= all.size {
        return Ok(false);
    }
    let rows = pieces::read(&transaction, all.digest, filled, ROWS_A_STEP * ROW_BYTES as u64)?;
    insert(&transaction, number, &header.doses(&rows)?)?;
    transaction
        .prepare_cached("UPDATE dose_chains SET filled_bytes = ?2 WHERE chain = ?1")?
        .execute(params![number, filled + rows.len() as u64])?;
    transaction.commit()?;
    Ok(true)
}

/// The chain that is being filled from that list, and up to which byte of it.
pub(super) fn filling(
    connection: &Connection,
    municipality: MunicipalityCode,
    all: PartDigest,
) -> Result<Option<(i64, u64)>, StoreError> {
    connection
        .prepare_cached(
            "SELECT chain, filled_bytes FROM dose_chains
             WHERE municipality = ?1 AND head = ?2 AND state = 'filling'",
        )?
        .query_row(params![municipality.to_string(), all.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(StoreError::from)
}

/// Rows of a list of all: a dose that stands twice does not hold together.
fn insert(connection: &Connection, chain: i64, doses: &[DoseElsewhere]) -> Result<(), ReferenceError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO doses_elsewhere (chain, coupon, dose, given_on, manufacturer) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?;
    for dose in doses {
        let maker = dose.manufacturer.as_ref().map(|maker| maker.as_str());
        let row = params![chain, dose.coupon.0, dose.dose.number(), dose.given_on.to_string(), maker];
        if insert.execute(row)? == 0 {
            return Err(ReferenceError::Part);
        }
    }
    Ok(())
}

/// What was begun for another manifest is over.
pub(super) fn give_up_all_but(connection: &Connection, told: &Manifest) -> Result<(), ReferenceError> {
    let begun: Vec<(i64, String, Vec<u8>, Vec<u8>)> = {
        let mut statement = connection.prepare_cached(
            "SELECT chain, municipality, head, key FROM dose_chains WHERE state = 'filling'",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (number, municipality, head, key) in begun {
        let head = digest_of(&head)?;
        let is_wanted = told.doses.iter().any(|chain| {
            chain.municipality.to_string() == municipality
                && chain.key.0[..] == key[..]
                && chain.lists.first().is_some_and(|all| all.digest == head)
        });
        if !is_wanted {
            connection
                .prepare_cached("UPDATE dose_chains SET state = 'over' WHERE chain = ?1")?
                .execute([number])?;
        }
    }
    Ok(())
}

/// One step of clearing away what is over; false where nothing is left.
pub(super) fn clear_away(connection: &mut Connection) -> Result<bool, StoreError> {
    let over: Option<i64> = connection
        .prepare_cached("SELECT chain FROM dose_chains WHERE state = 'over' LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let Some(chain) = over else { return Ok(false) };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let cleared = transaction
        .prepare_cached(
            "DELETE FROM doses_elsewhere WHERE chain = ?1 AND (coupon, dose) IN
                 (SELECT coupon, dose FROM doses_elsewhere WHERE chain = ?1 LIMIT ?2)",
        )?
        .execute(params![chain, ROWS_A_STEP])?;
    if (cleared as u64) < ROWS_A_STEP {
        transaction.prepare_cached("DELETE FROM dose_chains WHERE chain = ?1")?.execute([chain])?;
    }
    transaction.commit()?;
    Ok(true)
}
