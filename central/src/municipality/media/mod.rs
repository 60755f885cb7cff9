//! 封緘ファイルの画面: asking, allowing, fetching, bringing, and the ledger, for the officers of one municipality.
//!
//! Must not: show or send a person; what leaves here is sealed, a key card, a receipt, or counts of nobody.

pub(crate) mod acting;
pub(crate) mod ask_page;
pub(crate) mod bring_page;
pub(crate) mod cards_page;
mod facts;
pub(crate) mod file_page;
pub(crate) mod files_page;
pub(crate) mod ledger_page;
pub(crate) mod open_data;
mod phrases;
pub(crate) mod progress;
pub(crate) mod receipts;
mod refused;
mod sent;
pub(crate) mod sheet;
mod stopping;
mod summary;
mod upload;
mod words;

pub(crate) use upload::{MOST_SEALED_FILE_BYTES, MOST_SMALL_FILE_BYTES};
