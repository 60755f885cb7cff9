//! 保管の出し入れ: every table row by row, for backups and for moving from one kind of database to another; and the
//! register derived again from the entries.
//!
//! Must not: know what a row means; the names and columns are the same in every implementation.

mod tables;
mod value;

use seal::digest::Sha256;

use super::{Answer, StorageError};

pub use tables::{DERIVED, KEPT, Kind, LEFT, Table};
pub use value::{ArchivedRow, Value};

/// What is done with the register that was derived again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// It takes the place of what was there.
    Keep,
    /// It is compared and forgotten.
    Compare,
}

/// What came of deriving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The register as it was.
    pub before: RegisterDigest,
    /// The register as it follows from the entries.
    pub after: RegisterDigest,
}

/// The derived tables in two words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterDigest {
    /// Doses that were told of, standing or not.
    pub doses: u64,
    /// Corrections and cancellations.
    pub changes: u64,
    /// SHA-256 over every row of [`DERIVED`], in order of key.
    pub sha256: [u8; 32],
}

/// Makes a digest of rows that come in order.
#[derive(Default)]
pub(super) struct Digesting {
    sha256: Sha256,
    doses: u64,
    changes: u64,
}

impl Digesting {
    pub(super) fn take(&mut self, table: &Table, row: &[Value]) {
        match table.name {
            "doses" => self.doses += 1,
            "changes" => self.changes += 1,
            _ => {}
        }
        self.sha256.update(table.name.as_bytes());
        for value in row {
            let (kind, bytes) = match value {
                Value::Nothing => (0, Vec::new()),
                Value::Integer(number) => (1, number.to_be_bytes().to_vec()),
                Value::Text(text) => (2, text.as_bytes().to_vec()),
                Value::Bytes(bytes) => (3, bytes.clone()),
            };
            self.sha256.update(&[kind]);
            self.sha256.update(&(bytes.len() as u64).to_be_bytes());
            self.sha256.update(&bytes);
        }
    }
    pub(super) fn finish(self) -> RegisterDigest {
        RegisterDigest { doses: self.doses, changes: self.changes, sha256: self.sha256.finish() }
    }
}

/// Everything, row by row.
pub trait Archive {
    /// The register as it is at one moment, however much comes meanwhile.
    fn snapshot(&self) -> Answer<'_, Box<dyn Snapshot>>;
    /// Puts rows into a table that does not hold them yet: all of them or, on an error, none.
    fn put(&self, table: &'static Table, rows: Vec<ArchivedRow>) -> Answer<'_, ()>;
    /// Derives the register from the entries again, in one transaction in which nothing else is kept.
    fn derive(&self, derivation: Derivation) -> Answer<'_, Derived>;
}

/// One moment of a register.
pub trait Snapshot: Send {
    /// The next `most` rows of a table in order of key, after that key; from the first on where it is empty.
    fn page(&mut self, table: &'static Table, after: Vec<Value>, most: u32) -> Answer<'_, Vec<ArchivedRow>>;
}

/// The register of that moment in two words.
///
/// # Errors
/// [`StorageError`].
pub async fn digest_of(snapshot: &mut dyn Snapshot) -> Result<RegisterDigest, StorageError> {
    let all = |table: &'static Table| (table, (0..table.columns.len()).collect());
    digest_of_columns(snapshot, &DERIVED.iter().map(all).collect::<Vec<_>>()).await
}

/// The same of some columns of some derived tables alone, given by their places.
///
/// # Errors
/// [`StorageError`].
pub async fn digest_of_columns(
    snapshot: &mut dyn Snapshot,
    wanted: &[(&'static Table, Vec<usize>)],
) -> Result<RegisterDigest, StorageError> {
    let mut digesting = Digesting::default();
    for (table, places) in wanted {
        let mut after = Vec::new();
        loop {
            let page = snapshot.page(table, after, 2_000).await?;
            for row in &page {
                let row: Vec<Value> = places.iter().filter_map(|place| row.get(*place).cloned()).collect();
                digesting.take(table, &row);
            }
            let Some(last) = page.last() else { break };
            after = table.key_of(last);
        }
    }
    Ok(digesting.finish())
}
