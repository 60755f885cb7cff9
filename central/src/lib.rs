//! The central VRS: takes in what tablets send, keeps it once, says so by a signed receipt, and shows those who keep
//! the tablets running where each one stands.
//!
//! Must not: know anything of a tablet's database; show a person to anybody but through the register; answer
//! before it has committed.

#[cfg(test)]
extern crate self as central; // what the tests share names the crate from outside

pub mod accounts;
pub mod archive;
pub mod audit;
mod authority;
pub mod box_contents;
pub mod boxes;
pub mod bundles;
pub mod case;
pub mod check;
pub mod clock;
pub mod console;
pub mod csv;
pub mod directory;
pub mod fleet;
pub mod fleet_hours;
mod fleet_view;
pub mod handing_out;
mod health;
pub mod intake;
pub mod limits;
pub mod lookups;
pub mod media;
mod metrics;
mod municipality;
pub mod openapi;
pub mod people;
mod plain_letters;
pub mod proof;
pub mod provider;
pub mod recovery;
pub mod reference;
mod request_log;
pub mod roles;
pub mod routes;
mod second_factor;
mod secret_files;
pub mod server;
pub mod settings;
pub mod state;
pub mod stock;
pub mod storage;
pub mod support;
mod tablets;
pub mod traces;
