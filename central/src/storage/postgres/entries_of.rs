//! The entries about one coupon. What changes an entry is asked at the municipality of its tablet, which may lie on another
//! machine than the coupon's.
//!
//! Must not: write.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Client;
use record::{Entry, EntryId};
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    rows,
};
use crate::storage::{CouponEntry, CouponKey, StorageError};

pub(super) async fn entries_of(client: &Client, coupon: CouponKey) -> Result<Vec<CouponEntry>, StorageError> {
    let calls = ["doses", "disputes"].map(|table| {
        let sql = format!(
            "SELECT DISTINCT municipality, entry_id FROM {table}
             WHERE coupon_municipality = $1 AND coupon_number = $2"
        );
        Call::made(sql, values![rows::code(coupon.municipality), coupon.number.to_string()])
    });
    let mut told: BTreeMap<String, BTreeSet<EntryId>> = BTreeMap::new();
    for row in run(client, &calls).await?.iter().flatten() {
        let owner = rows::raw::<String>(row, "municipality")?;
        told.entry(owner).or_default().insert(rows::entry_id(row, "entry_id")?);
    }
    let mut found = Vec::new();
    for (owner, entry_ids) in told {
        found.extend(with_changes(client, &owner, entry_ids).await?);
    }
    found.sort_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

/// When an entry came, and where it stands in its tablet's chain.
type Place = (i64, i64, i64);

async fn with_changes(
    client: &Client,
    owner: &str,
    entry_ids: BTreeSet<EntryId>,
) -> Result<Vec<(Place, CouponEntry)>, StorageError> {
    let bytes = |ids: &BTreeSet<EntryId>| ids.iter().map(|id| id.to_bytes().to_vec()).collect::<Vec<_>>();
    let (mut all, mut next) = (entry_ids.clone(), entry_ids);
    while !next.is_empty() {
        let call = Call::new(
            "SELECT DISTINCT entry_id FROM changes WHERE municipality = $1 AND changed_entry_id = ANY($2)",
            values![owner.to_owned(), bytes(&next)],
        );
        let changes: Result<BTreeSet<EntryId>, _> =
            run_one(client, call).await?.iter().map(|row| rows::entry_id(row, "entry_id")).collect();
        next = changes?.difference(&all).copied().collect();
        all.extend(&next);
    }
    let call = Call::new(
        "SELECT DISTINCT ON (tablet_number, hash, outcome) municipality, tablet_number, entry, outcome,
             received_at, epoch, position
         FROM entries WHERE municipality = $1 AND entry_id = ANY($2)
         ORDER BY tablet_number, hash, outcome, received_at, epoch, position",
        values![owner.to_owned(), bytes(&all)],
    );
    run_one(client, call).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<(Place, CouponEntry), StorageError> {
    let place = (rows::raw(row, "received_at")?, rows::raw(row, "epoch")?, rows::raw(row, "position")?);
    let entry = Entry::from_bytes(rows::raw(row, "entry")?);
    let entry = CouponEntry {
        tablet_id: rows::tablet_id(row)?,
        entry: entry.map_err(|_| StorageError::Inconsistent("entry"))?,
        outcome: rows::text(row, "outcome")?,
        received_at: rows::wall_time(row, "received_at")?,
    };
    Ok((place, entry))
}
