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
pub mod reference;

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
    /// `GET`, signed: what holds for this tablet; `/v1/reference/<digest>`: one part of it, or a piece of that.
    pub const REFERENCE: &str = "/v1/reference";
}

/// Content types of the tablets' API.
pub mod content_type {
    /// An entry batch: lines of JSON, compressed with zstd.
    pub const BATCH: &str = "application/vnd.vrs.batch";
    /// A part of the reference data, or a piece of one.
    pub const PART: &str = "application/vnd.vrs.part";
    /// Everything else.
    pub const JSON: &str = "application/json";
}
