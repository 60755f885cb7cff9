//! 在庫 between the pure rules (room `vsys`) and what keeps them: accounts as columns, lines with what they move, the doses of
//! the register as lines, and whether the books add up.
//!
//! Must not: say what a line moves or which step a transfer may take; `vsys` does. Know a database.

pub(crate) mod accounts;
pub mod allocating;
pub mod catching_up;
pub mod checking;
pub(crate) mod degrees;
pub mod files;
pub mod folded;
pub(crate) mod given;
pub(crate) mod moments;
pub(crate) mod opened;
pub mod proposing;
pub mod taking_in;
pub mod telling;
pub(crate) mod working;
