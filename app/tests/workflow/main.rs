//! The tablet's whole behaviour as a pure function: no window, no camera, no disk, no network.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod any_order;
mod behaviour;
mod cameras;
mod checks;
mod closing;
mod day;
mod hands;
mod help;
mod helped;
mod keypad;
mod locking;
mod permit;
mod published;
mod records;
mod selftest;
mod signals;
mod stock;
mod take_back;
mod training;
