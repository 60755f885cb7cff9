//! What every page of stock shows: the frame, the officer, the way between pages.
//!
//! Must not: hold a page's own content.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use record::day::Product;

use super::words::{StockWords, stock_words};
use crate::{
    console::{language::Language, page::Frame},
    municipality::{
        officer::{Bar, Officer},
        words::{Words, words},
    },
    storage::StorageError,
};

/// Where the list lies.
pub(super) const PAGE: &str = "/municipality/stock";

/// The parts that templates share.
pub(super) struct Around {
    pub(super) frame: Frame,
    pub(super) own: &'static Words,
    pub(super) stock: &'static StockWords,
    pub(super) bar: Bar,
}

impl Around {
    pub(super) fn new(officer: &Officer, language: Language) -> Self {
        Self {
            frame: Frame::new(language),
            own: words(language),
            stock: stock_words(language),
            bar: officer.bar(language),
        }
    }
}

/// Where a facility's page lies.
pub(super) fn facility_address(code: record::day::FacilityCode) -> String {
    format!("{PAGE}/facilities/{code}")
}

/// Where a lot's page lies: a product's name may hold anything, so it is encoded whole.
pub(super) fn lot_address(product: &Product, lot: &record::day::LotNumber) -> String {
    format!("{PAGE}/lot?product={}&lot={lot}", encoded(&product.to_string()))
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

pub(super) fn unavailable(error: &StorageError) -> Response {
    tracing::error!(%error, "stock cannot be read or changed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
