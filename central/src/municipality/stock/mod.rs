//! 在庫と移送の画面: the municipality's facilities, what stands in their books and what was written there, a lot, and transfers.
//! They show no person but in `recall`, where the doses of a lot stand by coupon.
//!
//! Must not: show another municipality's facility but as the partner of a transfer, by code and name; say what a line moves.

pub(crate) mod acting;
pub(crate) mod allocation;
pub(crate) mod charts;
mod charts_words;
pub(crate) mod closing;
mod closing_words;
mod event_words;
mod facility_page;
mod facility_rows;
mod inputs;
pub(crate) mod list_page;
pub(crate) mod lot_page;
mod nav;
pub(crate) mod planning;
pub(crate) mod prefecture_page;
pub(crate) mod proposals;
pub(crate) mod recall;
mod recall_words;
mod refused;
mod rows;
pub(crate) mod span;
mod told_rows;
pub(crate) mod transfer_acting;
pub(crate) mod transfer_page;
mod transfer_rows;
mod transfer_words;
pub(crate) mod transfers_page;
pub(crate) mod wastage;
mod wastage_words;
mod words;

pub(super) use event_words::{act_word, kind_word, slip_number, step_word};
pub(crate) use facility_page::show;
