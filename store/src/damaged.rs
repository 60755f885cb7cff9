//! Databases that do not open any more: renamed with their date, remembered, reported once.
//!
//! Must not: delete anything, or write over a file that is there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use record::Moment;
use rusqlite::{OptionalExtension, Transaction};

use crate::{
    audit::{Action, AuditRow, write_audit},
    error::{OpenError, StoreError},
};

fn folder_error(error: io::Error) -> OpenError {
    OpenError::Folder(error.kind())
}

const COMPANIONS: [&str; 2] = ["-wal", "-shm"];
const DAMAGED: &str = "records.db.damaged-";

/// Renames the database and its companions; never over a file that is already there. The database goes last: what
/// stands in its write-ahead log must never be taken from a database that stays. The new name.
pub(crate) fn set_aside(folder: &Path, file: &Path, now: Moment) -> Result<String, OpenError> {
    let stamp: String = now.wall.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let free = (0..1000)
        .map(|number| {
            format!("{DAMAGED}{stamp}{}", if number == 0 { String::new() } else { format!("-{number}") })
        })
        .find(|name| !folder.join(name).exists());
    let name = free.ok_or(OpenError::Folder(io::ErrorKind::AlreadyExists))?;
    rename_with_companions(file, &folder.join(&name))?;
    Ok(name)
}

fn rename_with_companions(file: &Path, to: &Path) -> Result<(), OpenError> {
    for companion in COMPANIONS {
        let from = beside(file, companion);
        if from.exists() {
            fs::rename(&from, beside(to, companion)).map_err(folder_error)?;
        }
    }
    fs::rename(file, to).map_err(folder_error)
}

/// A program that ended while it set a database aside left companions under the new name and the database under the
/// old one: it goes to them.
pub(crate) fn finish_setting_aside(folder: &Path, file: &Path) -> Result<(), OpenError> {
    let began = names_in(folder).into_iter().find_map(|name| {
        let damaged = COMPANIONS.iter().find_map(|companion| name.strip_suffix(companion))?;
        let is_left = damaged.starts_with(DAMAGED) && !folder.join(damaged).exists();
        is_left.then(|| folder.join(damaged))
    });
    match began {
        Some(to) if file.exists() => rename_with_companions(file, &to),
        _ => Ok(()),
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    files.map(|file| file.file_name().to_string_lossy().into_owned()).collect()
}

/// Every database that was set aside, oldest first.
pub(crate) fn damaged_files(folder: &Path) -> Vec<String> {
    let is_database =
        |name: &String| name.starts_with(DAMAGED) && !COMPANIONS.iter().any(|end| name.ends_with(end));
    let mut names: Vec<String> = names_in(folder).into_iter().filter(is_database).collect();
    names.sort();
    names
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Notes every database that was set aside and is not noted yet; the newest of them.
pub(crate) fn report_set_aside(
    transaction: &Transaction<'_>,
    damaged: &[String],
    now: Moment,
) -> Result<Option<String>, StoreError> {
    let mut newest = None;
    for file_name in damaged {
        if is_noted(transaction, file_name)? {
            continue;
        }
        let detail = Some(file_name.clone());
        let row = AuditRow { staff_id: None, action: Action::DatabaseSetAside, place: None, detail };
        write_audit(transaction, now, &row)?;
        newest = Some(file_name.clone());
    }
    Ok(newest)
}

fn is_noted(transaction: &Transaction<'_>, file_name: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = transaction
        .prepare_cached("SELECT 1 FROM audit WHERE action = ?1 AND detail = ?2")?
        .query_row([Action::DatabaseSetAside.code(), file_name], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}
