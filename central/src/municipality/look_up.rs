//! 他の市区町村への照会: the form about one person of the municipality, and the answer.
//!
//! Must not: show anything of an answer that was not recorded, or look anybody up without purpose, ground and consent.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use record::{Municipality, MunicipalityCode, MunicipalityTable};
use seal::random::SystemRandom;

use super::{
    doses::{DoseRow, answered_dose},
    look_up_form::{Refused, Typed, read},
    look_up_words::{LookUpWords, look_up_words},
    mark_text,
    officer::{Bar, Officer},
    people::unavailable,
    people_words::{PeopleWords, people_words},
    person::{self, Found},
    words::{Words, words},
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    lookups::{Asking, Ground, HardToObtain, LookUpError, LookUpPurpose, Outcome, look_up},
    people::sealing::SealingError,
    state::Central,
};

#[derive(Template)]
#[template(path = "look_up.html")]
struct LookUpPage<'a> {
    frame: Frame,
    own: &'static Words,
    look_ups: &'static LookUpWords,
    bar: Bar,
    person: String,
    name: String,
    message: Option<&'static str>,
    ground: &'a str,
    as_of: &'a str,
    has_number: bool,
    has_kana: bool,
    typed: &'a Typed,
    others: Vec<String>,
    purposes: Vec<(&'static str, &'static str)>,
    reasons: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "look_up_answer.html")]
struct AnswerPage {
    frame: Frame,
    own: &'static Words,
    people: &'static PeopleWords,
    look_ups: &'static LookUpWords,
    bar: Bar,
    person: String,
    name: String,
    asked: String,
    /// Why there is none.
    nothing: Option<&'static str>,
    doses: Vec<DoseRow>,
}

/// The form.
pub(crate) async fn form(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(person): Path<String>,
) -> Response {
    match person::find(&central, &officer, &person).await {
        // The form names the person.
        Ok(Some(found)) => match person::note(&central, &officer, &found.keys, &found.person).await {
            Ok(()) => ask_again(&central, chosen, &officer, &found, None, &Typed::default()),
            Err(error) => unavailable(&error),
        },
        Ok(None) => person::nobody(chosen, &officer),
        Err(error) => unavailable(&error),
    }
}

/// The look-up.
pub(crate) async fn ask(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(person): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    let found = match person::find(&central, &officer, &person).await {
        Ok(Some(found)) => found,
        Ok(None) => return person::nobody(chosen, &officer),
        Err(error) => return unavailable(&error),
    };
    let ground = &central.look_ups.ground;
    let question = match read(&officer, &found, &typed, ground_text(ground, chosen.language)) {
        Ok(question) => question,
        Err(refused) => return ask_again(&central, chosen, &officer, &found, Some(refused), &typed),
    };
    let asking = Asking {
        keys: &found.keys,
        account: officer.name.as_str(),
        person: &found.person,
        of: question.of,
        by: question.by,
        purpose: question.purpose,
        ground: ground.clone(),
        consent: question.consent,
        document: question.document.clone(),
        most_an_hour: central.look_ups.most_an_hour,
        now: central.clock.now(),
    };
    let mut random = SystemRandom::default();
    match look_up(&*central.storage, &central.keeping_key, &asking, &mut random).await {
        Ok(Outcome::TooMany) => ask_again(&central, chosen, &officer, &found, Some(Refused::TooMany), &typed),
        Ok(outcome) => answer(chosen, &officer, &found, question.of, &outcome),
        Err(error) => unavailable(&error.into()),
    }
}

impl From<LookUpError> for SealingError {
    fn from(error: LookUpError) -> Self {
        match error {
            LookUpError::Storage(error) => Self::Storage(error),
            LookUpError::Sealing(error) => error,
            LookUpError::Seal(error) => Self::Seal(error),
        }
    }
}

fn ground_text(ground: &Ground, language: Language) -> &str {
    match language {
        Language::Japanese => &ground.ja,
        Language::English => &ground.en,
    }
}

fn ask_again(
    central: &Central,
    chosen: Chosen,
    officer: &Officer,
    found: &Found,
    refused: Option<Refused>,
    typed: &Typed,
) -> Response {
    let language = chosen.language;
    let look_ups = look_up_words(language);
    let (status, message) = match refused {
        None => (StatusCode::OK, None),
        Some(refused) => {
            let (status, message) = refused.status_and_message(look_ups);
            (status, Some(message))
        }
    };
    let others = MunicipalityTable::shipped().iter().filter(|one| one.code != officer.municipality);
    let template = LookUpPage {
        frame: Frame::new(language),
        own: words(language),
        look_ups,
        bar: officer.bar(language),
        person: mark_text::text(found.version.row.person),
        name: found.person.name.clone(),
        message,
        ground: ground_text(&central.look_ups.ground, language),
        as_of: &central.look_ups.ground.as_of,
        has_number: found.person.personal_number.is_some(),
        has_kana: found.person.kana.is_some(),
        typed,
        others: others.map(|one| format!("{} {}", one.code, one.full_name())).collect(),
        purposes: LookUpPurpose::ALL.iter().map(|one| (one.code(), look_ups.purpose_word(*one))).collect(),
        reasons: HardToObtain::ALL.iter().map(|one| (one.code(), look_ups.hard_word(*one))).collect(),
    };
    page(status, chosen, &template, [])
}

fn answer(
    chosen: Chosen,
    officer: &Officer,
    found: &Found,
    of: MunicipalityCode,
    outcome: &Outcome,
) -> Response {
    let language = chosen.language;
    let look_ups = look_up_words(language);
    let (nothing, doses) = match outcome {
        Outcome::Doses(doses) if doses.is_empty() => (Some(look_ups.no_doses), [].as_slice()),
        Outcome::Doses(doses) => (None, doses.as_slice()),
        Outcome::NotFound => (Some(look_ups.not_found), [].as_slice()),
        Outcome::NotUnique => (Some(look_ups.not_unique), [].as_slice()),
        Outcome::Contradicts => (Some(look_ups.contradicts), [].as_slice()),
        Outcome::TooMany => (Some(look_ups.too_many), [].as_slice()),
    };
    let asked = MunicipalityTable::shipped().find(of);
    let template = AnswerPage {
        frame: Frame::new(language),
        own: words(language),
        people: people_words(language),
        look_ups,
        bar: officer.bar(language),
        person: mark_text::text(found.version.row.person),
        name: found.person.name.clone(),
        asked: asked.map_or_else(|| of.to_string(), Municipality::full_name),
        nothing,
        doses: doses.iter().map(|dose| answered_dose(language, dose)).collect(),
    };
    page(StatusCode::OK, chosen, &template, [])
}
