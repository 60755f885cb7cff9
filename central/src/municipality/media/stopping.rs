//! Stopping what goes on with a sealed file: it ends without having changed anything, or it had come to its end, and that is said.
//!
//! Must not: take back what holds.

use std::time::Duration;

use record::envelope::EnvelopeId;

use super::{
    facts::account,
    refused::{Failure, Refused},
};
use crate::{
    media::{
        event::{About, Event},
        file::{SealedFile, Stage},
        jobs::{Of, Work},
        ledger,
        refusal::Reason,
        sweeping,
    },
    municipality::officer::Officer,
    state::Central,
};

/// How often it is looked whether it has ended, and how many times; after that the page shows that it is being stopped.
const EVERY: Duration = Duration::from_millis(50);
const MOST_LOOKS: u32 = 60;

/// Stops it. Where nothing goes on here, another process was at it and is gone, or it has ended: that is said.
pub(super) async fn stop(central: &Central, officer: &Officer, id: EnvelopeId) -> Result<(), Failure> {
    let of = Of::File(id);
    let Some(job) = central.media.jobs.find(officer.municipality, of) else {
        return left_behind(central, officer, id).await;
    };
    job.stop();
    for _ in 0..MOST_LOOKS {
        if central.media.jobs.find(officer.municipality, of).is_none() {
            break;
        }
        tokio::time::sleep(EVERY).await;
    }
    let came_too_late = matches!(
        (job.work(), stage(central, officer, id).await?),
        (Work::TakingEffect, Some(Stage::Effective))
            | (Work::Undoing, Some(Stage::Undone))
            | (Work::Making, Some(Stage::Made))
            | (Work::Reading, Some(Stage::Waiting))
    );
    if came_too_late { Err(Refused::EndedBefore.into()) } else { Ok(()) }
}

async fn left_behind(central: &Central, officer: &Officer, id: EnvelopeId) -> Result<(), Failure> {
    let event = match stage(central, officer, id).await? {
        Some(Stage::Making) => Event::MakingStopped,
        Some(Stage::Reading) => {
            sweeping::give_up_import(central, officer.municipality).await?;
            Event::ReadingEnded { reason: Reason::Stopped }
        }
        _ => return Err(Refused::EndedBefore.into()),
    };
    let who = (account(officer)?, central.clock.now());
    ledger::add(&*central.storage, officer.municipality, About::File(id), who, event).await?;
    Ok(())
}

async fn stage(central: &Central, officer: &Officer, id: EnvelopeId) -> Result<Option<Stage>, Failure> {
    let lines = ledger::lines_about(&*central.storage, officer.municipality, About::File(id)).await?;
    Ok(SealedFile::of(&lines).map(|file| file.stage))
}
