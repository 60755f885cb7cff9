//! Moving from one kind of storage to another: every row, then the proof that both hold the same.
//!
//! Must not: change what it copies from, or begin where something is already.

use super::{
    AT_ONCE, ArchiveError, Progress, Restored,
    lines::{Tally, row},
    reading::is_empty,
};
use crate::storage::{Derivation, KEPT, Snapshot, Storage, Table, digest_of};

/// Copies all that `from` keeps into `to`, which must be empty, and compares counts and digests of every table and of
/// the register derived anew.
///
/// # Errors
/// [`ArchiveError`]; `to` is then of no use.
pub async fn copy(
    from: &dyn Storage,
    to: &dyn Storage,
    progress: Progress<'_>,
) -> Result<Restored, ArchiveError> {
    if !is_empty(to).await? {
        return Err(ArchiveError::NotEmpty);
    }
    let mut source = from.snapshot().await?;
    for table in KEPT {
        let mut after = Vec::new();
        let mut count = 0;
        loop {
            let page = source.page(table, after, AT_ONCE).await?;
            let Some(last) = page.last() else { break };
            after = table.key_of(last);
            count += page.len() as u64;
            to.put(table, page).await?;
            progress(table.name, count);
        }
    }
    to.derive(Derivation::Keep).await?;
    let mut copied = to.snapshot().await?;
    let mut rows = Vec::new();
    for table in KEPT {
        let told = tally(&mut *source, table).await?;
        if told != tally(&mut *copied, table).await? {
            return Err(ArchiveError::Differs(table.name));
        }
        rows.push((table.name, told.0));
    }
    if digest_of(&mut *source).await? != digest_of(&mut *copied).await? {
        return Err(ArchiveError::Differs("the register"));
    }
    Ok(Restored { rows })
}

async fn tally(snapshot: &mut dyn Snapshot, table: &'static Table) -> Result<(u64, String), ArchiveError> {
    let mut tally = Tally::default();
    let mut after = Vec::new();
    loop {
        let page = snapshot.page(table, after, AT_ONCE).await?;
        page.iter().for_each(|archived| tally.take(&row(archived)));
        let Some(last) = page.last() else { return Ok(tally.finish()) };
        after = table.key_of(last);
    }
}
