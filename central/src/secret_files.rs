//! Files that only their owner may read, written whole or not at all.
//!
//! Must not: know what they hold.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::directory::DirectoryError;

/// Opens a file for writing, 0600 from the moment it is there.
pub(crate) fn secret_file(path: &Path) -> Result<File, DirectoryError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600).open(path).map_err(file_error(path))
}

/// Reads a JSON file.
pub(crate) fn read<T: DeserializeOwned>(directory: &Path, name: &str) -> Result<T, DirectoryError> {
    let path = directory.join(name);
    let bytes = Zeroizing::new(fs::read(&path).map_err(file_error(&path))?);
    serde_json::from_slice(&bytes).map_err(|_| DirectoryError::Malformed(path))
}

/// Writes a JSON file beside the old one and then puts it in its place.
pub(crate) fn write(directory: &Path, name: &str, content: &impl Serialize) -> Result<(), DirectoryError> {
    let bytes = serde_json::to_string_pretty(content);
    let bytes = Zeroizing::new(bytes.map_err(|_| DirectoryError::Malformed(directory.join(name)))?);
    write_text(directory, name, &bytes)
}

/// Writes a text beside the old one and then puts it in its place.
pub(crate) fn write_text(directory: &Path, name: &str, content: &str) -> Result<(), DirectoryError> {
    let (path, fresh) = (directory.join(name), directory.join(format!("{name}.fresh")));
    let mut file = secret_file(&fresh)?;
    file.set_len(0).map_err(file_error(&fresh))?;
    file.write_all(content.as_bytes()).and_then(|()| file.sync_all()).map_err(file_error(&fresh))?;
    fs::rename(&fresh, &path).map_err(file_error(&path))?;
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(file_error(directory))
}

/// Names the file an error is about.
pub(crate) fn file_error(path: &Path) -> impl FnOnce(io::Error) -> DirectoryError {
    let path = path.to_owned();
    move |error| DirectoryError::File { path, error }
}
