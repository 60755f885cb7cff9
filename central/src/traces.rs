//! 追跡: spans of requests, and of what waits inside them, sent by OTLP over HTTP to whom the settings name. Built in by the
//! feature `opentelemetry`; without it every function here does nothing.
//!
//! Must not: carry anything but what is named here – a route's pattern, method, status, times, counts. No tablet, no
//! municipality, no address, no account; nothing is taken from the log's fields, and no context from a request's headers.

#[cfg(not(feature = "opentelemetry"))]
mod absent;
#[cfg(feature = "opentelemetry")]
mod sent;

#[cfg(not(feature = "opentelemetry"))]
pub use absent::Traces;
#[cfg(not(feature = "opentelemetry"))]
pub(crate) use absent::{keeping, request};
#[cfg(feature = "opentelemetry")]
pub use sent::Traces;
#[cfg(feature = "opentelemetry")]
pub(crate) use sent::{keeping, request};

/// Traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The authority's file.
    #[error(transparent)]
    Settings(#[from] crate::settings::SettingsError),
    /// The connection or the exporter cannot be set up; the library's own words.
    #[error(
        "トレースを送る準備ができません。central.toml の [opentelemetry] を確かめてください: {0} / Traces cannot be sent; look at [opentelemetry] in central.toml: {0}"
    )]
    SetUp(String),
}
