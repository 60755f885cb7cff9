//! One request and its answer, as values.
//!
//! Must not: know who carries them.

use seal::tls::Dates;

/// A request to the central.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How certificates' dates are judged on the way.
    pub dates: Dates,
    /// `GET` or `POST`.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty for `GET`.
    pub body: Vec<u8>,
}

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks.
    Get,
    /// Brings.
    Post,
}

impl Method {
    /// As in HTTP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds, where the central asks for a pause.
    pub retry_after_s: Option<u64>,
    /// Body, at most [`MOST_BODY`] bytes.
    pub body: Vec<u8>,
}

/// The most bytes of an answer that are read.
pub const MOST_BODY: usize = 1 << 20;

/// Nothing came back, or nothing that can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// No way to the central: no network, no name, refused.
    #[error("central cannot be reached")]
    Unreachable,
    /// It began and did not end in time, or broke off.
    #[error("connection broke off or took too long")]
    Broken,
    /// Whoever answered is not the central of the bundle.
    #[error("answer is not from the central of the bundle")]
    Untrusted,
    /// More than [`MOST_BODY`].
    #[error("answer is too large")]
    TooLarge,
    /// The bundle's address or authority cannot be used.
    #[error("address or authority of the bundle cannot be used")]
    Address,
}
