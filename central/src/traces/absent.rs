//! Without the feature: nothing is sent. Settings that ask for it are refused where they are read.
//!
//! Must not: do anything.

use std::{future::Future, path::Path};

use super::TracesError;
use crate::settings::Settings;

/// Nothing.
#[derive(Debug)]
pub struct Traces;

impl Traces {
    /// Nothing is begun.
    ///
    /// # Errors
    /// None.
    pub fn start(_: &Settings, _: &Path) -> Result<Self, TracesError> {
        Ok(Self)
    }

    /// Nothing waits to be sent.
    pub fn stop(self) {}
}

/// Answers a request.
pub(crate) async fn request<T>(
    _method: &str,
    _route: &str,
    answering: impl Future<Output = T>,
    _status: impl FnOnce(&T) -> u16,
) -> T {
    answering.await
}

/// Keeps a batch.
pub(crate) async fn keeping<T, E>(_entries: usize, kept: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    kept.await
}
