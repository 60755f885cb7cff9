//! Keeping an entry: its row, its link in the chain, its upload state and its audit row, in one transaction that
//! is on disk before this returns.
//!
//! Must not: change an entry that is kept.

use record::{Entry, Epoch, Moment, Position, bytes::Link};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use seal::chain::{entry_hash, link};

use crate::{
    Store,
    audit::{Action, AuditRow, write_audit},
    error::StoreError,
    head::{self, Heads, KnownHead},
};

/// Where an entry lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The epoch.
    pub epoch: Epoch,
    /// Its position there.
    pub position: Position,
}

impl Store {
    /// Keeps an entry. The same entry again (a step repeated after a power cut) changes nothing and gives its
    /// place. Only once this returned may a screen say 記録しました.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it was kept.
    pub fn append(&mut self, entry: &Entry, now: Moment) -> Result<Appended, StoreError> {
        if entry.municipality != self.tablet_id.municipality() {
            return Err(StoreError::OtherMunicipality);
        }
        let bytes = entry.to_bytes();
        let position = self.last.map_or(Position::FIRST, |last| last.plus(1));
        let place = Appended { epoch: self.epoch, position };
        let new_link = link(&self.link, position, &entry_hash(&bytes));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(kept) = kept_before(&transaction, entry, &bytes)? {
            return Ok(kept);
        }
        check_change(&transaction, entry)?;
        insert(&transaction, entry, &bytes, place, &new_link)?;
        let row = AuditRow {
            staff_id: Some(entry.staff_id.clone()),
            action: Action::EntryKept,
            place: Some((place.epoch, place.position)),
            detail: Some(entry.content.kind_name().to_owned()),
        };
        write_audit(&transaction, now, &row)?;
        transaction.commit()?;
        self.last = Some(position);
        self.link = new_link;
        let present = KnownHead { epoch: self.epoch, last: self.last };
        head::write(&self.head_file, &Heads { present, set_aside: self.set_aside.clone() });
        Ok(place)
    }
}

fn kept_before(
    transaction: &Transaction<'_>,
    entry: &Entry,
    bytes: &[u8],
) -> Result<Option<Appended>, StoreError> {
    let found = transaction
        .prepare_cached("SELECT epoch, position, bytes FROM entries WHERE entry_id = ?1")?
        .query_row([entry.entry_id.to_bytes()], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, u64>(1)?, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    let Some((epoch, position, kept)) = found else { return Ok(None) };
    if kept != bytes {
        return Err(StoreError::SameIdOtherContent);
    }
    let epoch = Epoch::new(epoch).ok_or(StoreError::Row)?;
    let position = Position::new(position).ok_or(StoreError::Row)?;
    Ok(Some(Appended { epoch, position }))
}

/// A correction or cancellation names an entry of this tablet that nothing has changed yet and that is not
/// itself a cancellation.
fn check_change(transaction: &Transaction<'_>, entry: &Entry) -> Result<(), StoreError> {
    let Some(target) = entry.content.changes() else { return Ok(()) };
    let kind: Option<String> = transaction
        .prepare_cached("SELECT kind FROM entries WHERE entry_id = ?1")?
        .query_row([target.to_bytes()], |row| row.get(0))
        .optional()?;
    match kind.as_deref() {
        None => return Err(StoreError::UnknownEntry),
        Some("cancellation") => return Err(StoreError::AlreadyChanged),
        Some(_) => {}
    }
    let changed: bool = transaction
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM entries WHERE changes = ?1)")?
        .query_row([target.to_bytes()], |row| row.get(0))?;
    if changed { Err(StoreError::AlreadyChanged) } else { Ok(()) }
}

fn insert(
    transaction: &Transaction<'_>,
    entry: &Entry,
    bytes: &[u8],
    place: Appended,
    link: &Link,
) -> Result<(), StoreError> {
    let coupon = entry.content.coupon();
    let vaccination = entry.content.vaccination();
    let recorded_on = record::CalendarDate::in_japan(entry.recorded_at)
        .map_or_else(|_| String::new(), |day| day.to_string());
    transaction
        .prepare_cached(
            "INSERT INTO entries (epoch, position, entry_id, kind, recorded_at, recorded_on, staff_id,
                 coupon_municipality, coupon_number, dose, lot, changes, link, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            place.epoch.number(),
            place.position.number(),
            entry.entry_id.to_bytes(),
            entry.content.kind_name(),
            entry.recorded_at.unix_ms(),
            recorded_on,
            entry.staff_id.as_str(),
            coupon.map(|line| line.municipality().to_string()),
            coupon.map(|line| line.number().to_string()),
            vaccination.map(|vaccination| vaccination.day.dose.number()),
            vaccination.map(|vaccination| vaccination.day.lot.as_str().to_owned()),
            entry.content.changes().map(|id| id.to_bytes()),
            link.0,
            bytes,
        ])?;
    transaction
        .prepare_cached("INSERT INTO uploads (epoch, position, state) VALUES (?1, ?2, 'pending')")?
        .execute(params![place.epoch.number(), place.position.number()])?;
    Ok(())
}
