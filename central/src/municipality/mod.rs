//! 市区町村の画面: pages of those who answer for a municipality's records. They show what entries say, to the municipality
//! that issued the coupon and to nobody else.
//!
//! Must not: be asked for by another role (`routes` says so), or put anything of a person into an address, a log or an
//! event.

#[macro_use]
mod both;

pub(crate) mod audit_page;
mod audit_words;
mod box_form;
mod box_list;
pub(crate) mod box_making;
mod box_words;
pub(crate) mod boxes;
mod comparison;
mod doses;
pub(crate) mod entries_page;
mod entry_table;
pub(crate) mod look_up;
mod look_up_form;
mod look_up_words;
pub(crate) mod look_ups_page;
mod mark_text;
pub(crate) mod media;
mod officer;
pub(crate) mod people;
mod people_words;
pub(crate) mod person;
mod phrases;
pub(crate) mod review;
pub(crate) mod reviews;
pub(crate) mod stock;
pub(crate) mod tablet;
mod tablet_words;
pub(crate) mod tablets;
mod words;
