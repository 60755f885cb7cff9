//! 運用コンソール: pages for those who keep the tablets running. Server-rendered, Japanese first.
//!
//! Must not: show, or even read, what an entry says. Numbers of tablets, counts and times only.

pub(crate) mod account_words;
pub(crate) mod accounts_page;
pub(crate) mod api_page;
pub(crate) mod asked;
pub(crate) mod assets;
pub(crate) mod chart;
pub(crate) mod charts_page;
pub(crate) mod code;
pub(crate) mod cookies;
pub(crate) mod events;
pub(crate) mod fleet_page;
mod fleet_rows;
mod fleet_words;
pub(crate) mod forms;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod language;
mod mark;
mod need_words;
pub(crate) mod page;
pub(crate) mod phrases;
pub(crate) mod provider;
mod provider_words;
mod qr;
pub(crate) mod session;
pub(crate) mod set_up;
pub(crate) mod sign_in;
mod tablet_charts;
mod tablet_facts;
pub(crate) mod tablet_page;
mod tablet_phrases;
pub mod throttle;
mod tiles;
pub(crate) mod words;
