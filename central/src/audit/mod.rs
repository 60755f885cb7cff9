//! 操作の記録: what was done with a municipality's people and records, as lines that nobody changes, and whether each chain of
//! them holds.
//!
//! Must not: put anything of a person into a line but the keyed mark and the sealed 宛名番号 of whom it is about.
//!
//! A feature that does something for a municipality adds a variant to [`Act`] with its words (`municipality/audit/phrases`), and
//! one line where it does it: `audit::note(&*storage, act.line(municipality, &by, now)).await?`. What has a transaction of
//! its own adds the line inside it (`storage::*::audit::append`).

mod act;
mod chains;

pub use act::{AccountRole, Act, FileStep, StockAct, TransferAct, TransferNumber};
pub use chains::{CheckedChains, check_chains};

use crate::storage::{NewLine, Storage, StorageError};

/// Who did what was done by a command at the server. No account is called that.
pub const AT_THE_SERVER: &str = "(vrs-central)";

/// Records one line. What it tells of must not be shown before this returned.
///
/// # Errors
/// [`StorageError`]: nothing was recorded.
pub async fn note(storage: &dyn Storage, line: NewLine) -> Result<(), StorageError> {
    storage.record(vec![line], None).await.map(drop)
}
