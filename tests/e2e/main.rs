//! Whole-system tests: one binary.

mod console;
mod killed;
