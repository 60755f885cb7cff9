//! What is decided of an import that was read: that it takes effect, is given up, or is undone. Each in one transaction of the
//! register, then a line in the ledger. Before its commit it can be stopped; nothing has changed then.
//!
//! Must not: let the person who brought the file decide that it holds.

use std::sync::Arc;

use record::{
    MunicipalityCode,
    envelope::{AccountName, EnvelopeId},
};

use super::{
    event::{About, Event},
    file::{Conflict, SealedFile},
    jobs::{Job, Of, Work},
    ledger::{self, LedgerError},
    refusal::Reason,
};
use crate::{
    state::Central,
    storage::{StorageError, TookEffect, Undone, Watch},
};

/// Begins to let an import take effect or to undo it, beside everything else: of a million people it takes its time.
///
/// # Errors
/// [`LedgerError`].
pub async fn begin(
    central: &Central,
    municipality: MunicipalityCode,
    id: EnvelopeId,
    by: AccountName,
    work: Work,
) -> Result<(), LedgerError> {
    let about = About::File(id);
    let wanted = if work == Work::Undoing { Event::Undone } else { Event::TookEffect };
    let (import, rows) = import(central, municipality, id, &by, &wanted).await?;
    let Some(running) = central.media.jobs.begin(municipality, Of::File(id), work) else {
        return Err(LedgerError::Conflict(Conflict::Stage));
    };
    running.expect(rows);
    let central = central.clone();
    tokio::spawn(async move {
        let done = change(&central, municipality, import, &by, running.job()).await;
        let event = match done {
            Ok(None) => wanted,
            Ok(Some(reason)) => Event::NothingChanged { reason },
            Err(error) => {
                tracing::error!(%error, "an import cannot take effect or be undone");
                Event::NothingChanged { reason: Reason::System }
            }
        };
        let now = central.clock.now();
        if let Err(error) = ledger::add(&*central.storage, municipality, about, (by, now), event).await {
            // What was done stands in the history of imports, from which the ledger catches up.
            tracing::error!(%error, "what was done to an import cannot be noted");
        }
        drop(running);
    });
    Ok(())
}

async fn change(
    central: &Central,
    municipality: MunicipalityCode,
    import: u32,
    by: &AccountName,
    job: Arc<Job>,
) -> Result<Option<Reason>, StorageError> {
    let (by, now, work) = (by.as_str().to_owned(), central.clock.now(), job.work());
    let watch: Watch = Arc::new(move |done, of| {
        job.expect(of);
        job.tell(done)
    });
    Ok(match work {
        Work::Undoing => match central.storage.undo_import(municipality, import, by, now, watch).await? {
            Undone::Done => None,
            Undone::Stopped => Some(Reason::Stopped),
            Undone::NotInEffect => Some(Reason::Outdated),
            Undone::Touched { .. } => Some(Reason::TouchedLater),
        },
        _ => match central.storage.take_effect(municipality, import, by, now, watch).await? {
            TookEffect::Done => None,
            TookEffect::Stopped => Some(Reason::Stopped),
            TookEffect::NotWaiting | TookEffect::Outdated => Some(Reason::Outdated),
        },
    })
}

/// Gives an import up that waits.
///
/// # Errors
/// [`LedgerError`].
pub async fn discard(
    central: &Central,
    municipality: MunicipalityCode,
    id: EnvelopeId,
    by: AccountName,
) -> Result<(), LedgerError> {
    let (import, _) = import(central, municipality, id, &by, &Event::Discarded).await?;
    let now = central.clock.now();
    if !central.storage.discard_import(municipality, import, now).await? {
        return Err(LedgerError::Conflict(Conflict::Stage));
    }
    let about = About::File(id);
    ledger::add(&*central.storage, municipality, about, (by, now), Event::Discarded).await.map(drop)
}

/// The import of that file and how many rows it would change, where that may be done to it by them.
async fn import(
    central: &Central,
    municipality: MunicipalityCode,
    id: EnvelopeId,
    by: &AccountName,
    wanted: &Event,
) -> Result<(u32, u64), LedgerError> {
    let lines = ledger::lines_about(&*central.storage, municipality, About::File(id)).await?;
    SealedFile::follows(&lines, by, wanted).map_err(LedgerError::Conflict)?;
    let file = SealedFile::of(&lines).ok_or(LedgerError::Conflict(Conflict::Unknown))?;
    let rows = file.preview.as_ref().map_or(0, |preview| preview.new.saturating_add(preview.changed));
    let import = file.import.ok_or(LedgerError::Conflict(Conflict::Unknown))?;
    Ok((import, rows))
}
