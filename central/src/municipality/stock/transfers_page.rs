//! 移送の一覧: transfers under way and those that ended.
//!
//! Must not: list a transfer in which the municipality neither gives nor receives.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::WallTime;
use serde::Deserialize;

use super::{
    nav::{Around, unavailable},
    transfer_rows::{TransferRow, names, row},
    transfer_words::{TransferWords, transfer_words},
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
    storage::{StorageError, Which},
};

/// Transfers of a page.
const ROWS: u32 = 50;
/// Where the list lies.
pub(super) const PAGE: &str = "/municipality/stock/transfers";

#[derive(Template)]
#[template(path = "transfers.html")]
struct ListPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    words: &'static TransferWords,
    bar: Bar,
    rows: Vec<TransferRow>,
    is_open: bool,
    older: Option<i64>,
}

/// Which transfers.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    which: String,
    #[serde(default)]
    before: String,
}

/// The list.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let which = if asked.which == "ended" { Which::Ended } else { Which::Open };
    let before = asked.before.parse().ok().map(WallTime::from_unix_ms);
    let read = async {
        let mut found = central.storage.transfers(officer.municipality, which, before, ROWS + 1).await?;
        let has_more = found.len() > ROWS as usize;
        found.truncate(ROWS as usize);
        let names = names(&*central.storage, &found).await?;
        Ok::<_, StorageError>((found, has_more, names))
    };
    let (found, has_more, names) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let (language, now) = (chosen.language, central.clock.now());
    let Around { frame, own, stock, bar } = Around::new(&officer, language);
    let template = ListPage {
        frame,
        own,
        stock,
        words: transfer_words(language),
        bar,
        rows: found.iter().map(|kept| row(language, kept, &names, now)).collect(),
        is_open: which == Which::Open,
        older: found.last().filter(|_| has_more).map(|kept| kept.planned_at.unix_ms()),
    };
    page(StatusCode::OK, chosen, &template, [])
}
