//! The one thread that writes. What waits together is committed together: one sync of the disk serves
//! all of it.
//!
//! Must not: answer before the commit, or let one piece of work undo another's.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::JoinHandle,
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use crate::storage::{Answer, StorageError};

/// What may wait; beyond it a tablet is told to come back.
const MOST_WAITING: usize = 256;
/// What is committed together: 64 full batches are about 10 MB of log.
const MOST_TOGETHER: usize = 64;

/// Tells the asker, once it is known whether the commit succeeded.
type Tell = Box<dyn FnOnce(Result<(), StorageError>) + Send>;
/// Works inside the transaction; whether what it wrote shall stay, and how to tell the asker.
type Work = Box<dyn FnOnce(&Connection) -> (bool, Tell) + Send>;

/// Where work waits for the thread.
pub(super) struct Writer {
    queue: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection) -> Result<Self, StorageError> {
        let (queue, waiting) = sync_channel(MOST_WAITING);
        let thread = std::thread::Builder::new()
            .name("register-writer".to_owned())
            .spawn(move || write_all(connection, &waiting))
            .map_err(|error| StorageError::Database(error.to_string()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Does `work` in a transaction; the answer comes after its commit.
    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Answer<'_, T> {
        let (sender, receiver) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            let result = work(connection);
            let keep = result.is_ok();
            let tell: Tell = Box::new(move |committed| {
                // The asker may have gone away; what was committed stays.
                let _ = sender.send(committed.and(result));
            });
            (keep, tell)
        });
        let queued = match &self.queue {
            Some(queue) => queue.try_send(work).map_err(|error| match error {
                TrySendError::Full(_) => StorageError::Busy,
                TrySendError::Disconnected(_) => StorageError::Stopped,
            }),
            None => Err(StorageError::Stopped),
        };
        Box::pin(async move {
            queued?;
            receiver.await.map_err(|_| StorageError::Stopped)?
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // Only a panic makes this an error, and it was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn write_all(mut connection: Connection, waiting: &Receiver<Work>) {
    while let Ok(first) = waiting.recv() {
        let together = std::iter::once(first).chain(waiting.try_iter().take(MOST_TOGETHER - 1));
        let mut told: Vec<Tell> = Vec::new();
        let committed = write_together(&mut connection, together, &mut told);
        for tell in told {
            tell(committed.clone());
        }
    }
}

/// Where the transaction cannot go on, work that was not begun is dropped and its asker hears `Stopped`.
fn write_together(
    connection: &mut Connection,
    together: impl Iterator<Item = Work>,
    told: &mut Vec<Tell>,
) -> Result<(), StorageError> {
    let together: Vec<Work> = together.collect();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for work in together {
        transaction.execute_batch("SAVEPOINT work")?;
        // A panic is a defect and was reported as such; the transaction goes, the thread stays.
        let (keep, tell) = catch_unwind(AssertUnwindSafe(|| work(&transaction)))
            .map_err(|_| StorageError::Database("work inside the transaction panicked".to_owned()))?;
        told.push(tell);
        let end = if keep { "RELEASE work" } else { "ROLLBACK TO work; RELEASE work" };
        transaction.execute_batch(end)?;
    }
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    fn writer() -> Writer {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE marks (mark INTEGER PRIMARY KEY)").unwrap();
        Writer::start(connection).unwrap()
    }
    fn mark(number: i64) -> impl FnOnce(&Connection) -> Result<usize, StorageError> + Send + 'static {
        move |connection| Ok(connection.execute("INSERT INTO marks VALUES (?1)", [number])?)
    }
    fn count(connection: &Connection) -> Result<i64, StorageError> {
        Ok(connection.query_row("SELECT count(*) FROM marks", [], |row| row.get(0))?)
    }

    #[tokio::test]
    async fn work_that_fails_undoes_only_itself() {
        let writer = writer();
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let gate = writer.write(move |_| {
            let _ = held.recv();
            Ok(())
        });
        let one = writer.write(mark(1));
        let half = writer.write(|connection| {
            mark(2)(connection)?;
            Err::<(), _>(StorageError::Inconsistent("a test"))
        });
        let two = writer.write(mark(1));
        let three = writer.write(mark(3));
        hold.send(()).unwrap();
        gate.await.unwrap();
        assert_eq!(one.await, Ok(1));
        assert_eq!(half.await, Err(StorageError::Inconsistent("a test")));
        assert!(matches!(two.await, Err(StorageError::Database(_))));
        assert_eq!(three.await, Ok(1));
        assert_eq!(writer.write(count).await, Ok(2));
    }

    #[tokio::test]
    async fn what_cannot_wait_is_told_to_come_back() {
        let writer = writer();
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let gate = writer.write(move |_| {
            let _ = held.recv();
            Ok(())
        });
        let mut waiting = Vec::new();
        let refused = loop {
            let mut next = writer.write(count);
            match next.as_mut().now_or_never() {
                Some(answer) => break answer,
                None => waiting.push(next),
            }
            assert!(waiting.len() <= MOST_WAITING + MOST_TOGETHER, "the queue has no end");
        };
        assert_eq!(refused, Err(StorageError::Busy));
        assert!(waiting.len() >= MOST_WAITING - 1, "the gate itself may be one of them");
        hold.send(()).unwrap();
        gate.await.unwrap();
        for one in waiting {
            assert_eq!(one.await, Ok(0));
        }
    }

    #[tokio::test]
    async fn work_that_panics_leaves_nothing_and_stops_nobody() {
        let writer = writer();
        let panics = writer.write(|connection| -> Result<(), StorageError> {
            mark(1)(connection)?;
            panic!("a test");
        });
        assert_eq!(panics.await, Err(StorageError::Stopped));
        assert_eq!(writer.write(count).await, Ok(0));
    }
}
