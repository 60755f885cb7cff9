//! このロットの接種を受けた人: the doses of a lot that stand for the municipality's own coupons, page by page. Recorded in the audit
//! before they are shown.
//!
//! Must not: put a coupon's number into an address, name a person, or offer the list as a file.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use record::day::{LotNumber, Product};
use serde::Deserialize;

use super::{
    super::{
        nav::{Around, lot_address},
        recall_words::{RecallWords, recall_words},
    },
    published_lots,
};
use crate::{
    audit::Act,
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
        phrases,
    },
    municipality::{
        doses::{DoseRow, own_dose},
        officer::{Bar, Officer},
        people::unavailable,
        people_words::{PeopleWords, people_words},
        person,
        stock::words::StockWords,
        words::Words,
    },
    people::sealing::{MunicipalKeys, SealingError},
    state::Central,
    storage::{LotDose, PersonMark},
};

/// Doses of a page.
const DOSES: u32 = 50;

#[derive(Template)]
#[template(path = "stock_recipients.html")]
struct RecipientsPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    people: &'static PeopleWords,
    recall: &'static RecallWords,
    bar: Bar,
    message: Option<&'static str>,
    product: String,
    lot: String,
    back: String,
    is_recalled: bool,
    shown: Option<Shown>,
}

struct Shown {
    rows: Vec<Row>,
    said: String,
    before: Option<u32>,
    after: Option<u32>,
}

struct Row {
    coupon: String,
    dose: DoseRow,
    is_other_product: bool,
    stands: bool,
    person: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Asked {
    word: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    lot: String,
    /// Doses that were shown on pages before.
    #[serde(default)]
    skipped: u32,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(asked): Form<Asked>,
) -> Response {
    let people = people_words(chosen.language);
    if !officer.sent(&asked.word) {
        return answer(chosen, &officer, asked, (StatusCode::FORBIDDEN, Some(people.stale_form)), None);
    }
    let (Ok(product), Ok(lot)) = (asked.product.parse::<Product>(), asked.lot.parse::<LotNumber>()) else {
        let words = super::super::words::stock_words(chosen.language);
        let refused = (StatusCode::UNPROCESSABLE_ENTITY, Some(words.lot_nowhere));
        return answer(chosen, &officer, asked, refused, None);
    };
    match looked(&central, &officer, chosen.language, (&product, &lot), asked.skipped).await {
        Ok(shown) => answer(chosen, &officer, asked, (StatusCode::OK, None), Some(shown)),
        Err(error) => unavailable(&error),
    }
}

async fn looked(
    central: &Central,
    officer: &Officer,
    language: Language,
    (product, lot): (&Product, &LotNumber),
    skipped: u32,
) -> Result<(Shown, bool), SealingError> {
    let storage = &*central.storage;
    let found = storage.doses_of_lot(officer.municipality, lot.clone(), skipped, DOSES).await?;
    let published = published_lots(storage, officer.municipality).await?;
    let keys = officer.keys(central).await?;
    let count = u32::try_from(found.some.len()).unwrap_or(u32::MAX);
    let mut rows = Vec::new();
    for dose in &found.some {
        rows.push(row(central, language, dose, (product, lot), keys.as_ref()).await?);
    }
    let act = Act::LotRecipientsShown { lot: lot.clone(), first: skipped.saturating_add(1), shown: count };
    officer.note(central, &act, None).await?;
    let (first, last) = (u64::from(skipped) + 1, u64::from(skipped) + u64::from(count));
    let said = match language {
        Language::Japanese => format!(
            "{}件中 {}〜{}件目",
            phrases::number(found.all),
            phrases::number(first),
            phrases::number(last)
        ),
        Language::English => format!(
            "{} to {} of {} doses",
            phrases::number(first),
            phrases::number(last),
            phrases::number(found.all)
        ),
    };
    let shown = Shown {
        rows,
        said,
        before: (skipped > 0).then(|| skipped.saturating_sub(DOSES)),
        after: (last < found.all).then(|| skipped.saturating_add(DOSES)),
    };
    Ok((shown, published.recalled(lot, central.clock.now()).is_some()))
}

/// As the register says now; what the ledger knew alone where it says otherwise.
async fn row(
    central: &Central,
    language: Language,
    known: &LotDose,
    (product, lot): (&Product, &LotNumber),
    keys: Option<&MunicipalKeys>,
) -> Result<Row, SealingError> {
    let standing = central.storage.standing_doses(known.coupon).await?;
    let stands = standing
        .iter()
        .find(|dose| dose.vaccination.day.dose == known.dose && dose.vaccination.day.lot == *lot);
    let person = match keys {
        Some(keys) => {
            let mark = PersonMark::Coupon(keys.coupon_mark(known.coupon.number));
            central.storage.person(known.coupon.municipality, mark).await?
        }
        None => None,
    };
    let dose = stands.map_or_else(
        || DoseRow {
            dose: crate::municipality::phrases::dose(language, known.dose),
            vaccinated_on: known.given_on.to_string().replace('-', "/"),
            manufacturer: String::new(),
            product: known.product.to_string(),
            lot: lot.to_string(),
            site: known.facility.to_string(),
        },
        |dose| own_dose(language, dose),
    );
    Ok(Row {
        coupon: known.coupon.number.to_string(),
        is_other_product: dose.product != product.to_string(),
        dose,
        stands: stands.is_some(),
        person: person.map(|version| person::address(version.row.person)),
    })
}

fn answer(
    chosen: Chosen,
    officer: &Officer,
    asked: Asked,
    (status, message): (StatusCode, Option<&'static str>),
    shown: Option<(Shown, bool)>,
) -> Response {
    let language = chosen.language;
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let back = asked.product.parse().ok().zip(asked.lot.parse().ok());
    let back = back.map_or_else(|| "/municipality/stock/lot".to_owned(), |(of, lot)| lot_address(&of, &lot));
    let (shown, is_recalled) = shown.map_or((None, false), |(shown, recalled)| (Some(shown), recalled));
    let template = RecipientsPage {
        frame,
        own,
        stock,
        people: people_words(language),
        recall: recall_words(language),
        bar,
        message,
        product: asked.product,
        lot: asked.lot,
        back,
        is_recalled,
        shown,
    };
    page(status, chosen, &template, [])
}
