//! The entries about one coupon.
//!
//! Must not: write.

use record::Entry;
use rusqlite::{Connection, params};

use super::rows;
use crate::storage::{CouponEntry, CouponKey, StorageError};

pub(super) fn entries_of(
    connection: &Connection,
    coupon: CouponKey,
) -> Result<Vec<CouponEntry>, StorageError> {
    let sql = "WITH RECURSIVE told (municipality, entry_id) AS (
             SELECT municipality, entry_id FROM doses WHERE coupon_municipality = ?1 AND coupon_number = ?2
             UNION SELECT municipality, entry_id FROM disputes
             WHERE coupon_municipality = ?1 AND coupon_number = ?2
             UNION SELECT changes.municipality, changes.entry_id FROM told
             JOIN changes ON changes.municipality = told.municipality
                 AND changes.changed_entry_id = told.entry_id)
         SELECT entries.municipality, tablet_number, entry, outcome, min(received_at) AS received_at
         FROM told JOIN entries ON entries.municipality = told.municipality AND entries.entry_id = told.entry_id
         GROUP BY entries.municipality, tablet_number, hash, outcome
         ORDER BY received_at, epoch, position, hash";
    rows::all(connection, sql, params![coupon.municipality.to_string(), coupon.number.to_string()], |row| {
        let wrong = StorageError::Inconsistent("entry");
        let bytes = row.get_ref("entry")?.as_blob().map_err(|_| wrong.clone())?;
        Ok(CouponEntry {
            tablet_id: rows::tablet_id(row)?,
            entry: Entry::from_bytes(bytes).map_err(|_| wrong)?,
            outcome: rows::text(row, "outcome")?,
            received_at: rows::wall_time(row, "received_at")?,
        })
    })
}
