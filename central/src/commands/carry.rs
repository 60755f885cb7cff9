//! `backup`, `backup-key`, `restore`, `move`.
//!
//! Must not: overwrite a file, or leave a file that looks whole and is not.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, BufWriter, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use central::{
    archive::{self, Restored},
    clock::Clock,
    directory::{DataDirectory, unfinished},
    settings::{self, Settings},
};
use seal::sealed::{Addressee, Identity};
use zeroize::Zeroizing;

use super::{Failure, Meter, say};

/// Makes the key pair that backups are sealed to and opened with.
pub(crate) fn backup_key(out: &Path) -> Result<(), Failure> {
    let identity = Identity::generate();
    let mut file = new_file(out)?;
    file.write_all(identity.to_text().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    say(&format!("the key that opens backups is in {}: keep it away from this machine", out.display()))?;
    say(&format!("backups are sealed to: {}", identity.addressee()))
}

/// Writes a backup beside the running server.
pub(crate) async fn backup(data: &Path, to: &[Addressee], out: &Path) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let storage = directory.storage().await?;
    // A backup without a key that something was made with would be found wanting on the day it is needed.
    directory.no_later_key_is_lost(&*storage).await?;
    let unfinished = unfinished(out);
    let file = new_file(&unfinished)?;
    let mut meter = Meter::default();
    let written = archive::write(
        &directory,
        &*storage,
        to,
        Clock::system().now(),
        BufWriter::new(&file),
        &mut |table, rows| meter.tell(table, rows),
    )
    .await;
    let finished = written.map_err(Failure::from).and_then(|written| {
        file.sync_all()?;
        if out.exists() {
            return Err(format!("{} is there already and is not overwritten", out.display()).into());
        }
        fs::rename(&unfinished, out)?;
        Ok(written)
    });
    if finished.is_err() {
        // What was begun is of no use; the first failure says more than that it could not be removed.
        let _ = fs::remove_file(&unfinished);
    }
    for (table, rows) in &finished?.rows {
        say(&format!("{table}: {rows}"))?;
    }
    say(&format!("backup written to {}", out.display()))
}

/// Makes a central's directory and register from a backup.
pub(crate) async fn restore(
    from: &Path,
    identity: &Path,
    data: &Path,
    settings: Option<&Path>,
) -> Result<(), Failure> {
    let text = Zeroizing::new(fs::read_to_string(identity)?);
    let key = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap_or_default();
    let identity = Identity::from_text(key)?;
    let opened = archive::open(&identity, BufReader::new(File::open(from)?))?;
    let settings = settings.map(fs::read_to_string).transpose()?;
    let filling = DataDirectory::begin_restoring(data, &opened.files, settings.as_deref())?;
    let storage = filling.directory().storage().await?;
    let mut meter = Meter::default();
    let restored = archive::restore(opened, &*storage, &mut |table, rows| meter.tell(table, rows)).await?;
    drop(storage);
    filling.finish()?;
    say_restored(&restored)?;
    say(&format!("restored to {}; every count and digest fits", data.display()))
}

/// Moves the register to the database that other settings name, and lets the central use it from then on.
pub(crate) async fn move_to(data: &Path, new: &Path) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let _stopped = directory.lock()?;
    let text = fs::read_to_string(new)?;
    if Settings::from_text(&text, new)?.database.is_none() {
        return Err(format!("{} names no database to move to", new.display()).into());
    }
    let (from, to) = (directory.storage().await?, directory.storage_by(&text).await?);
    let mut meter = Meter::default();
    let copied = archive::copy(&*from, &*to, &mut |table, rows| meter.tell(table, rows)).await?;
    drop(from);
    directory.put_settings(&text)?;
    say_restored(&copied)?;
    say(&format!(
        "moved; every count and digest fits. {} now names the new database; the old one is left as it was",
        settings::FILE
    ))
}

fn say_restored(restored: &Restored) -> Result<(), Failure> {
    restored.rows.iter().try_for_each(|(table, rows)| say(&format!("{table}: {rows}")))
}

fn new_file(path: &Path) -> Result<File, Failure> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.map_err(|error| format!("{}: {error}", path.display()).into())
}
