//! What whole-system tests share.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]
#![expect(clippy::disallowed_methods, reason = "whoever waits for a program has a clock")]

pub mod album;
pub mod authenticator;
pub mod browser;
pub mod central_process;
pub mod console_visit;
pub mod demo;
pub mod entries;
pub mod envelope_computer;
pub mod layout;
pub mod manual;
pub mod network;
pub mod people_files;
pub mod protocol_tablet;
pub mod provider_process;
pub mod screen;
pub mod site;
