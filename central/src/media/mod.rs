//! 封緘ファイル: personal data leaves the central and comes to it in sealed files alone, asked for by one officer and allowed by
//! another, with a line in the municipality's ledger for every step.
//!
//! ```text
//! ask ─► allow ─► making (spool) ─► download ─► receipt
//! upload (spool) ─► judged ─► opened in memory ─► people::importing ─► waits ─► take effect ─► undo
//! ```
//!
//! Must not: write a person to the disk unsealed, to a log, or into the ledger; do anything that the ledger does not say.

pub mod cards;
pub mod checking;
pub mod counting;
pub mod effect;
pub mod event;
pub mod file;
pub mod jobs;
pub mod ledger;
pub mod making;
pub mod office;
pub mod pipe;
pub mod refusal;
pub mod room;
pub mod spool;
pub mod sweeping;
pub mod taking_in;

#[cfg(test)]
mod tests;
