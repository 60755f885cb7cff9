//! What crosses the network between a tablet and the central, and nothing else does. Each type has a
//! snapshot in the tests: a changed snapshot asks whether old tablets still understand.
//!
//! Must not: compress, sign or send; see `seal` and `sync`. Described in `docs/protocol.md`.

pub mod batch;
pub mod clock;
pub mod enrolment;
pub mod heartbeat;
pub mod problem;
pub mod receipt;

/// Paths of the tablets' API.
pub mod path {
    /// `POST`: an entry batch, answered by a receipt.
    pub const BATCHES: &str = "/v1/batches";
    /// `POST`: a tablet makes its key known, once, with its token.
    pub const ENROLMENT: &str = "/v1/enrolment";
    /// `POST`: how a tablet stands.
    pub const HEARTBEATS: &str = "/v1/heartbeats";
    /// `GET`: the central's time, signed.
    pub const CLOCK: &str = "/v1/clock";
}

/// Content types of the tablets' API.
pub mod content_type {
    /// An entry batch: lines of JSON, compressed with zstd.
    pub const BATCH: &str = "application/vnd.vrs.batch";
    /// Everything else.
    pub const JSON: &str = "application/json";
}
