//! 接種対象者を探す: exactly one person by number, or by name and birth date. Nothing is listed without a search, and each
//! search is recorded before its outcome is shown.
//!
//! Must not: put what was typed into an address, or show more than one person.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::{CalendarDate, WallTime};
use serde::Deserialize;

use super::{
    mark_text,
    officer::{Bar, Officer},
    people_words::{PeopleWords, people_words},
    words::{Words, words},
};
use crate::{
    audit::Act,
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    csv::fields,
    people::{
        finding,
        person::{AddressNumber, BirthDate, Person},
        sealing::{MunicipalKeys, SealingError},
    },
    state::Central,
    storage::{Mark, PersonMark},
};

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage<'a> {
    frame: Frame,
    own: &'static Words,
    people: &'static PeopleWords,
    bar: Bar,
    message: Option<&'static str>,
    typed: &'a Typed,
}

/// What the form sends. No `Debug`: it names somebody.
#[derive(Deserialize)]
pub(crate) struct Typed {
    word: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    address_number: String,
    #[serde(default)]
    coupon: String,
    #[serde(default)]
    kana: String,
    #[serde(default)]
    born_on: String,
}

const NOTHING: Typed = Typed {
    word: String::new(),
    by: String::new(),
    address_number: String::new(),
    coupon: String::new(),
    kana: String::new(),
    born_on: String::new(),
};

/// By what somebody is looked for.
enum Sought {
    AddressNumber(AddressNumber),
    Coupon(record::CouponNumber),
    Name(String, BirthDate),
}

/// Why nobody is shown.
enum Refused {
    StaleForm,
    AddressNumber,
    Coupon,
    Name,
    NotFound,
    NotUnique,
}

/// The form.
pub(crate) async fn show(officer: Officer, chosen: Chosen) -> Response {
    answer(chosen, &officer, None, &NOTHING)
}

/// Finds one person, and goes to their page.
pub(crate) async fn search(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(typed): Form<Typed>,
) -> Response {
    let sought = match read(&officer, &typed, central.clock.now()) {
        Ok(sought) => sought,
        Err(refused) => return answer(chosen, &officer, Some(refused), &typed),
    };
    let found = match find(&central, &officer, &sought).await {
        Ok(found) => found,
        Err(error) => return unavailable(&error),
    };
    let act = Act::Searched { found: found.is_ok() };
    if let Err(error) = officer.note(&central, &act, None).await {
        return unavailable(&error.into());
    }
    match found {
        Ok(person) => {
            Redirect::to(&format!("/municipality/people/{}", mark_text::text(person))).into_response()
        }
        Err(refused) => answer(chosen, &officer, Some(refused), &typed),
    }
}

fn read(officer: &Officer, typed: &Typed, now: WallTime) -> Result<Sought, Refused> {
    if !officer.sent(&typed.word) {
        return Err(Refused::StaleForm);
    }
    match typed.by.as_str() {
        "address_number" => {
            let number = AddressNumber::read(&typed.address_number);
            number.map(Sought::AddressNumber).map_err(|_| Refused::AddressNumber)
        }
        "coupon" => {
            let number = fields::narrow(&typed.coupon).parse();
            number.map(Sought::Coupon).map_err(|_| Refused::Coupon)
        }
        "name" => {
            let born_on = BirthDate::read(&typed.born_on, today(now)).map_err(|_| Refused::Name)?;
            let kana = fields::line(&typed.kana, Person::MOST_NAME).map_err(|_| Refused::Name)?;
            Ok(Sought::Name(kana, born_on))
        }
        _ => Err(Refused::StaleForm),
    }
}

/// The day in Japan; the last that anybody can be born on.
fn today(now: WallTime) -> (u16, u8, u8) {
    CalendarDate::in_japan(now).map_or((9999, 12, 31), |day| {
        let (year, month, day) = day.parts();
        (u16::try_from(year).unwrap_or(u16::MAX), month, day)
    })
}

async fn find(
    central: &Central,
    officer: &Officer,
    sought: &Sought,
) -> Result<Result<Mark, Refused>, SealingError> {
    let Some(keys) = officer.keys(central).await? else { return Ok(Err(Refused::NotFound)) };
    let by = match sought {
        Sought::AddressNumber(number) => PersonMark::AddressNumber(keys.address_mark(number)),
        Sought::Coupon(number) => PersonMark::Coupon(keys.coupon_mark(*number)),
        Sought::Name(kana, born_on) => return by_name(central, &keys, kana, *born_on).await,
    };
    let found = central.storage.person(officer.municipality, by).await?;
    Ok(found.map(|version| version.row.person).ok_or(Refused::NotFound))
}

async fn by_name(
    central: &Central,
    keys: &MunicipalKeys,
    kana: &str,
    born_on: BirthDate,
) -> Result<Result<Mark, Refused>, SealingError> {
    let found = finding::named(&*central.storage, keys, kana, born_on).await?;
    Ok(match &found[..] {
        [] => Err(Refused::NotFound),
        [version] => Ok(version.row.person),
        _ => Err(Refused::NotUnique),
    })
}

fn answer(chosen: Chosen, officer: &Officer, refused: Option<Refused>, typed: &Typed) -> Response {
    let language = chosen.language;
    let people = people_words(language);
    let (status, message) = match refused {
        None => (StatusCode::OK, None),
        Some(refused) => {
            let (status, message) = refused.status_and_message(people);
            (status, Some(message))
        }
    };
    let (frame, own, bar) = (Frame::new(language), words(language), officer.bar(language));
    page(status, chosen, &PeoplePage { frame, own, people, bar, message, typed }, [])
}

impl Refused {
    fn status_and_message(&self, words: &'static PeopleWords) -> (StatusCode, &'static str) {
        match self {
            Self::StaleForm => (StatusCode::FORBIDDEN, words.stale_form),
            Self::AddressNumber => (StatusCode::UNPROCESSABLE_ENTITY, words.no_address_number),
            Self::Coupon => (StatusCode::UNPROCESSABLE_ENTITY, words.no_coupon),
            Self::Name => (StatusCode::UNPROCESSABLE_ENTITY, words.no_name),
            Self::NotFound => (StatusCode::NOT_FOUND, words.not_found),
            Self::NotUnique => (StatusCode::CONFLICT, words.not_unique),
        }
    }
}

/// What cannot be read or recorded is not shown.
pub(super) fn unavailable(error: &SealingError) -> Response {
    tracing::error!(%error, "a person cannot be read, or the audit not be written");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
