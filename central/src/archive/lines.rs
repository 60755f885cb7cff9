//! The lines of an archive.
//!
//! Must not: change without a new version; an archive may be read years later.

use seal::digest::Sha256;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::older::{Shape, derived};
use crate::storage::{ArchivedRow, RegisterDigest};

/// The version written here: each table names its columns, and the end those that its digest is of. A table or column
/// more is no new version; a line of another form is.
pub(super) const VERSION: u32 = 2;
/// The one before: tables have the columns that [`super::older`] remembers of it.
pub(super) const FIRST_VERSION: u32 = 1;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
    /// The first.
    Head { archive: String, version: u32, program: String, made_at: i64 },
    /// One of the central's key files.
    File { name: String, content: Zeroizing<String> },
    /// Rows of this table follow, each a line of its own: a list of values.
    Table {
        name: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        columns: Vec<String>,
    },
    /// No more rows of it.
    EndOfTable { name: String, rows: u64, sha256: String },
    /// The last: the derived register as it was.
    End {
        doses: u64,
        changes: u64,
        sha256: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        derived: Vec<Shape>,
    },
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
    let sha256 = hex(&register.sha256);
    Line::End { doses: register.doses, changes: register.changes, sha256, derived: derived() }
}

/// A row as its line, without the line's end.
///
/// # Panics
/// Never: values are numbers and texts.
pub(super) fn row(row: &ArchivedRow) -> Vec<u8> {
    serde_json::to_vec(row).expect("a row is a list of numbers and texts")
}
