//! The tablets' API: a few requests, all of `record::wire`.
//!
//! Must not: decide about an entry (`intake`), or answer anything personal.

pub(crate) mod batches;
pub(crate) mod clock;
mod described;
pub(crate) mod enrolment;
pub(crate) mod heartbeats;
pub(crate) mod reference;
pub(crate) mod refusal;
mod signed;
