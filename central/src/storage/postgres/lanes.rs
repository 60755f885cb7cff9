//! 書き込みの列: batches wait in a few lanes, those of one municipality always in the same; what waits together is
//! committed together.
//!
//! Must not: answer before the commit, or let one batch undo another's.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    panic::AssertUnwindSafe,
};

use deadpool_postgres::Pool;
use futures_util::FutureExt as _;
use record::Outcome;
use tokio::sync::{mpsc, oneshot};

use super::{batches, columns::Layout, held::InTransaction};
use crate::{
    intake::ReadBatch,
    storage::{Answer, StorageError},
};

/// What may wait in one lane, 512 batches of 50 entries are some 20 MB and two or three seconds of work; beyond it a tablet is told to come
/// back, which costs it a connection and a signature for nothing.
const MOST_WAITING: usize = 512;
/// Entries that are committed together, from as many batches as they come in. Each dose takes a place in the server's
/// table of locks.
const ENOUGH_TOGETHER: usize = 400;
/// The most doses of one transaction.
pub(super) const MOST_LOCKED: usize = ENOUGH_TOGETHER + record::wire::batch::MOST_ENTRIES;

type Answered = Result<Vec<Outcome>, StorageError>;

struct Waiting {
    batch: ReadBatch,
    answer: oneshot::Sender<Answered>,
}

/// The lanes; they end when this is dropped, after what waits in them.
pub(super) struct Lanes(Vec<mpsc::Sender<Waiting>>);

impl Lanes {
    /// Starts that many, each with a connection of the pool while it writes.
    pub(super) fn start(pool: &Pool, layout: Layout, count: usize) -> Self {
        let lane = |_| {
            let (queue, waiting) = mpsc::channel(MOST_WAITING);
            tokio::spawn(write_all(pool.clone(), layout, waiting));
            queue
        };
        Self((0..count).map(lane).collect())
    }

    /// Keeps a batch; the answer comes after its commit.
    pub(super) fn keep(&self, batch: ReadBatch) -> Answer<'_, Vec<Outcome>> {
        let mut hasher = DefaultHasher::new();
        batch.tablet_id.municipality().hash(&mut hasher);
        let lane = &self.0[(hasher.finish() % self.0.len() as u64) as usize];
        let (answer, answered) = oneshot::channel();
        let queued = lane.try_send(Waiting { batch, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StorageError::Busy,
            mpsc::error::TrySendError::Closed(_) => StorageError::Stopped,
        });
        Box::pin(async move {
            queued?;
            answered.await.map_err(|_| StorageError::Stopped)?
        })
    }
}

async fn write_all(pool: Pool, layout: Layout, mut waiting: mpsc::Receiver<Waiting>) {
    while let Some(first) = waiting.recv().await {
        let mut entries = first.batch.entries.len();
        let mut together = vec![first];
        while entries < ENOUGH_TOGETHER {
            let Ok(next) = waiting.try_recv() else { break };
            entries += next.batch.entries.len();
            together.push(next);
        }
        // A panic is a defect and was reported as such; its askers hear `Stopped`, the lane stays.
        let _ = AssertUnwindSafe(write(&pool, layout, together)).catch_unwind().await;
    }
}

async fn write(pool: &Pool, layout: Layout, together: Vec<Waiting>) {
    let batches: Vec<&ReadBatch> = together.iter().map(|waiting| &waiting.batch).collect();
    let all = keep(pool, layout, &batches).await;
    match all {
        Ok(outcomes) => {
            for (waiting, outcomes) in together.into_iter().zip(outcomes) {
                // The asker may have gone away; what was committed stays.
                let _ = waiting.answer.send(Ok(outcomes));
            }
        }
        Err(error) if together.len() == 1 => {
            for waiting in together {
                let _ = waiting.answer.send(Err(error.clone()));
            }
        }
        // One of them may be to blame; each gets a transaction of its own.
        Err(_) => {
            for waiting in together {
                let alone = keep(pool, layout, &[&waiting.batch]).await;
                let _ = waiting.answer.send(alone.and_then(|mut all| all.pop().ok_or(StorageError::Stopped)));
            }
        }
    }
}

async fn keep(
    pool: &Pool,
    layout: Layout,
    batches: &[&ReadBatch],
) -> Result<Vec<Vec<Outcome>>, StorageError> {
    let held = InTransaction::begin(pool).await?;
    let kept = batches::keep(held.client()?, layout, batches).await?;
    held.ended();
    Ok(kept)
}
