//! ロットの残り: where one lot remains among the municipality's facilities.
//!
//! Must not: say of another municipality that it has or had the lot.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::day::{LotNumber, Product};
use serde::Deserialize;

use super::{
    event_words::amount,
    nav::{Around, unavailable},
    rows::{StockRow, Sums, rows},
    words::StockWords,
};
use crate::{
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
};

#[derive(Template)]
#[template(path = "stock_lot.html")]
struct LotPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    bar: Bar,
    product: String,
    lot: String,
    was_asked: bool,
    rows: Vec<StockRow>,
    total: String,
}

/// Which lot.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    product: String,
    #[serde(default)]
    lot: String,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let language = chosen.language;
    let wanted = asked.product.parse::<Product>().ok().zip(asked.lot.parse::<LotNumber>().ok());
    let accounts = match wanted {
        Some((product, lot)) => {
            match central.storage.lot_balances(officer.municipality, product, lot).await {
                Ok(accounts) => accounts,
                Err(error) => return unavailable(&error),
            }
        }
        None => Vec::new(),
    };
    let Around { frame, own, stock, bar } = Around::new(&officer, language);
    let template = LotPage {
        frame,
        own,
        stock,
        bar,
        was_asked: !asked.product.is_empty() || !asked.lot.is_empty(),
        product: asked.product,
        lot: asked.lot,
        rows: rows(language, &accounts),
        total: amount(language, Sums::of(accounts.iter()).on_hand),
    };
    page(StatusCode::OK, chosen, &template, [])
}
