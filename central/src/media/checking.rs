//! Whether every ledger of sealed files is whole: numbers without a gap, each link over its line and the link before.
//!
//! Must not: say what a line holds. An end that was cut off shows only beside a work record that was printed.

use seal::envelope::ledger_link;

use super::ledger;
use crate::storage::{Storage, StorageError};

const AT_ONCE: u32 = 500;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedLedgers {
    /// Lines looked at.
    pub lines: u64,
    /// The first place of each ledger that does not hold.
    pub places: Vec<String>,
}

/// Follows every link of every ledger.
///
/// # Errors
/// [`StorageError`].
pub async fn check(storage: &dyn Storage) -> Result<CheckedLedgers, StorageError> {
    let mut checked = CheckedLedgers::default();
    for municipality in storage.media_municipalities().await? {
        let (mut number, mut link) = (0, None);
        'ledger: loop {
            let page = storage.media_lines(municipality, number, AT_ONCE).await?;
            if page.is_empty() {
                break;
            }
            for line in page {
                checked.lines += 1;
                let is_next = line.number == number + 1
                    && ledger_link(link.as_ref(), line.line.as_bytes()) == line.link
                    && ledger::read(&line).is_ok();
                if !is_next {
                    checked.places.push(format!("media ledger of {municipality} line {}", number + 1));
                    break 'ledger;
                }
                number = line.number;
                link = Some(line.link);
            }
        }
    }
    Ok(checked)
}
