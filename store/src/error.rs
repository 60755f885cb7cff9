//! What can go wrong with the database. Nothing here names a person or a value.
//!
//! Must not: hold SQLite's own message, which may quote a statement.

use rusqlite::ErrorCode;

/// Why something could not be kept or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no room for it; nothing of it was kept.
    #[error("no room left")]
    Full,
    /// The entry names a municipality that does not own this tablet.
    #[error("entry belongs to another municipality")]
    OtherMunicipality,
    /// The entry's id is taken by an entry with other content.
    #[error("entry id is taken by other content")]
    SameIdOtherContent,
    /// The entry to be corrected or cancelled is not on this tablet.
    #[error("entry to be changed is not here")]
    UnknownEntry,
    /// The entry to be corrected or cancelled was already.
    #[error("entry was already corrected or cancelled")]
    AlreadyChanged,
    /// A receipt speaks of an entry that is not the one here.
    #[error("receipt speaks of other entries")]
    ForeignReceipt,
    /// The database failed; the number is SQLite's extended code.
    #[error("database failed with code {0}")]
    Database(i32),
    /// A row does not hold what it should.
    #[error("a row does not hold together")]
    Row,
}

/// Why the database could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was written by a newer program.
    #[error("database of version {found} is newer than this program's {known}")]
    Newer {
        /// The database's version.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// It belongs to another tablet or another device key.
    #[error("database belongs to another tablet")]
    OtherOwner,
    /// It could not be set aside or begun anew.
    #[error("folder of the database cannot be used: {0}")]
    Folder(std::io::ErrorKind),
    /// Anything else; the database is left as it is.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// SQLite's own error becomes a code, so that no value of a statement can travel in it.
impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::DiskFull => Self::Full,
            rusqlite::Error::SqliteFailure(failure, _) => Self::Database(failure.extended_code),
            _ => Self::Row,
        }
    }
}
