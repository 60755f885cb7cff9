//! 配分の1回, for a municipality: its orders, the forms that order, and its own result once it is published.
//!
//! Must not: take an order (`ordering` does), or show another's.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use record::MunicipalityCode;
use serde::Deserialize;

use super::{
    orders_page::{self, PAGE},
    phrases::{boxes, cycle_name, minute, own_stage, party, people, supply},
    refused::Refused,
    rows::{Row, rows, whole_bar},
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
    stock::allocating::{
        cycle::KeptCycle,
        figures::{KeptOrder, counted},
        lines::lines,
        step::CycleStage,
    },
    storage::StorageError,
};

#[derive(Template)]
#[template(path = "allocation_order.html")]
struct CyclePage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    words: &'static AllocationWords,
    bar: Bar,
    name: String,
    address: String,
    mark: &'static str,
    stage: &'static str,
    facts: Vec<(&'static str, String)>,
    is_ordering: bool,
    is_published: bool,
    called_off: Option<String>,
    revised: Option<String>,
    whole_bar: String,
    orders: Vec<OrderRow>,
    history: Vec<HistoryRow>,
    rows: Vec<Row>,
    facilities: Vec<(String, String)>,
    messages: Vec<String>,
    typed: Typed,
}

struct OrderRow {
    party: String,
    boxes: String,
    people: String,
}

struct HistoryRow {
    at: String,
    by: String,
    party: String,
    boxes: String,
}

/// What the form sends.
#[derive(Deserialize, Default)]
pub(crate) struct Typed {
    #[serde(default)]
    pub(super) word: String,
    #[serde(default)]
    pub(super) facility: String,
    #[serde(default)]
    pub(super) boxes: String,
    #[serde(default)]
    pub(super) people: String,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(cycle): Path<String>,
) -> Response {
    answer(&central, &officer, chosen, &cycle, None, Typed::default()).await
}

pub(super) async fn answer(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    cycle: &str,
    refused: Option<Refused>,
    typed: Typed,
) -> Response {
    let own_code = Some(officer.municipality);
    let read = async {
        let Ok(number) = cycle.parse() else { return Ok::<_, StorageError>(None) };
        let Some(kept) = central.storage.cycle(number).await? else { return Ok(None) };
        let orders = central.storage.orders(number, own_code).await?;
        let shares = match (kept.published(), kept.computation()) {
            (Some(_), Some(computation)) => central.storage.shares(number, computation, own_code).await?,
            _ => Vec::new(),
        };
        let populations = central.storage.populations(own_code).await?;
        let facilities = central.storage.facilities(officer.municipality).await?;
        Ok(Some((kept, orders, shares, populations, facilities)))
    };
    let (kept, orders, shares, populations, facilities) = match read.await {
        Ok(Some(read)) => read,
        Ok(None) => return orders_page::list(central, officer, chosen, None, Some(Refused::Unknown)).await,
        Err(error) => return unavailable(&error),
    };
    let language = chosen.language;
    let come_to = kept.stage(central.clock.now());
    let (mark, stage) = own_stage(language, come_to);
    let words = allocation_words(language);
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let template = CyclePage {
        frame,
        own,
        stock,
        words,
        bar,
        name: cycle_name(language, kept.number),
        address: format!("{PAGE}/{}", kept.number),
        mark,
        stage,
        facts: facts(language, words, &kept, populations.get(&officer.municipality).copied()),
        is_ordering: come_to == CycleStage::Ordering,
        is_published: come_to == CycleStage::Published,
        revised: kept.revised().map(|(.., reason)| reason.to_string()),
        whole_bar: whole_bar(&lines(&kept, &shares)),
        called_off: kept.called_off().map(ToString::to_string),
        orders: counted(&orders)
            .values()
            .map(|order| order_row(language, words, order, &populations))
            .collect(),
        history: orders.iter().rev().map(|order| history_row(language, order)).collect(),
        rows: rows(language, &lines(&kept, &shares)),
        facilities: facilities
            .iter()
            .map(|kept| {
                (kept.facility.code.to_string(), format!("{} {}", kept.facility.name, kept.facility.code))
            })
            .collect(),
        messages: refused.as_ref().map(|refused| refused.sentences(language)).unwrap_or_default(),
        typed,
    };
    page(refused.as_ref().map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}

fn facts(
    language: Language,
    words: &'static AllocationWords,
    kept: &KeptCycle,
    population: Option<u64>,
) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (words.product, kept.opened.product.to_string()),
        (words.supply, supply(language, kept.supply())),
        (words.until, minute(kept.orders_until())),
    ];
    facts.extend(population.map(|told| (words.known_people, people(language, told))));
    facts
}

fn order_row(
    language: Language,
    words: &'static AllocationWords,
    order: &KeptOrder,
    populations: &BTreeMap<MunicipalityCode, u64>,
) -> OrderRow {
    let is_by_file = order.line.facility.is_none() && populations.contains_key(&order.municipality);
    let told = order.line.people.map(|told| people(language, told)).unwrap_or_default();
    OrderRow {
        party: party(order.party()),
        boxes: boxes(language, order.line.boxes),
        people: if is_by_file { words.by_file.to_owned() } else { told },
    }
}

fn history_row(language: Language, order: &KeptOrder) -> HistoryRow {
    HistoryRow {
        at: minute(order.at),
        by: order.by.to_string(),
        party: party(order.party()),
        boxes: boxes(language, order.line.boxes),
    }
}
