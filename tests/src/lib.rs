//! What whole-system tests share.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

pub mod browser;
pub mod central_process;
pub mod demo;
pub mod entries;
pub mod network;
pub mod protocol_tablet;
pub mod screen;
pub mod site;
