//! The tablet's half of the protocol. [`courier::Courier`] says what to send next and what an answer means; it
//! takes time, randomness and answers as arguments and touches nothing, so that a simulator can drive it.
//! [`https`] carries requests, [`thread`] runs the two beside the screens.
//!
//! Must not: mark anything as delivered without a verified receipt, or let one bad entry hold up the others.

pub mod backoff;
pub mod clock;
pub mod courier;
pub mod exchange;
pub mod https;
mod parcel;
pub mod status;
pub mod thread;
