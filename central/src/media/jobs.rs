//! What this process is making or reading now: how far it has come, and a way to stop it.
//!
//! Must not: be the record of anything; the ledger is. What another process does is not seen here.

use std::{
    collections::HashMap,
    ops::{ControlFlow, Deref},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use record::{MunicipalityCode, envelope::EnvelopeId};

/// What is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// One sealed file.
    File(EnvelopeId),
    /// オープンデータ.
    OpenData,
}

type Key = (MunicipalityCode, Of);

/// All of them.
#[derive(Debug, Default)]
pub struct Jobs(Arc<Mutex<HashMap<Key, Arc<Job>>>>);

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A file is made.
    Making,
    /// A file is read.
    Reading,
    /// An import takes effect: all of it or nothing.
    TakingEffect,
    /// An import is undone: all of it or nothing.
    Undoing,
    /// Doses are counted.
    Counting,
}

/// One.
#[derive(Debug)]
pub struct Job {
    work: Work,
    done: AtomicU64,
    of: AtomicU64,
    is_stopped: AtomicBool,
}

/// One that goes on; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    job: Arc<Job>,
    jobs: Arc<Mutex<HashMap<Key, Arc<Job>>>>,
    key: Key,
}

impl Jobs {
    /// Begins one, unless it goes on already.
    #[must_use]
    pub fn begin(&self, municipality: MunicipalityCode, of: Of, work: Work) -> Option<Running> {
        let key = (municipality, of);
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.contains_key(&key) {
            return None;
        }
        let job = Arc::new(Job {
            work,
            done: AtomicU64::new(0),
            of: AtomicU64::new(0),
            is_stopped: AtomicBool::new(false),
        });
        jobs.insert(key, Arc::clone(&job));
        Some(Running { job, jobs: Arc::clone(&self.0), key })
    }

    /// The one that goes on.
    #[must_use]
    pub fn find(&self, municipality: MunicipalityCode, of: Of) -> Option<Arc<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(municipality, of)).cloned()
    }
}

impl Job {
    /// What is done.
    #[must_use]
    pub fn work(&self) -> Work {
        self.work
    }
    /// Says how many rows there are, as far as that is known.
    pub fn expect(&self, rows: u64) {
        self.of.store(rows, Ordering::Relaxed);
    }
    /// Says how many rows are done; whether to go on.
    pub fn tell(&self, rows: u64) -> ControlFlow<()> {
        self.done.store(rows, Ordering::Relaxed);
        if self.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
    /// Rows done, and rows expected; nought where that is not known.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }
    /// Asks it to stop; it does so within some thousand rows, unless it has come to its end.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
    /// Whether it was asked to.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

impl Running {
    /// The job, for a thread of its own.
    #[must_use]
    pub fn job(&self) -> Arc<Job> {
        Arc::clone(&self.job)
    }
}
impl Deref for Running {
    type Target = Job;
    fn deref(&self) -> &Job {
        &self.job
    }
}
impl Drop for Running {
    fn drop(&mut self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
