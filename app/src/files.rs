//! Small files that are either the old one or the new one, never half.
//!
//! Must not: be used for entries; those are the database's.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// Writes `bytes` beside `file` and puts it in its place, all on disk before this returns.
///
/// # Errors
/// Whatever the file system reports; then the old file stands.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let mut new = File::create(&beside)?;
    new.write_all(bytes)?;
    new.sync_all()?;
    fs::rename(&beside, file)?;
    if let Some(folder) = file.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
