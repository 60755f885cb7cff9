//! 施設: of which kind it was and is, what stands in its books, its ledger, and the forms by which something is written there.
//!
//! Must not: write anything; `acting` does. Show a facility of another municipality.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use record::{WallTime, day::FacilityCode};
use serde::Deserialize;
use vsys::{Balance, KindHistory, ledger::Account};

use super::{
    acting::Entered,
    charts::{self, Over},
    charts_words::{ChartWords, chart_words},
    closing::{self, ClosingRow},
    closing_words::{ClosingWords, closing_words},
    event_words::{DISCARD_REASONS, discard_word, kind_word},
    facility_rows::{KindRow, LineRow, kind_rows, line_row, recalled},
    nav::{Around, facility_address, unavailable},
    recall::{PublishedLots, published_lots},
    recall_words::{RecallWords, recall_words},
    refused::Refused,
    rows::{StockRow, rows},
    told_rows::{ToldRow, told_row},
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
    stock::moments,
    storage::{KeptFacility, KeptLine, StorageError, ToldAct},
};

/// Lines of a page.
const LINES: u32 = 50;
/// Days that the charts of the page show.
const CHART_DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "stock_facility.html")]
struct FacilityPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    bar: Bar,
    title: String,
    code: String,
    address: String,
    facts: Vec<(&'static str, String)>,
    kinds: Vec<KindRow>,
    rows: Vec<StockRow>,
    has_shortfall: bool,
    told: Vec<ToldRow>,
    lines: Vec<LineRow>,
    older: Option<u64>,
    is_older: bool,
    products: Vec<String>,
    lots: BTreeSet<String>,
    reasons: Vec<(&'static str, &'static str)>,
    kind_choices: [(&'static str, &'static str); 3],
    message: Option<&'static str>,
    typed: Entered,
    now: String,
    recall: &'static RecallWords,
    recalled: Vec<(String, String)>,
    closing: &'static ClosingWords,
    closings: Vec<ClosingRow>,
    charts: &'static ChartWords,
    drawn: Over,
    shelf: Vec<charts::ShelfRow>,
}

#[derive(Template)]
#[template(path = "no_stock.html")]
struct NoFacilityPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    bar: Bar,
}

/// What the address may ask for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    before: String,
}

/// All that the page shows, as it is now.
pub(super) struct Looked {
    kept: KeptFacility,
    kinds: KindHistory,
    accounts: Vec<(Account, Balance)>,
    told: Vec<ToldAct>,
    lines: Vec<KeptLine>,
    products: Vec<String>,
    before: Option<u64>,
    published: PublishedLots,
    closings: Vec<ClosingRow>,
    drawn: Over,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match look(&central, &officer, chosen.language, &code, asked.before.parse().ok()).await {
        Ok(looked) => answer(chosen, &officer, looked, central.clock.now(), None),
        Err(error) => unavailable(&error),
    }
}

/// A facility of the officer's municipality; none of any other.
pub(super) async fn own_facility(
    central: &Central,
    officer: &Officer,
    code: &str,
) -> Result<Option<KeptFacility>, StorageError> {
    let Ok(code) = code.parse::<FacilityCode>() else { return Ok(None) };
    let found = central.storage.facility(code).await?;
    Ok(found.filter(|kept| kept.facility.municipality == officer.municipality))
}

pub(super) async fn look(
    central: &Central,
    officer: &Officer,
    language: Language,
    code: &str,
    before: Option<u64>,
) -> Result<Option<Looked>, StorageError> {
    let Some(kept) = own_facility(central, officer, code).await? else { return Ok(None) };
    let place = kept.place();
    let kinds = central.storage.kinds(place).await?;
    let accounts = central.storage.balances(place.municipality, Some(place.facility)).await?;
    let told = central.storage.told_open(place, LINES).await?;
    let lines = central.storage.stock_lines(place, before, LINES + 1).await?;
    let rules = central.storage.product_rules().await?;
    let mut products: Vec<String> = accounts
        .iter()
        .map(|(account, _)| account.key().product.to_string())
        .chain(kinds.changes().iter().map(|change| change.product.to_string()))
        .chain(rules.iter().map(|rule| rule.product.to_string()))
        .collect();
    products.sort();
    products.dedup();
    let (storage, when) = (&*central.storage, (language, central.clock.now()));
    let published = published_lots(storage, place.municipality).await?;
    let closings = closing::newest(storage, officer, place.facility, when).await?.into_iter().collect();
    let is_long = lines.first().is_some_and(|newest| newest.number > charts::MOST_ON_PAGE);
    let drawn = match before.is_some() || is_long {
        true => Over::Elsewhere,
        false => charts::over(storage, place, CHART_DAYS, when).await?,
    };
    Ok(Some(Looked { kept, kinds, accounts, told, lines, products, before, published, closings, drawn }))
}

pub(super) fn answer(
    chosen: Chosen,
    officer: &Officer,
    looked: Option<Looked>,
    now: WallTime,
    refused: Option<(Refused, Entered)>,
) -> Response {
    let language = chosen.language;
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let Some(looked) = looked else {
        return page(StatusCode::NOT_FOUND, chosen, &NoFacilityPage { frame, own, stock, bar }, []);
    };
    let Looked { kept, kinds, accounts, told, mut lines, products, before, published, closings, drawn } =
        looked;
    let status = refused.as_ref().map_or(StatusCode::OK, |(refused, _)| refused.status());
    let message = refused.as_ref().map(|(refused, _)| refused.sentence(language));
    let has_more = lines.len() > LINES as usize;
    lines.truncate(LINES as usize);
    let rows = rows(language, &accounts);
    let facility = &kept.facility;
    let template = FacilityPage {
        frame,
        own,
        stock,
        bar,
        title: format!("{} {}", facility.name, facility.code),
        code: facility.code.to_string(),
        address: facility_address(facility.code),
        facts: vec![
            (stock.freezer_holds, phrases::number(facility.freezer_vials.into())),
            (stock.gives_a_day, phrases::number(facility.doses_per_day.into())),
            (stock.begins, kept.books_begin_on.to_string()),
        ],
        kinds: kind_rows(language, &kinds, now),
        has_shortfall: rows.iter().any(|row| row.shortfall.is_some()),
        rows,
        told: told.iter().filter_map(|told| told_row(language, told, now)).collect(),
        older: lines.last().filter(|_| has_more).map(|kept| kept.number),
        lines: lines.iter().map(|kept| line_row(language, kept, now)).collect(),
        is_older: before.is_some(),
        products,
        lots: accounts.iter().map(|(account, _)| account.key().lot.to_string()).collect(),
        reasons: DISCARD_REASONS.map(|(code, reason)| (code, discard_word(language, reason))).to_vec(),
        kind_choices: super::acting::KINDS.map(|(code, kind)| (code, kind_word(language, kind))),
        message,
        typed: refused.map(|(_, typed)| typed).unwrap_or_default(),
        now: moments::written(now),
        recall: recall_words(language),
        recalled: recalled(&accounts, &published, now),
        closing: closing_words(language),
        closings,
        charts: chart_words(language),
        drawn,
        shelf: charts::shelf_of(language, &accounts, &published, now),
    };
    page(status, chosen, &template, [])
}
