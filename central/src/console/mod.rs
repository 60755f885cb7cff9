//! 運用コンソール: pages for those who keep the tablets running. Server-rendered, Japanese first.
//!
//! Must not: show, or even read, what an entry says. Numbers of tablets, counts and times only.

pub(crate) mod assets;
pub(crate) mod cookies;
pub(crate) mod events;
pub(crate) mod fleet_page;
mod fleet_rows;
pub(crate) mod forms;
pub(crate) mod headers;
pub(crate) mod language;
pub(crate) mod page;
pub(crate) mod phrases;
pub(crate) mod session;
pub(crate) mod sign_in;
pub mod throttle;
pub(crate) mod words;
