//! The one transaction from which on a manifest holds.
//!
//! Must not: fetch, or leave anything of the manifest out.

use record::{
    Moment,
    reference::{self, SettledEntry, doses::DoseChanges},
    wire::reference::{DoseChain, Manifest, Part, Replaced},
};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{ReferenceError, chains, pieces};
use crate::{
    audit::{Action, AuditRow, write_audit},
    error::StoreError,
    uploads::hash_at,
};

/// Everything of the manifest holds from here on, or nothing of it.
pub(super) fn apply(connection: &mut Connection, told: &Manifest, now: Moment) -> Result<(), ReferenceError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    put_document(&transaction, "lots", told.lots, |bytes| reference::lots(bytes).map(drop))?;
    put_document(&transaction, "received", told.received, |bytes| reference::lots(bytes).map(drop))?;
    put_document(&transaction, "rules", told.rules, |bytes| reference::rules(bytes).map(drop))?;
    put_replaced(&transaction, told.replaced)?;
    put_document(&transaction, "settled", told.settled, |bytes| reference::settled(bytes).map(drop))?;
    if let Some(bytes) = super::document(&transaction, "settled")? {
        for settled in reference::settled(&bytes)? {
            settle(&transaction, &settled)?;
        }
    }
    let named: Vec<String> = told.doses.iter().map(|chain| chain.municipality.to_string()).collect();
    for municipality in held_municipalities(&transaction)? {
        if !named.contains(&municipality) {
            end(&transaction, &municipality)?;
        }
    }
    for chain in &told.doses {
        put_chain(&transaction, chain)?;
    }
    transaction.execute("DELETE FROM pieces", [])?;
    transaction.execute(
        "INSERT INTO reference (only, version) VALUES (1, ?1)
         ON CONFLICT (only) DO UPDATE SET version = excluded.version",
        [told.version.number()],
    )?;
    let row = AuditRow {
        staff_id: None,
        action: Action::ReferenceApplied,
        place: None,
        detail: Some(told.version.number().to_string()),
    };
    write_audit(&transaction, now, &row)?;
    transaction.commit()?;
    Ok(())
}

/// Stands in the manifest itself; there is nothing to fetch.
fn put_replaced(transaction: &Transaction<'_>, replaced: Option<Replaced>) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM replaced", [])?;
    if let Some(Replaced { by, at }) = replaced {
        let row = params![by.to_string(), at.unix_ms()];
        transaction.execute("INSERT INTO replaced (only, tablet_id, replaced_at) VALUES (1, ?1, ?2)", row)?;
    }
    Ok(())
}

fn put_document(
    transaction: &Transaction<'_>,
    kind: &str,
    part: Option<Part>,
    check: impl FnOnce(&[u8]) -> Result<(), reference::PartError>,
) -> Result<(), ReferenceError> {
    let Some(part) = part else {
        transaction.execute("DELETE FROM documents WHERE kind = ?1", [kind])?;
        return Ok(());
    };
    let held: bool = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM documents WHERE kind = ?1 AND digest = ?2)",
        params![kind, part.digest.0],
        |row| row.get(0),
    )?;
    if held {
        return Ok(());
    }
    let mut bytes = pieces::read(transaction, part.digest, 0, part.size)?;
    if bytes.is_empty() {
        // The same bytes hold under another kind: two empty lists of lots, say.
        bytes = transaction.query_row(
            "SELECT bytes FROM documents WHERE digest = ?1",
            [part.digest.0],
            |row| row.get(0),
        )?;
    }
    check(&bytes)?;
    transaction.execute(
        "INSERT INTO documents (kind, digest, bytes) VALUES (?1, ?2, ?3)
         ON CONFLICT (kind) DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes",
        params![kind, part.digest.0, bytes],
    )?;
    Ok(())
}

/// An entry that is not here, or is another one, is not meant; one that a receipt calls delivered stays so.
fn settle(transaction: &Transaction<'_>, settled: &SettledEntry) -> Result<(), StoreError> {
    if hash_at(transaction, settled.epoch, settled.position)? != Some(settled.hash) {
        return Ok(());
    }
    transaction
        .prepare_cached(
            "UPDATE uploads SET state = 'settled', reason = ?3
             WHERE epoch = ?1 AND position = ?2 AND state IN ('needs_review', 'settled')",
        )?
        .execute(params![settled.epoch.number(), settled.position.number(), settled.settlement.code()])?;
    Ok(())
}

fn held_municipalities(transaction: &Transaction<'_>) -> Result<Vec<String>, StoreError> {
    let mut statement = transaction.prepare("SELECT municipality FROM dose_chains WHERE state = 'holds'")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    rows.collect::<Result<_, _>>().map_err(StoreError::from)
}

fn end(transaction: &Transaction<'_>, municipality: &str) -> Result<(), StoreError> {
    transaction.execute(
        "UPDATE dose_chains SET state = 'over' WHERE municipality = ?1 AND state = 'holds'",
        [municipality],
    )?;
    Ok(())
}

fn put_chain(transaction: &Transaction<'_>, chain: &DoseChain) -> Result<(), ReferenceError> {
    let Some((all, last)) = chain.lists.first().zip(chain.lists.last()) else {
        return Err(ReferenceError::Part);
    };
    let municipality = chain.municipality.to_string();
    let (number, follow_from) = match chains::plan(transaction, chain)? {
        chains::Plan::Anew => {
            end(transaction, &municipality)?;
            let filled = chains::filling(transaction, chain.municipality, all.digest)?;
            (filled.ok_or(StoreError::Row)?.0, 1)
        }
        chains::Plan::Follow(place) => {
            let number: i64 = transaction.query_row(
                "SELECT chain FROM dose_chains WHERE municipality = ?1 AND state = 'holds'",
                [&municipality],
                |row| row.get(0),
            )?;
            (number, place)
        }
    };
    for list in &chain.lists[follow_from..] {
        let bytes = pieces::read(transaction, list.digest, 0, list.size)?;
        let changes = DoseChanges::read(&bytes)?;
        if changes.municipality != chain.municipality {
            return Err(ReferenceError::Part);
        }
        change(transaction, number, &changes)?;
    }
    transaction.execute(
        "UPDATE dose_chains SET state = 'holds', head = ?2 WHERE chain = ?1",
        params![number, last.digest.0],
    )?;
    Ok(())
}

fn change(transaction: &Transaction<'_>, chain: i64, changes: &DoseChanges) -> Result<(), StoreError> {
    let mut put = transaction.prepare_cached(
        "INSERT INTO doses_elsewhere (chain, coupon, dose, given_on, manufacturer) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET given_on = excluded.given_on, manufacturer = excluded.manufacturer",
    )?;
    for dose in &changes.holds {
        let maker = dose.manufacturer.as_ref().map(|maker| maker.as_str());
        put.execute(params![chain, dose.coupon.0, dose.dose.number(), dose.given_on.to_string(), maker])?;
    }
    let mut take_away = transaction
        .prepare_cached("DELETE FROM doses_elsewhere WHERE chain = ?1 AND coupon = ?2 AND dose = ?3")?;
    for (coupon, dose) in &changes.gone {
        take_away.execute(params![chain, coupon.0, dose.number()])?;
    }
    Ok(())
}
