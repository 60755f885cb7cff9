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
use vsys::{Balance, ledger::Account};

use super::{
    event_words::amount,
    nav::{Around, unavailable},
    recall::{Ways, published_lots, ways},
    recall_words::{RecallWords, recall_words},
    rows::{StockRow, Sums, rows},
    transfer_words::{TransferWords, transfer_words},
    words::StockWords,
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
        phrases,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::StorageError,
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
    recall: &'static RecallWords,
    transfer: &'static TransferWords,
    recalled_since: Option<String>,
    ways: Option<Ways>,
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
    let looked = match wanted {
        Some(wanted) => match look(&central, &officer, wanted, language).await {
            Ok(looked) => looked,
            Err(error) => return unavailable(&error),
        },
        None => Looked { accounts: Vec::new(), recalled_since: None, ways: None },
    };
    let Looked { accounts, recalled_since, ways } = looked;
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
        recall: recall_words(language),
        transfer: transfer_words(language),
        recalled_since,
        ways,
    };
    page(StatusCode::OK, chosen, &template, [])
}

struct Looked {
    accounts: Vec<(Account, Balance)>,
    recalled_since: Option<String>,
    ways: Option<Ways>,
}

async fn look(
    central: &Central,
    officer: &Officer,
    (product, lot): (Product, LotNumber),
    language: Language,
) -> Result<Looked, StorageError> {
    let (storage, municipality, now) = (&*central.storage, officer.municipality, central.clock.now());
    let accounts = storage.lot_balances(municipality, product.clone(), lot.clone()).await?;
    let recalled = published_lots(storage, municipality).await?.recalled(&lot, now);
    let ways = ways(storage, municipality, (product, lot), language, now).await?;
    Ok(Looked {
        accounts,
        recalled_since: recalled.map(|recalled| phrases::at(recalled.since, now)),
        ways: Some(ways),
    })
}
