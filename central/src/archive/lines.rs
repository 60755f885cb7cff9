//! The lines of an archive.
//!
//! Must not: change without a new version; an archive may be read years later.

use seal::digest::Sha256;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::storage::{ArchivedRow, RegisterDigest};

/// The version written here.
pub(super) const VERSION: u32 = 1;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
    /// The first.
    Head { archive: String, version: u32, program: String, made_at: i64 },
    /// One of the central's key files.
    File { name: String, content: Zeroizing<String> },
    /// Rows of this table follow, each a line of its own: a list of values.
    Table { name: String },
    /// No more rows of it.
    EndOfTable { name: String, rows: u64, sha256: String },
    /// The last: the derived register as it was.
    End { doses: u64, changes: u64, sha256: String },
}

/// Counts and digests the rows of one table, as they stand in their lines.
#[derive(Default)]
pub(super) struct Tally {
    sha256: Sha256,
    pub(super) rows: u64,
}

impl Tally {
    pub(super) fn take(&mut self, line: &[u8]) {
        self.rows += 1;
        self.sha256.update(line);
        self.sha256.update(b"\n");
    }
    pub(super) fn finish(self) -> (u64, String) {
        (self.rows, hex(&self.sha256.finish()))
    }
}

/// Bytes as people compare them.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The last line of a register with that digest.
pub(super) fn end(register: &RegisterDigest) -> Line {
    Line::End { doses: register.doses, changes: register.changes, sha256: hex(&register.sha256) }
}

/// A row as its line, without the line's end.
///
/// # Panics
/// Never: values are numbers and texts.
pub(super) fn row(row: &ArchivedRow) -> Vec<u8> {
    serde_json::to_vec(row).expect("a row is a list of numbers and texts")
}
