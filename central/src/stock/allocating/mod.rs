//! 配分 between the pure rules (`vsys::allocation`) and what keeps them: a cycle from its steps, the figures that it rests
//! on, and its files.
//!
//! Must not: share boxes out (`vsys` does), know a database or a page.

pub mod checking;
pub mod cycle;
pub mod figures;
pub mod files;
pub mod lines;
pub mod step;
