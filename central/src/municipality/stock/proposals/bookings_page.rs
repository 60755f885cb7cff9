//! 予約と入荷予定: what is booked and expected at the municipality's facilities, and until when lots are good.
//!
//! Must not: take a person's name, or another municipality's facility.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::{
    CalendarDate,
    day::{FacilityCode, LotNumber, Product},
};
use serde::Deserialize;

use super::{
    super::{
        inputs,
        nav::{Around, unavailable},
        refused::Refused,
        words::StockWords,
    },
    words::{ProposalWords, proposal_words},
};
use crate::{
    audit::Act,
    console::{
        asked::percent_encoded,
        language::{Chosen, Language},
        page::{Frame, page},
        phrases::number,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::{Booked, BookedDay, DatedLot, Place, StorageError, Whose},
};

/// Where the page lies.
pub(super) const PAGE: &str = "/municipality/stock/bookings";
/// Rows of the page; a city has many facilities and days, and narrowing finds each.
const ROWS: usize = 300;

#[derive(Template)]
#[template(path = "stock_bookings.html")]
struct BookingsPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    words: &'static ProposalWords,
    bar: Bar,
    rows: Vec<Row>,
    search: String,
    has_more: bool,
    facilities: Vec<(String, String)>,
    products: Vec<String>,
    message: Option<&'static str>,
    typed: Typed,
    today: String,
}

struct Row {
    facility: String,
    code: String,
    product: String,
    on: String,
    doses: String,
    expected: String,
    /// The form with this row in it.
    change: String,
}

/// What the forms send, and what an address may fill in beforehand.
#[derive(Deserialize, Default)]
pub(crate) struct Typed {
    #[serde(default)]
    word: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    facility: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    doses: String,
    #[serde(default)]
    expected: String,
    #[serde(default)]
    lot: String,
    #[serde(default)]
    good_until: String,
}

/// Why nothing was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Known(Refused),
    Count,
    Past,
    NotOurs,
}

impl Wrong {
    fn status(self) -> StatusCode {
        match self {
            Self::Known(refused) => refused.status(),
            Self::Count | Self::Past => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotOurs => StatusCode::NOT_FOUND,
        }
    }
    fn sentence(self, language: Language) -> &'static str {
        let words = proposal_words(language);
        match self {
            Self::Known(refused) => refused.sentence(language),
            Self::Count => words.count,
            Self::Past => words.past,
            Self::NotOurs => words.not_ours,
        }
    }
}

impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Self {
        Self::Known(refused)
    }
}

/// Where the form for that lot lies.
pub(super) fn lot_address(product: &Product, lot: &LotNumber) -> String {
    format!("{PAGE}?product={}&lot={lot}#lot-form", percent_encoded(&product.to_string()))
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(typed): Query<Typed>,
) -> Response {
    list(&central, &officer, chosen, None, typed).await
}

/// Puts the figures of one day in the place of those before.
pub(crate) async fn enter(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(typed): Form<Typed>,
) -> Response {
    match entered(&central, &officer, &typed).await {
        Ok(Ok(())) => Redirect::to(&format!("{PAGE}#bookings")).into_response(),
        Ok(Err(wrong)) => list(&central, &officer, chosen, Some(wrong), typed).await,
        Err(error) => unavailable(&error),
    }
}

async fn entered(
    central: &Central,
    officer: &Officer,
    typed: &Typed,
) -> Result<Result<(), Wrong>, StorageError> {
    if !officer.sent(&typed.word) {
        return Ok(Err(Refused::StaleForm.into()));
    }
    let now = central.clock.now();
    let today = CalendarDate::in_japan(now).map_err(|_| StorageError::Inconsistent("now"))?;
    let day = match read(officer, typed, today) {
        Ok(day) => day,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let facility = day.place.facility;
    let act = Act::BookingsEntered { facility, product: day.product.clone(), days: 1 };
    let noted = act.line(officer.municipality, officer.name.as_str(), now);
    match central.storage.book(officer.municipality, vec![day], vec![noted]).await? {
        Booked::Kept => {
            tracing::info!(municipality = %officer.municipality, %facility, "bookings were entered");
            Ok(Ok(()))
        }
        Booked::NoFacility(_) => Ok(Err(Wrong::NotOurs)),
    }
}

fn read(officer: &Officer, typed: &Typed, today: CalendarDate) -> Result<BookedDay, Wrong> {
    let count = |typed: &str| match typed.trim() {
        "" => Ok(0),
        typed => inputs::count(typed).map_err(|_| Wrong::Count),
    };
    let facility: FacilityCode = inputs::text(&typed.facility, Refused::NothingChosen)?;
    let product: Product = inputs::text(&typed.product, Refused::Product)?;
    let on: CalendarDate = inputs::text(&typed.on, Refused::Date)?;
    if on < today {
        return Err(Wrong::Past);
    }
    let place = Place { municipality: officer.municipality, facility };
    Ok(BookedDay { place, product, on, doses: count(&typed.doses)?, expected: count(&typed.expected)? })
}

/// Says until when a lot is good.
pub(crate) async fn date_lot(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(typed): Form<Typed>,
) -> Response {
    let read = || {
        if !officer.sent(&typed.word) {
            return Err(Wrong::Known(Refused::StaleForm));
        }
        Ok(DatedLot {
            product: inputs::text(&typed.product, Refused::Product)?,
            lot: inputs::text(&typed.lot, Refused::Lot)?,
            good_until: inputs::text(&typed.good_until, Refused::Date)?,
        })
    };
    let dated = match read() {
        Ok(dated) => dated,
        Err(wrong) => return list(&central, &officer, chosen, Some(wrong), typed).await,
    };
    let act = Act::LotDated { product: dated.product.clone(), lot: dated.lot.clone() };
    let noted = act.line(officer.municipality, officer.name.as_str(), central.clock.now());
    let product = percent_encoded(&dated.product.to_string());
    match central.storage.date_lot(officer.municipality, dated, noted).await {
        Ok(()) => Redirect::to(&format!("{}?product={product}", super::page::PAGE)).into_response(),
        Err(error) => unavailable(&error),
    }
}

async fn list(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    wrong: Option<Wrong>,
    typed: Typed,
) -> Response {
    let (language, now) = (chosen.language, central.clock.now());
    let read = async {
        let today = CalendarDate::in_japan(now).map_err(|_| StorageError::Inconsistent("now"))?;
        let facilities = central.storage.facilities(officer.municipality).await?;
        let booked = central.storage.booked(Whose::Municipality(officer.municipality), today).await?;
        let rules = central.storage.product_rules().await?;
        Ok::<_, StorageError>((today, facilities, booked, rules))
    };
    let (today, facilities, booked, rules) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let names: BTreeMap<FacilityCode, String> =
        facilities.iter().map(|kept| (kept.facility.code, kept.facility.name.to_string())).collect();
    let mut products: Vec<String> = rules
        .iter()
        .map(|rule| rule.product.to_string())
        .chain(booked.iter().map(|day| day.product.to_string()))
        .collect();
    products.sort();
    products.dedup();
    let search = typed.search.trim().to_owned();
    let mut rows: Vec<Row> = booked
        .iter()
        .map(|day| row(day, names.get(&day.place.facility).map_or("", String::as_str)))
        .filter(|row| row.facility.contains(&search) || row.code.contains(&search))
        .collect();
    let has_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let template = BookingsPage {
        frame,
        own,
        stock,
        words: proposal_words(language),
        bar,
        rows,
        search,
        has_more,
        facilities: names
            .into_iter()
            .map(|(code, name)| (code.to_string(), format!("{name} {code}")))
            .collect(),
        products,
        message: wrong.map(|wrong| wrong.sentence(language)),
        typed,
        today: today.to_string(),
    };
    page(wrong.map_or(StatusCode::OK, Wrong::status), chosen, &template, [])
}

fn row(day: &BookedDay, name: &str) -> Row {
    let BookedDay { place, product, on, doses, expected } = day;
    Row {
        facility: name.to_owned(),
        code: place.facility.to_string(),
        product: product.to_string(),
        on: on.to_string(),
        doses: number(*doses),
        expected: number(*expected),
        change: format!(
            "{PAGE}?facility={}&product={}&on={on}&doses={doses}&expected={expected}#enter",
            place.facility,
            percent_encoded(&product.to_string())
        ),
    }
}
