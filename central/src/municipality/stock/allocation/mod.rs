//! 配分の画面: for the national administrator who opens, computes, adjusts and publishes a cycle, and for municipalities that
//! order and are shown what they get. They show no person.
//!
//! Must not: show a municipality another's orders or lines, or share a box out (`vsys` does).

mod cycle_acting;
mod cycle_facts;
pub(crate) mod cycle_page;
pub(crate) mod cycles_page;
mod explained;
mod file_form;
pub(crate) mod opening;
pub(crate) mod ordering;
pub(crate) mod orders_page;
pub(crate) mod own_page;
mod phrases;
mod rates;
mod refused;
pub(crate) mod result_file;
mod rows;
mod words;

pub(crate) use cycle_acting::act;

/// The most bytes of a file of populations or orders with the form around it.
pub(crate) const MOST_FILE_BYTES: usize = 1024 * 1024;
