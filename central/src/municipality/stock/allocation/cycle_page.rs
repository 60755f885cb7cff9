//! 配分の1回, for the national administrators: what was ordered, what was computed and why, the picture of stock rates, and what
//! can be done next.
//!
//! Must not: do anything; `cycle_acting` does.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use vsys::allocation::Party;

use super::{
    cycle_acting::Entered,
    cycle_facts::{May, facts, history, may, parties, publishes, shown},
    cycles_page::{self, PAGE},
    phrases::{boxes, cycle_name, minute, party, party_code, people, stage},
    refused::Refused,
    rows::{Row, rows, whole_bar},
    words::{AllocationWords, allocation_words},
};
use crate::{
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
        session::SignedIn,
    },
    municipality::stock::nav::unavailable,
    state::Central,
    stock::{
        allocating::{
            figures::{KeptOrder, counted},
            lines::{AllocationLine, lines},
        },
        moments,
    },
    storage::{AccountName, StorageError},
};

/// Lines of a page: there are 1,741 municipalities.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "allocation_cycle.html")]
struct CyclePage {
    frame: Frame,
    words: &'static AllocationWords,
    account: AccountName,
    word: String,
    name: String,
    address: String,
    mark: &'static str,
    stage: &'static str,
    seen: usize,
    facts: Vec<(&'static str, String)>,
    /// Before it is computed.
    orders: Vec<OrderRow>,
    rows: Vec<Row>,
    has_result: bool,
    /// Whether there is anything to be computed from, and it may be.
    may: May,
    search: String,
    shown: String,
    previous: Option<usize>,
    next: Option<usize>,
    parties: Vec<(String, String)>,
    publishes: String,
    history: Vec<(String, String, String)>,
    messages: Vec<String>,
    typed: Entered,
    /// What stands in the form that changes supply and deadline.
    there: u64,
    until: String,
    whole_bar: String,
}

/// An order before anything was computed.
struct OrderRow {
    party: String,
    boxes: String,
    people: String,
    at: String,
}

/// Which lines.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    search: String,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Path(cycle): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    answer(&central, &signed_in, chosen, &cycle, asked, None, Entered::default()).await
}

/// The page, with what was refused and typed.
pub(super) async fn answer(
    central: &Central,
    signed_in: &SignedIn,
    chosen: Chosen,
    cycle: &str,
    asked: Asked,
    refused: Option<Refused>,
    typed: Entered,
) -> Response {
    let read = async {
        let Ok(number) = cycle.parse() else { return Ok::<_, StorageError>(None) };
        let Some(kept) = central.storage.cycle(number).await? else { return Ok(None) };
        let shares = match kept.computation() {
            Some(computation) => central.storage.shares(number, computation, None).await?,
            None => Vec::new(),
        };
        let orders = central.storage.orders(number, None).await?;
        let populations = central.storage.populations(None).await?;
        Ok(Some((kept, shares, orders, populations)))
    };
    let (kept, shares, orders, populations) = match read.await {
        Ok(Some(read)) => read,
        Ok(None) => {
            let typed = cycles_page::Typed::default();
            return cycles_page::list(central, signed_in, chosen, None, Some(Refused::Unknown), typed).await;
        }
        Err(error) => return unavailable(&error),
    };
    let (language, now) = (chosen.language, central.clock.now());
    let (words, come_to) = (allocation_words(language), kept.stage(now));
    let all = lines(&kept, &shares);
    let counted = counted(&orders);
    let (mark, stage) = stage(language, come_to);
    let given: u64 = all.iter().map(AllocationLine::boxes).sum();
    let has_result = kept.computation().is_some();
    let search = asked.search.trim().to_owned();
    let is_found = |of: &Party| party(*of).contains(&search) || party_code(*of).contains(&search);
    let found: Vec<AllocationLine<'_>> =
        all.iter().filter(|line| is_found(&line.share.order.party)).cloned().collect();
    let found_orders: Vec<&KeptOrder> =
        counted.values().copied().filter(|order| is_found(&order.party())).collect();
    let length = if has_result { found.len() } else { found_orders.len() };
    let first = asked.page.parse().unwrap_or(1_usize).saturating_sub(1).saturating_mul(ROWS).min(length);
    let first = first - first % ROWS;
    let to = (first + ROWS).min(length);
    let on_page = if has_result { &found[first..to] } else { &[] };
    let on_page_orders = if has_result { &[] } else { &found_orders[first..to] };
    let order_row = |order: &&KeptOrder| OrderRow {
        party: party(order.party()),
        boxes: boxes(language, order.line.boxes),
        people: match order.line.people {
            _ if order.line.facility.is_none() && populations.contains_key(&order.municipality) => {
                let told = people(language, populations.get(&order.municipality).copied().unwrap_or(0));
                format!("{told} ({})", words.by_file)
            }
            Some(told) => people(language, told),
            None => String::new(),
        },
        at: minute(order.at),
    };
    let template = CyclePage {
        frame: Frame::new(language).seen_by(signed_in.role),
        words,
        account: signed_in.name.clone(),
        word: forms::word(&signed_in.secret),
        name: cycle_name(language, kept.number),
        address: format!("{PAGE}/{}", kept.number),
        mark,
        stage,
        seen: kept.steps.len(),
        facts: facts(language, words, &kept, counted.values().map(|order| order.line.boxes).sum(), given),
        orders: on_page_orders.iter().map(order_row).collect(),
        rows: rows(language, on_page),
        has_result,
        may: may(&kept, come_to, !counted.is_empty()),
        shown: shown(language, first, to, length),
        previous: (first > 0).then_some(first / ROWS),
        next: (to < length).then_some(first / ROWS + 2),
        search,
        parties: parties(&kept, come_to, &all),
        there: kept.supply().boxes,
        until: moments::written(kept.orders_until()),
        whole_bar: whole_bar(on_page),
        publishes: publishes(language, &all, given, kept.supply().boxes),
        history: history(language, &kept),
        messages: refused.as_ref().map(|refused| refused.sentences(language)).unwrap_or_default(),
        typed,
    };
    page(refused.as_ref().map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}
