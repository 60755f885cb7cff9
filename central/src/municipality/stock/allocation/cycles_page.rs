//! 配分の回の一覧, for the national administrators: the cycles, the form that opens one, and the file of populations.
//!
//! Must not: show what a municipality ordered.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::WallTime;
use serde::Deserialize;
use vsys::{Packaging, ProductRule, Unit, allocation::Supply};

use super::{
    phrases::{cycle_name, minute, stage, supply},
    refused::Refused,
    words::{AllocationWords, allocation_words},
};
use crate::{
    console::{
        forms,
        language::{Chosen, Language},
        page::{Frame, page},
        phrases::number,
        session::SignedIn,
    },
    municipality::stock::nav::unavailable,
    state::Central,
    stock::{allocating::cycle::KeptCycle, moments},
    storage::{AccountName, StorageError},
};

/// Where the list lies.
pub(super) const PAGE: &str = "/console/allocation";
/// Cycles of a page.
const ROWS: u32 = 20;
/// Two weeks are a cycle; so long orders are taken unless somebody says otherwise.
const USUAL_DEADLINE_MS: i64 = 7 * 86_400_000;

#[derive(Template)]
#[template(path = "allocation_cycles.html")]
struct ListPage {
    frame: Frame,
    words: &'static AllocationWords,
    account: AccountName,
    word: String,
    rows: Vec<Row>,
    older: Option<u32>,
    is_older: bool,
    products: Vec<String>,
    populations: String,
    messages: Vec<String>,
    typed: Typed,
}

/// One cycle of a list.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) product: String,
    pub(super) supply: String,
    pub(super) until: String,
    pub(super) stage: &'static str,
    pub(super) mark: &'static str,
}

/// What the form sends.
#[derive(Deserialize, Default)]
pub(crate) struct Typed {
    #[serde(default)]
    pub(super) word: String,
    #[serde(default)]
    pub(super) product: String,
    #[serde(default)]
    pub(super) boxes: String,
    #[serde(default)]
    pub(super) doses: String,
    #[serde(default)]
    pub(super) percent: String,
    #[serde(default)]
    pub(super) until: String,
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
    signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let until = central.clock.now().plus_ms(USUAL_DEADLINE_MS);
    let typed = Typed {
        percent: Supply::USUAL_PERCENT.to_string(),
        until: moments::written(until),
        ..Typed::default()
    };
    list(&central, &signed_in, chosen, asked.before.parse().ok(), None, typed).await
}

/// The list with a message, for who asked for a cycle that is not there.
pub(super) async fn list(
    central: &Central,
    signed_in: &SignedIn,
    chosen: Chosen,
    before: Option<u32>,
    refused: Option<Refused>,
    typed: Typed,
) -> Response {
    let read = async {
        let found = central.storage.cycles(before, ROWS + 1).await?;
        let populations = central.storage.populations(None).await?;
        Ok::<_, StorageError>((found, populations, central.storage.product_rules().await?))
    };
    let (mut found, populations, rules) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let has_more = found.len() > ROWS as usize;
    found.truncate(ROWS as usize);
    let (language, now) = (chosen.language, central.clock.now());
    let template = ListPage {
        frame: Frame::new(language).seen_by(signed_in.role),
        words: allocation_words(language),
        account: signed_in.name.clone(),
        word: forms::word(&signed_in.secret),
        older: found.last().filter(|_| has_more).map(|kept| kept.number),
        is_older: before.is_some(),
        rows: found.iter().map(|kept| row(language, kept, now)).collect(),
        products: rules.iter().map(|rule| product(language, rule)).collect(),
        populations: known(language, populations.len()),
        messages: refused.as_ref().map(|refused| refused.sentences(language)).unwrap_or_default(),
        typed,
    };
    page(refused.as_ref().map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}

fn row(language: Language, kept: &KeptCycle, now: WallTime) -> Row {
    let (mark, stage) = stage(language, kept.stage(now));
    Row {
        name: cycle_name(language, kept.number),
        address: format!("{PAGE}/{}", kept.number),
        product: kept.opened.product.to_string(),
        supply: supply(language, kept.supply()),
        until: minute(kept.orders_until()),
        stage,
        mark,
    }
}

/// A product that has a rule, with the doses of its box.
fn product(language: Language, ProductRule { product, packaging, .. }: &ProductRule) -> String {
    let doses = number(Packaging::doses_of(*packaging, Unit::Box));
    match language {
        Language::Japanese => format!("{product}: 1箱{doses}回"),
        Language::English => format!("{product}: {doses} doses a box"),
    }
}

fn known(language: Language, municipalities: usize) -> String {
    match (language, municipalities) {
        (Language::Japanese, 0) => "まだ取り込んでいません。要望に書かれた人口で計算します。".to_owned(),
        (Language::Japanese, count) => format!("{}市区町村の人口を取り込み済みです。", number(count as u64)),
        (Language::English, 0) => "None was taken in yet; what orders say counts.".to_owned(),
        (Language::English, count) => {
            format!("The people of {} municipalities are known.", number(count as u64))
        }
    }
}
