//! What a program that ended in the middle left behind, what has expired, and what was done to imports without these pages: put
//! right when the central begins, and every hour.
//!
//! Must not: take back anything that holds, or touch what another process is at: only what lies in this process's spool.

use std::time::Duration;

use record::{MunicipalityCode, WallTime, envelope::AccountName};
use tokio::sync::watch;

use super::{
    event::{About, BY_ITSELF, Event},
    file::{SealedFile, Stage},
    jobs::Of,
    ledger::{self, LedgerError},
    refusal::Reason,
    spool::{Found, Kind},
};
use crate::{
    state::Central,
    storage::{ImportState, StorageError},
};

/// How often what has expired is removed.
const EVERY: Duration = Duration::from_secs(3_600);
/// Faulty rows are kept this long after their file came: 31 days, as long as a sealed file may last.
const FAULTY_KEPT_MS: i64 = record::envelope::LONGEST_MS;

/// Puts right what is found at the beginning, then removes what has expired until the server stops.
pub async fn keep(central: Central, mut stopping: watch::Receiver<bool>) {
    loop {
        if let Err(error) = expired(&central).await {
            tracing::error!(%error, "expired sealed files cannot be removed");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopping.changed() => return,
        }
    }
}

/// What the program before this one was at when it ended: nothing of it holds, and the ledger says so.
///
/// # Errors
/// [`StorageError`].
pub async fn at_start(central: &Central) -> Result<(), StorageError> {
    for found in files(central) {
        let Some(file) = file(central, found).await? else {
            remove(central, found);
            continue;
        };
        match (found.kind, file.stage) {
            (Kind::Reading, Stage::Reading) => {
                give_up_import(central, found.municipality).await?;
                note(central, found, Event::ReadingEnded { reason: Reason::Interrupted }).await?;
                remove(central, found);
            }
            (Kind::Making | Kind::Joining | Kind::Made, Stage::Making) => {
                // A file that has its name is whole, and may be wanted: but no line says that it was made.
                note(central, found, Event::MakingFailed { reason: Reason::Interrupted }).await?;
                remove(central, found);
            }
            (Kind::Made, Stage::Made) | (Kind::Faulty, _) => {}
            (Kind::Reading | Kind::FaultyPart | Kind::Making | Kind::Joining | Kind::Made, _) => {
                remove(central, found);
            }
        }
    }
    for municipality in central.storage.media_municipalities().await? {
        catch_up(central, municipality).await?;
    }
    Ok(())
}

/// The import that was being read, or was read and never noted, is given up; there is one open at a time.
///
/// # Errors
/// [`StorageError`].
pub async fn give_up_import(central: &Central, municipality: MunicipalityCode) -> Result<(), StorageError> {
    let newest = central.storage.imports(municipality, 1).await?.pop();
    if let Some(import) = newest
        && matches!(import.state, ImportState::Reading | ImportState::Waiting)
    {
        central.storage.discard_import(municipality, import.number, central.clock.now()).await?;
    }
    Ok(())
}

/// Removes made files whose time is over or that have arrived, and faulty rows after their days.
async fn expired(central: &Central) -> Result<(), StorageError> {
    let now = central.clock.now();
    for found in files(central) {
        let file = file(central, found).await?;
        match (found.kind, file) {
            (Kind::Made, Some(file)) if matches!(file.stage, Stage::Made | Stage::Arrived) => {
                let is_over = file.outline().is_none_or(|outline| now >= outline.expires_at);
                if is_over || file.stage == Stage::Arrived {
                    remove(central, found);
                    note(central, found, Event::Removed).await?;
                }
            }
            (Kind::Faulty, Some(file)) if now.ms_since(file.at) > FAULTY_KEPT_MS => remove(central, found),
            (Kind::Faulty, Some(file))
                if matches!(file.stage, Stage::Discarded | Stage::NotOpened)
                    && central.media.jobs.find(found.municipality, Of::File(found.id)).is_none() =>
            {
                remove(central, found);
            }
            _ => {}
        }
    }
    Ok(())
}

/// What `vrs-central people` or a program that ended did to imports, and the ledger does not say yet.
///
/// # Errors
/// [`StorageError`].
pub async fn catch_up(central: &Central, municipality: MunicipalityCode) -> Result<(), StorageError> {
    const MOST: u32 = 1_000;
    let imports = central.storage.imports(municipality, MOST).await?;
    let opened = opened(central, municipality).await?;
    for (import, about) in opened {
        let Some(import) = imports.iter().find(|one| one.number == import) else { continue };
        let lines = ledger::lines_about(&*central.storage, municipality, about).await?;
        let Some(file) = SealedFile::of(&lines) else { continue };
        let owed = match (file.stage, import.state) {
            (Stage::Waiting, ImportState::Effective) => vec![(Event::TookEffect, &import.effective)],
            (Stage::Waiting, ImportState::Undone) => {
                vec![(Event::TookEffect, &import.effective), (Event::Undone, &import.undone)]
            }
            (Stage::Waiting, ImportState::Discarded) => vec![(Event::Discarded, &None)],
            (Stage::Effective, ImportState::Undone) => vec![(Event::Undone, &import.undone)],
            _ => Vec::new(),
        };
        for (event, who) in owed {
            let by = who.as_ref().and_then(|(by, _)| by.parse().ok()).map_or_else(by_itself, Ok)?;
            let at = who.as_ref().map_or_else(|| central.clock.now(), |(_, at)| *at);
            add(central, municipality, about, (by, at), event).await?;
        }
    }
    Ok(())
}

/// The imports that the ledger names, with what they are of.
async fn opened(
    central: &Central,
    municipality: MunicipalityCode,
) -> Result<Vec<(u32, About)>, StorageError> {
    const AT_ONCE: u32 = 500;
    let (mut after, mut opened) = (0, Vec::new());
    loop {
        let page = central.storage.media_lines(municipality, after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(opened) };
        after = last.number;
        for kept in &page {
            let line = ledger::read(kept)?;
            if let Event::Opened { import, .. } = line.event {
                opened.push((import, line.about));
            }
        }
    }
}

fn files(central: &Central) -> Vec<Found> {
    central.media.spool.found().unwrap_or_else(|error| {
        tracing::error!(%error, "the spool of sealed files cannot be read");
        Vec::new()
    })
}

async fn file(central: &Central, found: Found) -> Result<Option<SealedFile>, StorageError> {
    let about = About::File(found.id);
    let lines = ledger::lines_about(&*central.storage, found.municipality, about).await?;
    Ok(SealedFile::of(&lines))
}

async fn note(central: &Central, found: Found, event: Event) -> Result<(), StorageError> {
    let who: (AccountName, WallTime) = (by_itself()?, central.clock.now());
    add(central, found.municipality, About::File(found.id), who, event).await
}

async fn add(
    central: &Central,
    municipality: MunicipalityCode,
    about: About,
    who: (AccountName, WallTime),
    event: Event,
) -> Result<(), StorageError> {
    match ledger::add(&*central.storage, municipality, about, who, event).await {
        Ok(_) => Ok(()),
        Err(LedgerError::Storage(error)) => Err(error),
        // Somebody else was there first.
        Err(LedgerError::Conflict(_)) => Ok(()),
    }
}

fn by_itself() -> Result<AccountName, StorageError> {
    BY_ITSELF.parse().map_err(|_| StorageError::Inconsistent("media_ledger"))
}

fn remove(central: &Central, found: Found) {
    let spool = &central.media.spool;
    if let Err(error) = spool.remove(&spool.path(found.municipality, found.id, found.kind)) {
        tracing::error!(%error, "a sealed file cannot be removed from the spool");
    }
}
