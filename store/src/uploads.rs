//! What waits to be sent, and what receipts say of it.
//!
//! Must not: send; and must not take anybody's word but a verified receipt's.

use record::{
    Epoch, Moment, Outcome, Position,
    bytes::{EntryHash, Link},
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use seal::{chain::entry_hash, receipt::VerifiedReceipt};

use crate::{
    Store,
    audit::{Action, AuditRow, write_audit},
    error::StoreError,
};

/// An entry that has no receipt yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingEntry {
    /// Its epoch.
    pub epoch: Epoch,
    /// Its position there.
    pub position: Position,
    /// The link before it.
    pub previous: Link,
    /// Its link.
    pub link: Link,
    /// Its bytes, as they were kept.
    pub bytes: Vec<u8>,
}

impl Store {
    /// Up to `most` entries without a receipt, in order, of one epoch, the first of them after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pending(
        &self,
        after: Option<(Epoch, Position)>,
        most: usize,
    ) -> Result<Vec<PendingEntry>, StoreError> {
        let (epoch, position) = after.map_or((0, 0), |(epoch, position)| (epoch.number(), position.number()));
        let mut statement = self.connection.prepare_cached(
            "SELECT uploads.epoch, uploads.position, entries.link, entries.bytes,
                 COALESCE(before.link, epochs.genesis)
             FROM uploads
             JOIN entries USING (epoch, position)
             JOIN epochs USING (epoch)
             LEFT JOIN entries AS before ON before.epoch = uploads.epoch AND before.position = uploads.position - 1
             WHERE uploads.state = 'pending' AND (uploads.epoch, uploads.position) > (?1, ?2)
             ORDER BY uploads.epoch, uploads.position LIMIT ?3",
        )?;
        let mut rows = statement.query(params![epoch, position, most as i64])?;
        let mut pending: Vec<PendingEntry> = Vec::new();
        while let Some(row) = rows.next()? {
            let entry = PendingEntry {
                epoch: Epoch::new(row.get(0)?).ok_or(StoreError::Row)?,
                position: Position::new(row.get(1)?).ok_or(StoreError::Row)?,
                link: link_of(&row.get::<_, Vec<u8>>(2)?)?,
                bytes: row.get(3)?,
                previous: link_of(&row.get::<_, Vec<u8>>(4)?)?,
            };
            if pending.first().is_some_and(|first| first.epoch != entry.epoch) {
                break;
            }
            pending.push(entry);
        }
        Ok(pending)
    }

    /// Keeps a receipt and what it says of each entry, in one transaction. Keeping it twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError::ForeignReceipt`] if it speaks of another tablet or of entries that are not the ones here;
    /// then nothing is changed.
    pub fn keep_receipt(&mut self, receipt: &VerifiedReceipt, now: Moment) -> Result<(), StoreError> {
        let list = receipt.list();
        if list.tablet_id != self.tablet_id {
            return Err(StoreError::ForeignReceipt);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached("INSERT INTO receipts (received_at, bytes) VALUES (?1, ?2)")?
            .execute(params![list.received_at.unix_ms(), receipt.to_bytes()])?;
        let receipt_id = transaction.last_insert_rowid();
        let mut proven = 0_u32;
        for item in receipt.items() {
            if hash_at(&transaction, list.epoch, item.position)? != Some(item.hash) {
                return Err(StoreError::ForeignReceipt);
            }
            let (state, reason) = match &item.outcome {
                Outcome::Later(_) => continue,
                Outcome::Delivered => ("delivered", None),
                Outcome::NeedsReview(reason) => ("needs_review", Some(reason.to_string())),
            };
            proven += 1;
            transaction
                .prepare_cached(
                    "UPDATE uploads SET state = ?3, reason = ?4, receipt_id = ?5
                     WHERE epoch = ?1 AND position = ?2 AND state NOT IN ('delivered', 'settled')",
                )?
                .execute(params![list.epoch.number(), item.position.number(), state, reason, receipt_id])?;
        }
        if proven == 0 {
            // It proves nothing yet ("later" for all): nothing to keep.
            return Ok(());
        }
        let row = AuditRow {
            staff_id: None,
            action: Action::ReceiptKept,
            place: None,
            detail: Some(proven.to_string()),
        };
        write_audit(&transaction, now, &row)?;
        transaction.commit()?;
        Ok(())
    }

    /// The kept receipt that proves the entry at this place; none before it has one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn receipt_bytes(&self, epoch: Epoch, position: Position) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT receipts.bytes FROM uploads JOIN receipts USING (receipt_id) WHERE epoch = ?1 AND position = ?2",
            )?
            .query_row(params![epoch.number(), position.number()], |row| row.get(0))
            .optional()
            .map_err(StoreError::from)
    }
}

fn link_of(bytes: &[u8]) -> Result<Link, StoreError> {
    Link::try_from(bytes).map_err(|_| StoreError::Row)
}

pub(crate) fn hash_at(
    connection: &Connection,
    epoch: Epoch,
    position: Position,
) -> Result<Option<EntryHash>, StoreError> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT bytes FROM entries WHERE epoch = ?1 AND position = ?2")?
        .query_row(params![epoch.number(), position.number()], |row| row.get(0))
        .optional()?;
    Ok(bytes.map(|bytes| entry_hash(&bytes)))
}
