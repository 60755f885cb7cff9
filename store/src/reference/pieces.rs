//! Parts on their way: pieces in order, from the first byte on, until the whole has its digest.
//!
//! Must not: look into a part.

use record::{
    bytes::PartDigest,
    wire::reference::{Manifest, Part},
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use seal::reference::PartHasher;

use super::{ReferenceError, Wanted, chains, digest_of};
use crate::{Store, error::StoreError};

impl Store {
    /// The parts of that manifest that are not in what holds.
    pub(super) fn wanted_parts(&self, told: &Manifest) -> Result<Vec<Part>, ReferenceError> {
        let mut wanted = Vec::new();
        for part in told.documents() {
            let is_held: bool = self
                .connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM documents WHERE digest = ?1)")?
                .query_row([part.digest.0], |row| row.get(0))?;
            if !is_held {
                wanted.push(part);
            }
        }
        for chain in &told.doses {
            let plan = chains::plan(&self.connection, chain)?;
            wanted.extend(plan.lists(chain));
        }
        Ok(wanted)
    }

    /// Drops what came of manifests before this one and is not in it.
    pub(super) fn forget_all_but(&mut self, told: &Manifest) -> Result<(), ReferenceError> {
        let held: Vec<PartDigest> = {
            let mut statement = self.connection.prepare_cached("SELECT DISTINCT digest FROM pieces")?;
            let digests = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            digests.map(|digest| digest_of(&digest?)).collect::<Result<_, _>>()?
        };
        for digest in held {
            if !told.parts().any(|part| part.digest == digest) {
                forget(&self.connection, digest)?;
            }
        }
        chains::give_up_all_but(&self.connection, told)
    }
}

/// The first byte of that part that is not here.
pub(super) fn next(connection: &Connection, digest: PartDigest) -> Result<u64, StoreError> {
    let next: Option<u64> = connection
        .prepare_cached(
            "SELECT first + length(bytes) FROM pieces WHERE digest = ?1 ORDER BY first DESC LIMIT 1",
        )?
        .query_row([digest.0], |row| row.get(0))
        .optional()?;
    Ok(next.unwrap_or(0))
}

pub(super) fn keep(connection: &mut Connection, wanted: Wanted, bytes: &[u8]) -> Result<(), ReferenceError> {
    let Wanted { part, first, length } = wanted;
    if bytes.len() as u64 != length {
        return Err(ReferenceError::Digest);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if next(&transaction, part.digest)? != first {
        // It came before: the answer to a question asked twice.
        return Ok(());
    }
    transaction
        .prepare_cached("INSERT INTO pieces (digest, first, bytes) VALUES (?1, ?2, ?3)")?
        .execute(params![part.digest.0, first, bytes])?;
    let is_right = first + length < part.size || digest(&transaction, part.digest)? == part.digest;
    if !is_right {
        forget(&transaction, part.digest)?;
    }
    transaction.commit()?;
    if is_right { Ok(()) } else { Err(ReferenceError::Digest) }
}

fn digest(connection: &Connection, digest: PartDigest) -> Result<PartDigest, StoreError> {
    let mut hasher = PartHasher::default();
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM pieces WHERE digest = ?1 ORDER BY first")?;
    let mut rows = statement.query([digest.0])?;
    while let Some(row) = rows.next()? {
        hasher.take(row.get_ref(0)?.as_blob().map_err(|_| StoreError::Row)?);
    }
    Ok(hasher.digest())
}

/// Up to `most` bytes of a part that is here, from `first` on.
pub(super) fn read(
    connection: &Connection,
    digest: PartDigest,
    first: u64,
    most: u64,
) -> Result<Vec<u8>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT first, bytes FROM pieces WHERE digest = ?1 AND first + length(bytes) > ?2 AND first < ?3 ORDER BY first",
    )?;
    let end = first.saturating_add(most).min(i64::MAX as u64);
    let mut rows = statement.query(params![digest.0, first, end])?;
    let mut read = Vec::new();
    while let Some(row) = rows.next()? {
        let begins: u64 = row.get(0)?;
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| StoreError::Row)?;
        let from = usize::try_from(first.saturating_sub(begins)).map_err(|_| StoreError::Row)?;
        let to = usize::try_from(end.saturating_sub(begins)).map_err(|_| StoreError::Row)?.min(bytes.len());
        read.extend_from_slice(bytes.get(from..to).unwrap_or_default());
    }
    Ok(read)
}

pub(super) fn forget(connection: &Connection, digest: PartDigest) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM pieces WHERE digest = ?1")?.execute([digest.0])?;
    Ok(())
}
