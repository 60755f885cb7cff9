//! 配分の1回, for a municipality: its orders, the form and the file that order, and its own result once it is published.
//!
//! Must not: take an order for another municipality, or show another's.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::MunicipalityCode;
use serde::Deserialize;
use vsys::allocation::Supply;

use super::{
    file_form,
    orders_page::{self, PAGE},
    phrases::{boxes, cycle_name, minute, own_stage, party, people, supply},
    refused::Refused,
    rows::{Row, rows, whole_bar},
    words::{AllocationWords, allocation_words},
};
use crate::{
    audit::Act,
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        stock::{
            inputs,
            nav::{Around, unavailable},
            words::StockWords,
        },
        words::Words,
    },
    state::Central,
    stock::allocating::{
        cycle::{CycleStage, KeptCycle},
        figures::{KeptOrder, OrderLine, counted},
        files,
        lines::lines,
    },
    storage::{NewOrders, OrdersPlaced, StorageError},
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
    word: String,
    #[serde(default)]
    facility: String,
    #[serde(default)]
    boxes: String,
    #[serde(default)]
    people: String,
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

/// Orders for the municipality or one of its facilities.
pub(crate) async fn order(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(cycle): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    let read = if officer.sent(&typed.word) { read(&typed) } else { Err(Refused::StaleForm) };
    let lines = match read {
        Ok(line) => vec![line],
        Err(refused) => return answer(&central, &officer, chosen, &cycle, Some(refused), typed).await,
    };
    came_to(&central, &officer, chosen, &cycle, lines, typed).await
}

/// Orders by a file.
pub(crate) async fn order_by_file(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(cycle): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let own = Some(officer.municipality);
    let read = file_form::gather(&officer.secret, form)
        .await
        .and_then(|(bytes, form)| files::orders(&bytes[..], form, own).map_err(Refused::File));
    let lines = match read.map(BTreeMap::into_values) {
        Ok(mut by_owner) => by_owner.next().unwrap_or_default(),
        Err(refused) => {
            return answer(&central, &officer, chosen, &cycle, Some(refused), Typed::default()).await;
        }
    };
    if lines.is_empty() {
        return answer(&central, &officer, chosen, &cycle, Some(Refused::NoFile), Typed::default()).await;
    }
    came_to(&central, &officer, chosen, &cycle, lines, Typed::default()).await
}

async fn came_to(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    cycle: &str,
    lines: Vec<OrderLine>,
    typed: Typed,
) -> Response {
    match placed(central, officer, cycle, lines).await {
        Ok(Ok(())) => {
            tracing::info!(municipality = %officer.municipality, cycle, "boxes were ordered");
            Redirect::to(&format!("{PAGE}/{cycle}")).into_response()
        }
        Ok(Err(refused)) => answer(central, officer, chosen, cycle, Some(refused), typed).await,
        Err(error) => unavailable(&error),
    }
}

fn read(typed: &Typed) -> Result<OrderLine, Refused> {
    let facility = match typed.facility.trim() {
        "" => None,
        code => Some(code.parse().map_err(|_| Refused::Code)?),
    };
    let boxes = inputs::count(&typed.boxes).map_err(|_| Refused::Boxes)?;
    if boxes > Supply::MOST_BOXES {
        return Err(Refused::Boxes);
    }
    let people = match typed.people.trim() {
        "" => None,
        people => Some(inputs::count(people).map_err(|_| Refused::People)?),
    };
    Ok(OrderLine { facility, boxes, people })
}

async fn placed(
    central: &Central,
    officer: &Officer,
    cycle: &str,
    lines: Vec<OrderLine>,
) -> Result<Result<(), Refused>, StorageError> {
    let Ok(cycle) = cycle.parse() else { return Ok(Err(Refused::Unknown)) };
    let (municipality, at) = (officer.municipality, central.clock.now());
    let act = Act::Ordered { cycle, lines: u32::try_from(lines.len()).unwrap_or(u32::MAX) };
    let noted = act.line(municipality, officer.name.as_str(), at);
    let by = officer.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
    let placed =
        central.storage.place_orders(NewOrders { cycle, municipality, lines, by, at, noted }).await?;
    Ok(match placed {
        OrdersPlaced::Placed => Ok(()),
        OrdersPlaced::Closed => Err(Refused::Closed),
        OrdersPlaced::NoFacility(_) => Err(Refused::NoFacility),
        OrdersPlaced::NoPeople => Err(Refused::NoPeople),
        OrdersPlaced::Unknown => Err(Refused::Unknown),
    })
}

async fn answer(
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
