//! 接種券の記録: every entry about one coupon that the municipality issued. Recorded in the audit before it is shown.
//!
//! Must not: put a coupon's number into an address, or show another municipality's coupon.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use record::CouponNumber;
use serde::Deserialize;

use super::{
    doses::{DoseRow, own_dose},
    entry_table::{self, EntryRow},
    officer::{Bar, Officer},
    people::unavailable,
    people_words::{PeopleWords, people_words},
    person,
    words::{Words, words},
};
use crate::{
    audit::Act,
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    csv::fields,
    people::sealing::SealingError,
    state::Central,
    storage::{CouponKey, PersonMark},
};

#[derive(Template)]
#[template(path = "entries.html")]
struct EntriesPage {
    frame: Frame,
    own: &'static Words,
    people: &'static PeopleWords,
    bar: Bar,
    message: Option<&'static str>,
    typed: String,
    found: Option<Shown>,
}

struct Shown {
    coupon: String,
    entries: Vec<EntryRow>,
    doses: Vec<DoseRow>,
    whose: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Typed {
    word: String,
    #[serde(default)]
    coupon: String,
}

/// The form.
pub(crate) async fn form(officer: Officer, chosen: Chosen) -> Response {
    answer(chosen, &officer, None, String::new(), None)
}

/// The entries.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(typed): Form<Typed>,
) -> Response {
    let people = people_words(chosen.language);
    if !officer.sent(&typed.word) {
        let refused = Some((StatusCode::FORBIDDEN, people.stale_form));
        return answer(chosen, &officer, refused, typed.coupon, None);
    }
    let Ok(number) = fields::narrow(&typed.coupon).parse::<CouponNumber>() else {
        let refused = Some((StatusCode::UNPROCESSABLE_ENTITY, people.no_coupon));
        return answer(chosen, &officer, refused, typed.coupon, None);
    };
    match looked(&central, &officer, chosen.language, number).await {
        Ok(found) => answer(chosen, &officer, None, number.to_string(), Some(found)),
        Err(error) => unavailable(&error),
    }
}

async fn looked(
    central: &Central,
    officer: &Officer,
    language: Language,
    number: CouponNumber,
) -> Result<Shown, SealingError> {
    let (storage, municipality) = (&*central.storage, officer.municipality);
    let key = CouponKey { municipality, number };
    let entries = storage.entries_of(key).await?;
    let standing = storage.standing_doses(key).await?;
    let whose = match officer.keys(central).await? {
        Some(keys) => storage.person(municipality, PersonMark::Coupon(keys.coupon_mark(number))).await?,
        None => None,
    };
    officer.note(central, &Act::EntriesShown { coupon: number }, None).await?;
    Ok(Shown {
        coupon: number.to_string(),
        entries: entry_table::rows(language, &entries, &standing, central.clock.now()),
        doses: standing.iter().map(|dose| own_dose(language, dose)).collect(),
        whose: whose.map(|version| person::address(version.row.person)),
    })
}

fn answer(
    chosen: Chosen,
    officer: &Officer,
    refused: Option<(StatusCode, &'static str)>,
    typed: String,
    found: Option<Shown>,
) -> Response {
    let language = chosen.language;
    let template = EntriesPage {
        frame: Frame::new(language),
        own: words(language),
        people: people_words(language),
        bar: officer.bar(language),
        message: refused.map(|(_, message)| message),
        typed,
        found,
    };
    page(refused.map_or(StatusCode::OK, |(status, _)| status), chosen, &template, [])
}
