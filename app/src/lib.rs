//! The tablet program: camera, reader, keeper and screens around one pure `workflow`.
//!
//! Must not: hold what another room owns. What differs between kinds of tablets is behind `platform`.

pub mod attempts;
pub mod boxes;
pub mod camera;
pub mod command_line;
pub mod dates;
pub mod display;
mod files;
pub mod keeper;
pub mod manual;
pub mod messages;
mod pages;
pub mod platform;
pub mod profile;
pub mod provision;
pub mod published;
pub mod reader;
pub mod recover;
pub mod shell;
mod side;
pub mod sound;
pub mod timing;
pub mod training;
mod wedge;
pub mod workflow;
