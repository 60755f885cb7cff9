//! 接種対象者: the people of one municipality, read from its files and kept so that the database alone shows nobody.
//!
//! Must not: write a person to a log, an error, `{:?}` or a tablet; look at two municipalities at once.

pub mod finding;
pub mod importing;
pub mod naming;
pub mod open_data;
pub mod outgoing;
pub mod outgoing_profile;
pub mod person;
pub mod personal_number;
pub mod profile;
pub mod reading;
pub mod sealing;
pub mod walk;
