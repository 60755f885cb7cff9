//! 配分, for a municipality: the cycles, what it ordered and what it gets, and what is expected to be delivered.
//!
//! Must not: show another municipality's orders or lines, or what was computed and not published.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    phrases::{boxes, cycle_name, doses, minute, own_stage, party, supply},
    refused::Refused,
    words::{AllocationWords, allocation_words},
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        stock::{
            nav::{Around, unavailable},
            words::StockWords,
        },
        words::Words,
    },
    state::Central,
    stock::allocating::{cycle::KeptCycle, figures::counted, lines::lines},
    storage::StorageError,
};

/// Where the list lies.
pub(super) const PAGE: &str = "/municipality/stock/allocation";
/// Cycles of a page.
const ROWS: u32 = 20;

#[derive(Template)]
#[template(path = "allocation_own.html")]
struct ListPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    words: &'static AllocationWords,
    bar: Bar,
    rows: Vec<Row>,
    expected: Vec<Expected>,
    older: Option<u32>,
    is_older: bool,
    messages: Vec<String>,
}

struct Row {
    name: String,
    address: String,
    product: String,
    supply: String,
    until: String,
    stage: &'static str,
    mark: &'static str,
    ordered: String,
    gets: String,
}

/// Boxes that are on their way from the state.
struct Expected {
    party: String,
    cycle: String,
    product: String,
    boxes: String,
    doses: String,
    at: String,
}

/// Which cycles.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
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
    list(&central, &officer, chosen, asked.before.parse().ok(), None).await
}

/// The list, with a message.
pub(super) async fn list(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    before: Option<u32>,
    refused: Option<Refused>,
) -> Response {
    let language = chosen.language;
    let read = async {
        let mut found = central.storage.cycles(before, ROWS + 1).await?;
        let has_more = found.len() > ROWS as usize;
        found.truncate(ROWS as usize);
        let (mut rows, mut expected) = (Vec::new(), Vec::new());
        for kept in &found {
            let (row, arriving) = row(central, officer, language, kept).await?;
            rows.push(row);
            expected.extend(arriving);
        }
        let older = found.last().filter(|_| has_more).map(|kept| kept.number);
        Ok::<_, StorageError>((rows, expected, older))
    };
    let (rows, expected, older) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let template = ListPage {
        frame,
        own,
        stock,
        words: allocation_words(language),
        bar,
        rows,
        expected,
        older,
        is_older: before.is_some(),
        messages: refused.as_ref().map(|refused| refused.sentences(language)).unwrap_or_default(),
    };
    page(refused.as_ref().map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}

async fn row(
    central: &Central,
    officer: &Officer,
    language: Language,
    kept: &KeptCycle,
) -> Result<(Row, Vec<Expected>), StorageError> {
    let own = Some(officer.municipality);
    let history = central.storage.orders(kept.number, own).await?;
    let ordered: u64 = counted(&history).values().map(|order| order.line.boxes).sum();
    let shares = match (kept.published(), kept.computation()) {
        (Some(_), Some(computation)) => central.storage.shares(kept.number, computation, own).await?,
        _ => Vec::new(),
    };
    let lines = lines(kept, &shares);
    let name = cycle_name(language, kept.number);
    let at = kept.published().map(|published| minute(published.at));
    let expected = lines.iter().filter(|line| line.boxes() > 0).map(|line| Expected {
        party: party(line.share.order.party),
        cycle: name.clone(),
        product: kept.opened.product.to_string(),
        boxes: boxes(language, line.boxes()),
        doses: doses(language, line.doses()),
        at: at.clone().unwrap_or_default(),
    });
    let (mark, stage) = own_stage(language, kept.stage(central.clock.now()));
    let gets: u64 = lines.iter().map(crate::stock::allocating::lines::AllocationLine::boxes).sum();
    let row = Row {
        address: format!("{PAGE}/{}", kept.number),
        product: kept.opened.product.to_string(),
        supply: supply(language, kept.supply()),
        until: minute(kept.orders_until()),
        stage,
        mark,
        ordered: if ordered > 0 { boxes(language, ordered) } else { "–".to_owned() },
        gets: if kept.published().is_some() { boxes(language, gets) } else { "–".to_owned() },
        name: name.clone(),
    };
    Ok((row, expected.collect()))
}
