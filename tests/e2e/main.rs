//! Whole-system tests: one binary.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod access;
mod allocation;
mod bad_input;
mod by_hand;
mod console;
mod fleet;
mod gallery;
mod handouts;
mod help;
mod impostor;
mod keyboard;
mod killed;
mod look_ups;
mod media;
mod offline;
mod pictures;
mod place;
mod proposals;
mod provider;
mod recall;
mod seen;
mod spares;
mod spares_console;
mod stock;
mod stock_console;
mod training;
mod wrong_clock;
