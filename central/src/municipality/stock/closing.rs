//! 締めと在庫の照合: days as tablets closed them, beside the books.
//!
//! Must not: change the books; the job of the closings does.

mod compared;
mod sentences;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::{WallTime, day::FacilityCode};
use serde::Deserialize;

use self::compared::{SiteDayCompared, compare_all};
use super::{
    closing_words::{ClosingWords, closing_words},
    nav::{Around, facility_address, unavailable},
    span,
    words::StockWords,
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::{Days, Place, Storage, StorageError},
};

/// Days that are shown where none are asked for.
const USUAL_DAYS: i64 = 7;
/// Days in which the last closing of a facility is looked for on its own page.
const LOOKED_BACK: i64 = 14;
/// The most sites and days of a page.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "stock_closings.html")]
struct ClosingsPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    closing: &'static ClosingWords,
    bar: Bar,
    message: Option<&'static str>,
    facility: String,
    first: String,
    last: String,
    rows: Vec<ClosingRow>,
    has_more: bool,
}

/// One site and day.
pub(super) struct ClosingRow {
    pub(super) day: String,
    pub(super) facility: String,
    pub(super) address: String,
    pub(super) tablets: Vec<String>,
    pub(super) lots: Vec<String>,
    pub(super) differences: Vec<String>,
    pub(super) is_booked: bool,
}

/// What the address may ask for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    facility: String,
    #[serde(flatten)]
    span: span::Asked,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let (language, now) = (chosen.language, central.clock.now());
    let words = closing_words(language);
    let asked_days = span::days(&asked.span, USUAL_DAYS, now);
    let Some(days) = asked_days.or_else(|| span::usual(USUAL_DAYS, now)) else {
        return unavailable(&StorageError::Inconsistent("clock"));
    };
    let (status, message) = match asked_days {
        Some(_) => (StatusCode::OK, None),
        None => (StatusCode::UNPROCESSABLE_ENTITY, Some(words.no_days)),
    };
    let facility = asked.facility.parse::<FacilityCode>().ok();
    let rows = match rows(&*central.storage, &officer, facility, days, (language, now)).await {
        Ok(rows) => rows,
        Err(error) => return unavailable(&error),
    };
    let Around { frame, own, stock, bar } = Around::new(&officer, language);
    let template = ClosingsPage {
        frame,
        own,
        stock,
        closing: words,
        bar,
        message,
        facility: facility.map_or_else(String::new, |code| code.to_string()),
        first: days.first.to_string(),
        last: days.last.to_string(),
        has_more: rows.len() > MOST,
        rows: rows.into_iter().take(MOST).collect(),
    };
    page(status, chosen, &template, [])
}

/// The last closing of a facility, where there is one of the last two weeks.
pub(super) async fn newest(
    storage: &dyn Storage,
    officer: &Officer,
    facility: FacilityCode,
    (language, now): (Language, WallTime),
) -> Result<Option<ClosingRow>, StorageError> {
    let Some(days) = span::usual(LOOKED_BACK, now) else { return Ok(None) };
    let closings = storage.closings(officer.municipality, Some(facility), days).await?;
    let Some(last) = closings.first().map(|kept| kept.key.on) else { return Ok(None) };
    let days = Days { first: last, last };
    Ok(rows(storage, officer, Some(facility), days, (language, now)).await?.pop())
}

/// A row for each site and day, the newest day first.
async fn rows(
    storage: &dyn Storage,
    officer: &Officer,
    facility: Option<FacilityCode>,
    days: Days,
    (language, now): (Language, WallTime),
) -> Result<Vec<ClosingRow>, StorageError> {
    let municipality = officer.municipality;
    let closings = storage.closings(municipality, facility, days).await?;
    let mut facilities: Vec<FacilityCode> = closings.iter().map(|kept| kept.key.facility).collect();
    facilities.sort();
    facilities.dedup();
    let accounts = match facilities.is_empty() {
        true => Vec::new(),
        false => storage.balances(municipality, facility).await?,
    };
    let rules = storage.product_rules().await?;
    let mut lines = Vec::new();
    for facility in facilities {
        let place = Place { municipality, facility };
        lines.extend(storage.lines_of_days(place, days).await?.into_iter().map(|kept| kept.line));
    }
    let mut names = std::collections::BTreeMap::new();
    for kept in storage.facilities(municipality).await? {
        names.insert(kept.facility.code, kept.facility.name.to_string());
    }
    let row = |compared: SiteDayCompared<'_>| ClosingRow {
        day: compared.on.to_string(),
        facility: format!(
            "{} {}",
            names.get(&compared.facility).map_or("", String::as_str),
            compared.facility
        ),
        address: facility_address(compared.facility),
        tablets: compared.closings.iter().map(|kept| sentences::tablet(kept, now)).collect(),
        lots: compared
            .closings
            .iter()
            .flat_map(|kept| kept.closing.lots.iter().map(|lot| sentences::lot(language, lot)))
            .collect(),
        is_booked: compared.closings.iter().all(|kept| kept.is_booked),
        differences: compared
            .differences
            .iter()
            .map(|difference| sentences::difference(language, difference))
            .collect(),
    };
    Ok(compare_all(&closings, &lines, &accounts, &rules).into_iter().map(row).collect())
}
