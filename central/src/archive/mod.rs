//! バックアップ: all a central keeps as one sealed file, which either kind of storage can be filled from again.
//!
//! A file is lines of JSON, compressed with zstd, sealed to whoever may open it (age): a head; the central's own key
//! files; each table by its columns, its rows with their count and SHA-256 after them; a last line with the digest of the
//! register and the columns it is of. Nothing is believed before the last line was read.
//!
//! Must not: write anything of it in the clear, or fill a register that holds something already.

mod copy;
mod lines;
mod older;
mod reading;
#[cfg(test)]
mod tests;
mod writing;

pub use copy::copy;
pub use lines::hex;
pub use reading::{Opened, Restored, open, restore};
pub use writing::{Written, write};

use std::io;

use crate::{directory::DirectoryError, storage::StorageError};

/// Rows carried at once.
const AT_ONCE: u32 = 1_000;

/// Told how far it has come: a table's name and the rows of it so far.
pub type Progress<'a> = &'a mut dyn FnMut(&str, u64);

/// An archive cannot be written, or not be read back.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file.
    #[error("the archive cannot be read or written: {0}")]
    File(#[from] io::Error),
    /// Sealing or opening.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The central's own files.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// A line is not what it should be; its number.
    #[error("line {0} of the archive is not what it should be")]
    Line(u64),
    /// Written by a later program, or by none.
    #[error(
        "このバックアップの形式(版 {0})をこのプログラムは知りません。バックアップを作ったときと同じか新しい版の vrs-central で戻してください。 / This program does not know backups of version {0}: restore it with the vrs-central that wrote it, or a newer one."
    )]
    Version(u32),
    /// It has a table, or a column of this table, that this program does not know.
    #[error(
        "このバックアップには、このプログラムが知らない項目があります({0})。バックアップを作ったときと同じか新しい版の vrs-central で戻してください。 / The backup holds what this program does not know ({0}): restore it with the vrs-central that wrote it, or a newer one."
    )]
    Unknown(&'static str),
    /// It lacks this table or column, and nothing is said of what stands for it.
    #[error(
        "このバックアップには、このプログラムに必要な項目がありません({0} {1})。バックアップを作ったときの版の vrs-central で戻し、それから新しい版に替えてください。 / The backup lacks what this program needs ({0} {1}): restore it with the vrs-central that wrote it, then change to the newer one."
    )]
    Lacks(&'static str, &'static str),
    /// Count or digest of a table, or of the register, is another than was written.
    #[error("what was read of {0} is not what was written")]
    Differs(&'static str),
    /// It ends before its last line.
    #[error("the archive is cut short")]
    Cut,
    /// There is something there already.
    #[error("the register to be filled holds something already")]
    NotEmpty,
}
