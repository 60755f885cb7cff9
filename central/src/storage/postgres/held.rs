//! A connection whose transaction may be open: unless it is said to have ended, the connection is closed and not given
//! back to the pool, and the server undoes the transaction – also where the work panics or is dropped.
//!
//! Must not: begin or end the transaction itself.

use deadpool_postgres::{Client, Object, Pool};

use crate::storage::StorageError;

/// The connection.
pub(super) struct InTransaction(Option<Object>);

impl InTransaction {
    /// Takes a connection of the pool.
    pub(super) async fn begin(pool: &Pool) -> Result<Self, StorageError> {
        Ok(Self(Some(pool.get().await?)))
    }

    /// What the work is done with.
    pub(super) fn client(&self) -> Result<&Client, StorageError> {
        self.0.as_ref().ok_or(StorageError::Stopped)
    }

    /// The transaction has ended; the connection goes back to the pool.
    pub(super) fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for InTransaction {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}
