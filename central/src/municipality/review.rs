//! 記録の確認: one dose about which entries contradict each other, side by side, and the decision.
//!
//! Must not: keep a decision about anything that the page did not show.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use record::{EntryId, WallTime, bytes::EntryHash};
use serde::Deserialize;

use super::{
    comparison::{Comparison, comparison},
    officer::{Bar, Officer},
    phrases,
    words::{Words, words},
};
use crate::{
    case::{Case, Decided, Decision, DecisionReason, MOST_REASON, NewDecision},
    console::{
        forms,
        language::{Chosen, Language},
        page::{Frame, page},
        phrases as console_phrases,
    },
    state::Central,
    storage::StorageError,
};

/// What the form names where nothing shall stand.
const NONE: &str = "none";

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    frame: Frame,
    own: &'static Words,
    bar: Bar,
    address: String,
    cases: Vec<Shown>,
    message: Option<&'static str>,
    most_reason: usize,
}

#[derive(Template)]
#[template(path = "no_review.html")]
struct NoReviewPage {
    frame: Frame,
    own: &'static Words,
    bar: Bar,
}

/// One case on the page.
struct Shown {
    /// Distinguishes the fields of several cases.
    place: usize,
    title: String,
    is_open: bool,
    table: Comparison,
    history: Vec<String>,
    seen: String,
    is_first: bool,
    reason: String,
}

/// What the form sends. No `Debug`: a reason may name somebody.
#[derive(Deserialize)]
pub(crate) struct Entered {
    word: String,
    seen: String,
    #[serde(default)]
    stands: String,
    #[serde(default)]
    reason: String,
}

/// Why a decision is not kept.
enum Refused {
    StaleForm,
    NothingChosen,
    Reason,
    Overtaken,
    CannotStand,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(entry_id): Path<String>,
) -> Response {
    match cases(&central, &officer, &entry_id).await {
        Ok(cases) => answer(chosen, &officer, &entry_id, &cases, central.clock.now(), None),
        Err(error) => unavailable(&error),
    }
}

/// A decision.
pub(crate) async fn decide(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(entry_id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    let cases = match cases(&central, &officer, &entry_id).await {
        Ok(cases) => cases,
        Err(error) => return unavailable(&error),
    };
    let now = central.clock.now();
    let new = match read(&officer, &entered, &cases, now) {
        Ok(new) => new,
        Err(refused) => return answer(chosen, &officer, &entry_id, &cases, now, Some((refused, &entered))),
    };
    let refused = match central.storage.decide(new).await {
        Ok(Decided::Kept { .. }) => {
            tracing::info!("a decision was kept");
            note_tablets(&central, &cases);
            return Redirect::to(&address(&entry_id)).into_response();
        }
        Ok(Decided::CannotStand) => Refused::CannotStand,
        Ok(Decided::Overtaken | Decided::NoCase) => Refused::Overtaken,
        Err(error) => return unavailable(&error),
    };
    // What came first is shown now.
    match self::cases(&central, &officer, &entry_id).await {
        Ok(cases) => answer(chosen, &officer, &entry_id, &cases, now, Some((refused, &entered))),
        Err(error) => unavailable(&error),
    }
}

async fn cases(central: &Central, officer: &Officer, entry_id: &str) -> Result<Vec<Case>, StorageError> {
    let Ok(entry_id) = entry_id.parse::<EntryId>() else { return Ok(Vec::new()) };
    central.storage.cases_of_entry(officer.municipality, entry_id).await
}

/// The decision that a form asks for.
fn read(officer: &Officer, entered: &Entered, cases: &[Case], now: WallTime) -> Result<NewDecision, Refused> {
    if !forms::brings_word(Some(&officer.secret), &entered.word) {
        return Err(Refused::StaleForm);
    }
    // The form says what was seen; a case that changed since is none of these.
    let case = cases.iter().find(|case| seen(case) == entered.seen).ok_or(Refused::Overtaken)?;
    let stands = match entered.stands.as_str() {
        NONE => None,
        hash => Some(hash.parse::<EntryHash>().map_err(|_| Refused::NothingChosen)?),
    };
    let reason: DecisionReason = entered.reason.parse().map_err(|_| Refused::Reason)?;
    Ok(NewDecision {
        dose: (case.coupon, case.dose),
        seen: case.seen(),
        stands,
        reason,
        decided_by: officer.name.clone(),
        decided_at: now,
    })
}

/// The tablets' rows of the support desk have one less to review.
fn note_tablets(central: &Central, cases: &[Case]) {
    for candidate in cases.iter().flat_map(|case| &case.candidates) {
        // Nobody may be looking.
        let _ = central.changed.send(candidate.tablet_id);
    }
}

fn answer(
    chosen: Chosen,
    officer: &Officer,
    entry_id: &str,
    cases: &[Case],
    now: WallTime,
    refused: Option<(Refused, &Entered)>,
) -> Response {
    let language = chosen.language;
    let (frame, own, bar) = (Frame::new(language), words(language), officer.bar(language));
    if cases.is_empty() {
        return page(StatusCode::NOT_FOUND, chosen, &NoReviewPage { frame, own, bar }, []);
    }
    let reason = refused.as_ref().map_or("", |(_, entered)| entered.reason.as_str());
    let place = |(place, case)| shown(language, own, place, case, now, reason);
    let (status, message) = match &refused {
        None => (StatusCode::OK, None),
        Some((refused, _)) => {
            let (status, message) = refused.status_and_message(own);
            (status, Some(message))
        }
    };
    let template = ReviewPage {
        frame,
        own,
        bar,
        address: address(entry_id),
        cases: (1..).zip(cases).map(place).collect(),
        message,
        most_reason: MOST_REASON,
    };
    page(status, chosen, &template, [])
}

impl Refused {
    fn status_and_message(&self, words: &'static Words) -> (StatusCode, &'static str) {
        match self {
            Self::StaleForm => (StatusCode::FORBIDDEN, words.stale_form),
            Self::NothingChosen => (StatusCode::UNPROCESSABLE_ENTITY, words.nothing_chosen),
            Self::Reason => (StatusCode::UNPROCESSABLE_ENTITY, words.no_reason),
            Self::Overtaken => (StatusCode::CONFLICT, words.overtaken),
            Self::CannotStand => (StatusCode::UNPROCESSABLE_ENTITY, words.cannot_stand),
        }
    }
}

fn shown(language: Language, own: &Words, place: usize, case: &Case, now: WallTime, reason: &str) -> Shown {
    let table = comparison(language, own, case, now);
    let history = case.decisions.iter().map(|decision| told(language, own, case, decision, now)).collect();
    Shown {
        place,
        title: phrases::title(language, &case.coupon, case.dose),
        is_open: case.is_open(),
        table,
        history,
        seen: seen(case),
        is_first: case.decisions.is_empty(),
        reason: reason.to_owned(),
    }
}

fn told(language: Language, own: &Words, case: &Case, decision: &Decision, now: WallTime) -> String {
    let stands = decision.stands.map(|stands| {
        let place = case.candidates.iter().position(|one| one.content == stands);
        place.map_or_else(|| own.another_entry.to_owned(), |at| phrases::entry_name(language, at + 1))
    });
    phrases::decision(language, decision, stands.as_deref(), &console_phrases::at(decision.decided_at, now))
}

fn seen(case: &Case) -> String {
    URL_SAFE_NO_PAD.encode(case.seen().0)
}

fn address(entry_id: &str) -> String {
    format!("/municipality/reviews/{entry_id}")
}

fn unavailable(error: &StorageError) -> Response {
    tracing::error!(%error, "a case cannot be read or decided");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
