//! オープンデータ: doses are counted beside the pages, because of a large municipality that takes its time; the counts are kept
//! until somebody counts again or the program ends.
//!
//! Must not: keep anything but counts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use record::{MunicipalityCode, WallTime};

use super::{
    jobs::{Of, Running, Work},
    room,
};
use crate::{
    people::{
        open_data::OpenData,
        sealing::SealingError,
        walk::{WalkError, walk},
    },
    state::Central,
};

/// What came of counting last.
#[derive(Clone)]
pub enum Counted {
    /// The file, a line of JSON for each count, and when it began to be counted.
    File(Arc<Vec<u8>>, WallTime),
    /// Somebody stopped it.
    Stopped,
    /// It could not be counted.
    Failed,
}

/// The last counts of each municipality.
#[derive(Default)]
pub struct Counts(Mutex<HashMap<MunicipalityCode, Counted>>);

impl std::fmt::Debug for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Counts")
    }
}

impl Counts {
    /// What came of counting last; none where nobody has since the program began.
    #[must_use]
    pub fn last(&self, municipality: MunicipalityCode) -> Option<Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&municipality).cloned()
    }

    fn keep(&self, municipality: MunicipalityCode, counted: Counted) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(municipality, counted);
    }
}

/// Begins to count; nothing where that goes on already.
pub fn begin(central: &Central, municipality: MunicipalityCode) {
    let Some(running) = central.media.jobs.begin(municipality, Of::OpenData, Work::Counting) else { return };
    let central = central.clone();
    tokio::spawn(async move {
        let began_at = central.clock.now();
        let counted = match count(&central, municipality, &running).await {
            Ok(file) => Counted::File(Arc::new(file), began_at),
            Err(WalkError::Stopped) => Counted::Stopped,
            Err(error) => {
                tracing::error!(%error, "open data cannot be counted");
                Counted::Failed
            }
        };
        // Before the job ends: whoever asks then finds what came of it.
        central.media.counts.keep(municipality, counted);
        drop(running);
    });
}

async fn count(
    central: &Central,
    municipality: MunicipalityCode,
    running: &Running,
) -> Result<Vec<u8>, WalkError<std::io::Error>> {
    let keys = room::keys(central, municipality).await?;
    let people = central.storage.count_people(municipality).await.map_err(SealingError::from)?;
    running.expect(people);
    let job = running.job();
    let mut counts = OpenData::default();
    let take = &mut |walked| {
        counts.take(&walked);
        Ok(())
    };
    walk(&*central.storage, &keys, take, &mut |walked| job.tell(walked)).await?;
    let mut file = Vec::new();
    counts.write(&mut file).map_err(WalkError::Taker)?;
    Ok(file)
}
