//! Cases that wait for a person, and decisions.
//!
//! Must not: touch an entry; or update or delete a decision, which triggers refuse as well.

use std::collections::{BTreeMap, BTreeSet};

use record::{DoseNumber, Entry, EntryId, MunicipalityCode, bytes::EntryHash};
use rusqlite::{Connection, Row, params};

use super::{audit, reference, register, rows};
use crate::{
    audit::Act,
    case::{Case, ContentId, Decided, Decision, NewDecision, Part, Parts, WeighedLines},
    intake::DoseKey,
    storage::{
        CaseRow, CouponKey, StorageError,
        reviews::{WaitingRow, cases},
    },
};

/// An entry of `disputes` that no delivered entry has taken back or replaced since, and no decision has considered.
const WAITS: &str = "NOT EXISTS (SELECT 1 FROM changes WHERE changes.municipality = disputes.municipality
         AND changes.changed_entry_id = disputes.entry_id)
     AND NOT EXISTS (SELECT 1 FROM considered_entries AS considered
         WHERE considered.coupon_municipality = disputes.coupon_municipality
             AND considered.coupon_number = disputes.coupon_number
             AND considered.dose = disputes.dose AND considered.hash = disputes.hash)";

pub(super) fn open_cases(
    connection: &Connection,
    municipality: MunicipalityCode,
    most: usize,
) -> Result<Vec<CaseRow>, StorageError> {
    let sql = format!(
        "SELECT entry_id, coupon_municipality, coupon_number, dose, received_at FROM disputes
         WHERE coupon_municipality = ?1 AND {WAITS} ORDER BY received_at, entry_id"
    );
    let waiting = rows::all(connection, &sql, [municipality.to_string()], |row| {
        let (coupon, dose) = dose_key(row)?;
        let received_at = rows::wall_time(row, "received_at")?;
        Ok(WaitingRow { entry_id: rows::entry_id(row)?, coupon, dose, received_at })
    })?;
    Ok(cases(waiting, most))
}

pub(super) fn decided_cases(
    connection: &Connection,
    municipality: MunicipalityCode,
    most: usize,
) -> Result<Vec<CaseRow>, StorageError> {
    let sql = format!(
        "SELECT coupon_municipality, coupon_number, dose, max(decided_at) AS decided_at,
             (SELECT min(entry_id) FROM disputes WHERE disputes.coupon_municipality = decisions.coupon_municipality
                 AND disputes.coupon_number = decisions.coupon_number AND disputes.dose = decisions.dose) AS entry_id
         FROM decisions
         WHERE coupon_municipality = ?1 AND NOT EXISTS (
             SELECT 1 FROM disputes WHERE disputes.coupon_municipality = decisions.coupon_municipality
                 AND disputes.coupon_number = decisions.coupon_number AND disputes.dose = decisions.dose AND {WAITS})
         GROUP BY coupon_municipality, coupon_number, dose
         ORDER BY decided_at DESC, coupon_number, dose LIMIT ?2"
    );
    rows::all(connection, &sql, params![municipality.to_string(), most], |row| {
        let (coupon, dose) = dose_key(row)?;
        let at = rows::wall_time(row, "decided_at")?;
        Ok(CaseRow { entry_id: rows::entry_id(row)?, coupon, dose, at, waiting: 0 })
    })
}

pub(super) fn cases_of_entry(
    connection: &Connection,
    municipality: MunicipalityCode,
    entry_id: EntryId,
) -> Result<Vec<Case>, StorageError> {
    let doses = rows::all(
        connection,
        "SELECT DISTINCT coupon_municipality, coupon_number, dose FROM disputes
         WHERE coupon_municipality = ?1 AND entry_id = ?2 ORDER BY coupon_number, dose",
        params![municipality.to_string(), entry_id.to_bytes()],
        dose_key,
    )?;
    let cases = doses.into_iter().map(|dose| case_of(connection, dose));
    cases.filter_map(Result::transpose).collect()
}

pub(super) fn decide(transaction: &Connection, new: &NewDecision) -> Result<Decided, StorageError> {
    let Some(case) = case_of(transaction, new.dose)? else { return Ok(Decided::NoCase) };
    match case.decide(new) {
        Ok(decision) => {
            insert(transaction, &case, &decision)?;
            let (coupon, dose) = (case.coupon, case.dose);
            let act = Act::Decided { coupon: coupon.number, dose, number: decision.number };
            let (by, at) = (decision.decided_by.as_str(), decision.decided_at);
            audit::append(transaction, &act.line(coupon.municipality, by, at))?;
            for (tablet_id, settled) in case.settled(&decision) {
                reference::tell_settled(transaction, tablet_id, &settled, decision.decided_at)?;
            }
            Ok(Decided::Kept { number: decision.number })
        }
        Err(refused) => Ok(refused),
    }
}

fn case_of(connection: &Connection, dose: DoseKey) -> Result<Option<Case>, StorageError> {
    let not_changed = "NOT EXISTS (SELECT 1 FROM changes WHERE changes.municipality = entries.municipality
         AND changes.changed_entry_id = entries.entry_id)";
    let of = |table: &str, joined: &str| {
        let sql = format!(
            "SELECT entries.municipality, entries.tablet_number, entries.entry_id, entries.hash, entries.entry,
                 entries.received_at, entries.epoch, entries.position
             FROM {table} JOIN entries ON entries.municipality = {table}.municipality
                 AND entries.entry_id = {table}.entry_id AND {joined}
             WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND dose = ?3 AND {not_changed}"
        );
        rows::all(connection, &sql, key_params(dose), part)
    };
    let disputes = of("disputes", "entries.hash = disputes.hash")?;
    let recorded = of("doses", "entries.outcome = 'delivered'")?;
    let parts = Parts {
        dose,
        lines: lines(connection, dose, disputes.iter().chain(&recorded))?,
        recorded,
        decisions: decisions(connection, dose)?,
        considered: considered(connection, dose)?,
        disputes,
    };
    Ok(parts.into_case())
}

fn key_params((coupon, dose): DoseKey) -> (String, String, u8) {
    (coupon.municipality.to_string(), coupon.number.to_string(), dose.number())
}

fn part(row: &Row<'_>) -> Result<Part, StorageError> {
    let wrong = StorageError::Inconsistent("entry");
    let bytes = row.get_ref("entry")?.as_blob().map_err(|_| wrong.clone())?;
    let tablet_id = rows::tablet_id(row)?;
    let content = ContentId {
        municipality: tablet_id.municipality(),
        entry_id: rows::entry_id(row)?,
        hash: rows::bytes(row, "hash")?,
    };
    let entry = Entry::from_bytes(bytes).map_err(|_| wrong)?;
    let place = (rows::epoch(row)?, rows::position(row)?);
    Ok(Part { content, tablet_id, entry, received_at: rows::wall_time(row, "received_at")?, place })
}

/// The lines of these parts, municipality by municipality.
fn lines<'a>(
    connection: &Connection,
    dose: DoseKey,
    parts: impl Iterator<Item = &'a Part>,
) -> Result<BTreeMap<MunicipalityCode, WeighedLines>, StorageError> {
    let mut all: BTreeMap<MunicipalityCode, WeighedLines> = BTreeMap::new();
    for part in parts {
        let of_owner = all.entry(part.content.municipality).or_default();
        of_owner.lines.look(part.content.entry_id);
    }
    for (owner, weighed) in &mut all {
        let mut gathered = BTreeSet::new();
        let mut next = weighed.lines.entry_ids();
        while !next.is_empty() {
            let mut found = BTreeSet::new();
            for entry_id in &next {
                register::tell(connection, *owner, *entry_id, &mut weighed.lines)?;
                found.extend(changed_by(connection, *owner, *entry_id)?);
            }
            for dose in weighed.lines.doses().difference(&gathered.clone()) {
                found.extend(disputing(connection, *owner, *dose)?);
                gathered.insert(*dose);
            }
            found.extend(weighed.lines.further());
            next = found.into_iter().filter(|entry_id| !weighed.lines.knows(*entry_id)).collect();
        }
        for (coupon, number) in gathered.into_iter().filter(|other| *other != dose) {
            let standing = register::standing(connection, coupon, Some(number))?;
            weighed.stand_elsewhere.extend(standing.iter().map(|dose| dose.entry_id));
        }
    }
    Ok(all)
}

/// Delivered entries that change that one.
fn changed_by(
    connection: &Connection,
    owner: MunicipalityCode,
    entry_id: EntryId,
) -> Result<Vec<EntryId>, StorageError> {
    let sql = "SELECT entry_id FROM changes WHERE municipality = ?1 AND changed_entry_id = ?2";
    rows::all(connection, sql, params![owner.to_string(), entry_id.to_bytes()], rows::entry_id)
}

/// A municipality's entries that dispute that dose.
fn disputing(
    connection: &Connection,
    owner: MunicipalityCode,
    dose: DoseKey,
) -> Result<Vec<EntryId>, StorageError> {
    let (issuer, coupon, number) = key_params(dose);
    let sql =
        "SELECT entry_id FROM disputes WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND dose = ?3
         AND municipality = ?4";
    rows::all(connection, sql, params![issuer, coupon, number, owner.to_string()], rows::entry_id)
}

fn decisions(connection: &Connection, dose: DoseKey) -> Result<Vec<Decision>, StorageError> {
    rows::all(
        connection,
        "SELECT number, standing_municipality, standing_entry_id, standing_hash, reason, decided_by, decided_at
         FROM decisions WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND dose = ?3 ORDER BY number",
        key_params(dose),
        |row| {
            Ok(Decision {
                number: rows::raw(row, "number")?,
                stands: stands(row)?,
                reason: rows::text(row, "reason")?,
                decided_by: rows::text(row, "decided_by")?,
                decided_at: rows::wall_time(row, "decided_at")?,
            })
        },
    )
}

fn stands(row: &Row<'_>) -> Result<Option<ContentId>, StorageError> {
    let municipality: Option<String> = rows::raw(row, "standing_municipality")?;
    if municipality.is_none() {
        return Ok(None);
    }
    Ok(Some(ContentId {
        municipality: rows::text(row, "standing_municipality")?,
        entry_id: EntryId::from_bytes(rows::bytes::<[u8; 16]>(row, "standing_entry_id")?),
        hash: rows::bytes(row, "standing_hash")?,
    }))
}

fn considered(connection: &Connection, dose: DoseKey) -> Result<BTreeSet<EntryHash>, StorageError> {
    let sql = "SELECT hash FROM considered_entries
         WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND dose = ?3";
    let hashes = rows::all(connection, sql, key_params(dose), |row| rows::bytes(row, "hash"))?;
    Ok(hashes.into_iter().collect())
}

fn insert(transaction: &Connection, case: &Case, decision: &Decision) -> Result<(), StorageError> {
    let (municipality, coupon, dose) = key_params((case.coupon, case.dose));
    rows::run(
        transaction,
        "INSERT INTO decisions (coupon_municipality, coupon_number, dose, number, replaces,
             standing_municipality, standing_entry_id, standing_hash, reason, decided_by, decided_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            municipality,
            coupon,
            dose,
            decision.number,
            decision.replaces(),
            decision.stands.map(|stands| stands.municipality.to_string()),
            decision.stands.map(|stands| stands.entry_id.to_bytes()),
            decision.stands.map(|stands| stands.hash.0),
            decision.reason.as_str(),
            decision.decided_by.as_str(),
            decision.decided_at.unix_ms()
        ],
    )?;
    // What is told of its doses is another now.
    rows::run(
        transaction,
        "INSERT INTO decided_coupons (coupon_municipality, coupon_number) VALUES (?1, ?2)
         ON CONFLICT DO NOTHING",
        params![municipality, coupon],
    )?;
    for candidate in &case.candidates {
        rows::run(
            transaction,
            "INSERT INTO considered_entries (coupon_municipality, coupon_number, dose, hash, number)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![municipality, coupon, dose, candidate.content.hash.0, decision.number],
        )?;
    }
    Ok(())
}

fn dose_key(row: &Row<'_>) -> Result<DoseKey, StorageError> {
    let coupon = CouponKey {
        municipality: rows::text(row, "coupon_municipality")?,
        number: rows::text(row, "coupon_number")?,
    };
    Ok((coupon, dose_number(row)?))
}

fn dose_number(row: &Row<'_>) -> Result<DoseNumber, StorageError> {
    let number: u8 = rows::raw(row, "dose")?;
    DoseNumber::try_from(number).map_err(|_| StorageError::Inconsistent("dose"))
}
