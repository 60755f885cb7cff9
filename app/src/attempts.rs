//! Wrong PINs: counted across restarts, and slower each time. Nothing is ever wiped for them.
//!
//! Must not: know a PIN, or trust a wall clock: after a restart the wait begins anew.

use std::{collections::BTreeMap, fs, path::Path};

use record::StaffId;
use serde::{Deserialize, Serialize};

const FILE: &str = "attempts.json";
/// Three mistakes are free: gloves, haste.
const FREE: u32 = 3;
const FIRST_WAIT_MS: u64 = 5_000;
const LONGEST_WAIT_MS: u64 = 300_000;

/// Wrong PINs in a row, by staff member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts(BTreeMap<StaffId, u32>);

impl Attempts {
    /// What is kept in that folder; none counted where the file is missing or unreadable.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        fs::read(folder.join(FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps the counts. A failure is left alone: the wait in this run holds all the same.
    pub fn write(&self, folder: &Path) {
        if let Ok(bytes) = serde_json::to_vec(self) {
            let _ = crate::files::replace(&folder.join(FILE), &bytes);
        }
    }

    /// Wrong PINs of that person in a row.
    #[must_use]
    pub fn of(&self, staff_id: &StaffId) -> u32 {
        self.0.get(staff_id).copied().unwrap_or(0)
    }

    /// The wait that holds when the program starts: the longest of all, begun anew.
    #[must_use]
    pub fn wait_at_start_ms(&self) -> u64 {
        self.0.values().copied().map(Self::wait_ms).max().unwrap_or(0)
    }

    /// One more.
    pub fn failed(&mut self, staff_id: &StaffId) {
        let count = self.0.entry(staff_id.clone()).or_insert(0);
        *count = count.saturating_add(1);
    }

    /// The right one: gives how many wrong ones there were, and forgets them.
    pub fn succeeded(&mut self, staff_id: &StaffId) -> u32 {
        self.0.remove(staff_id).unwrap_or(0)
    }

    /// How long to wait after that many wrong PINs in a row, in milliseconds.
    #[must_use]
    pub fn wait_ms(failures: u32) -> u64 {
        match failures.checked_sub(FREE) {
            None => 0,
            Some(beyond) => FIRST_WAIT_MS.saturating_mul(1 << beyond.min(10)).min(LONGEST_WAIT_MS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_and_survive_a_restart() {
        let waits: Vec<u64> = (0..12).map(Attempts::wait_ms).collect();
        assert_eq!(waits[..6], [0, 0, 0, 5_000, 10_000, 20_000]);
        assert_eq!(waits[11], LONGEST_WAIT_MS);
        let folder = tempfile::tempdir().unwrap();
        let staff: StaffId = "staff-01".parse().unwrap();
        let mut attempts = Attempts::read(folder.path());
        for _ in 0..5 {
            attempts.failed(&staff);
        }
        attempts.write(folder.path());
        let mut again = Attempts::read(folder.path());
        assert_eq!(again.of(&staff), 5);
        assert_eq!(again.wait_at_start_ms(), Attempts::wait_ms(5));
        assert_eq!(again.succeeded(&staff), 5);
        assert_eq!(again.of(&staff), 0);
    }
}
