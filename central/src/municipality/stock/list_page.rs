//! 施設と在庫: the municipality's facilities, what each has and lacks, and the form that registers one.
//!
//! Must not: show another municipality's.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::{CalendarDate, day::FacilityCode};
use serde::Deserialize;
use vsys::{Balance, Facility, ledger::Account};

use super::{
    event_words::amount,
    facility_rows::recalled,
    inputs,
    nav::{Around, facility_address, unavailable},
    recall::published_lots,
    refused::Refused,
    rows::Sums,
    words::StockWords,
};
use crate::{
    audit::Act,
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::{KeptFacility, Registered, StorageError},
};

#[derive(Template)]
#[template(path = "stock.html")]
struct ListPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    bar: Bar,
    rows: Vec<Row>,
    /// What the list is narrowed to.
    search: String,
    has_more: bool,
    message: Option<&'static str>,
    typed: Typed,
}

struct Row {
    code: String,
    name: String,
    address: String,
    on_hand: String,
    in_transit: Option<String>,
    shortfall: Option<String>,
    has_recalled: bool,
}

/// Rows of the page; a city has thousands of facilities, and the search finds each.
const ROWS: usize = 200;

/// Which facilities.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    search: String,
}

/// What the form sends.
#[derive(Deserialize, Default)]
pub(crate) struct Typed {
    #[serde(default)]
    word: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    freezer: String,
    #[serde(default)]
    per_day: String,
    #[serde(default)]
    begins: String,
    #[serde(default)]
    position: String,
}

/// The list.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let today = CalendarDate::in_japan(central.clock.now()).map(|day| day.to_string());
    let typed = Typed { begins: today.unwrap_or_default(), ..Typed::default() };
    list(&central, &officer, chosen, asked, None, typed).await
}

/// Registers a facility.
pub(crate) async fn register(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(typed): Form<Typed>,
) -> Response {
    if !officer.sent(&typed.word) {
        return list(&central, &officer, chosen, Asked::default(), Some(Refused::StaleForm), typed).await;
    }
    let kept = match read(&officer, &typed) {
        Ok(kept) => kept,
        Err(refused) => {
            return list(&central, &officer, chosen, Asked::default(), Some(refused), typed).await;
        }
    };
    let code = kept.facility.code;
    let act = Act::FacilityRegistered { facility: code };
    let noted = act.line(officer.municipality, officer.name.as_str(), central.clock.now());
    match central.storage.register_facility(kept, noted).await {
        Ok(Registered::Elsewhere) => {
            list(&central, &officer, chosen, Asked::default(), Some(Refused::Elsewhere), typed).await
        }
        Ok(Registered::New | Registered::Changed | Registered::Unchanged) => {
            tracing::info!(municipality = %officer.municipality, facility = %code, "a facility was registered");
            Redirect::to(&facility_address(code)).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn read(officer: &Officer, typed: &Typed) -> Result<KeptFacility, Refused> {
    let small = |typed: &str| u32::try_from(inputs::count(typed)?).map_err(|_| Refused::Amount);
    Ok(KeptFacility {
        facility: Facility {
            code: inputs::text::<FacilityCode>(&typed.code, Refused::Code)?,
            name: inputs::text(&typed.name, Refused::Name)?,
            municipality: officer.municipality,
            freezer_vials: small(&typed.freezer)?,
            doses_per_day: small(&typed.per_day)?,
            position: inputs::position(&typed.position)?,
        },
        books_begin_on: inputs::text(&typed.begins, Refused::Date)?,
    })
}

async fn list(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    asked: Asked,
    refused: Option<Refused>,
    typed: Typed,
) -> Response {
    let language = chosen.language;
    let mut rows = match rows(central, officer, language).await {
        Ok(rows) => rows,
        Err(error) => return unavailable(&error),
    };
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let search = asked.search.trim().to_owned();
    rows.retain(|row| row.name.contains(&search) || row.code.contains(&search));
    let has_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let message = refused.map(|refused| refused.sentence(language));
    let template = ListPage { frame, own, stock, bar, rows, search, has_more, message, typed };
    page(refused.map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}

async fn rows(central: &Central, officer: &Officer, language: Language) -> Result<Vec<Row>, StorageError> {
    let facilities = central.storage.facilities(officer.municipality).await?;
    let mut accounts: BTreeMap<FacilityCode, Vec<(Account, Balance)>> = BTreeMap::new();
    for (account, balance) in central.storage.balances(officer.municipality, None).await? {
        accounts.entry(account.key().facility).or_default().push((account, balance));
    }
    let published = published_lots(&*central.storage, officer.municipality).await?;
    let mut rows: Vec<(bool, Row)> = Vec::new();
    for kept in facilities {
        let Facility { code, name, .. } = kept.facility;
        let accounts = accounts.remove(&code).unwrap_or_default();
        let has_recalled = !recalled(&accounts, &published, central.clock.now()).is_empty();
        let sums = Sums::of(accounts.iter());
        let said = |much: vsys::Amount| (!much.is_none()).then(|| amount(language, much));
        rows.push((
            sums.shortfall.is_none() && !has_recalled,
            Row {
                code: code.to_string(),
                name: name.to_string(),
                address: facility_address(code),
                on_hand: amount(language, sums.on_hand),
                in_transit: said(sums.in_transit),
                shortfall: said(sums.shortfall),
                has_recalled,
            },
        ));
    }
    // Who needs somebody stands first; else the order of the codes.
    rows.sort_by_key(|(is_well, _)| *is_well);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
