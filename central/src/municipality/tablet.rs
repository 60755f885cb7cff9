//! One of the municipality's tablets: its bundles, and what is done when one went astray or the tablet broke.
//!
//! Must not: do anything to another municipality's tablet, or without a reason and the account of who says so.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::{TabletId, WallTime};
use serde::Deserialize;

use super::{
    officer::{Bar, Officer},
    tablet_words::{self, TabletWords, tablet_words},
    tablets::{Standing, state},
    words::{Words, words},
};
use crate::{
    case::{DecisionReason, MOST_REASON},
    console::{
        forms,
        language::{Chosen, Language},
        page::{Frame, page},
        phrases,
    },
    fleet::{TabletState, TabletStatus},
    handing_out::{self, Lost},
    state::Central,
    storage::{BundleRow, ReplaceVerdict, Replacement, Said, StorageError},
};

#[derive(Template)]
#[template(path = "municipal_tablet.html")]
struct TabletPage {
    frame: Frame,
    own: &'static Words,
    tablets: &'static TabletWords,
    bar: Bar,
    address: String,
    title: String,
    state: Standing,
    replaced: Option<String>,
    missing: Option<String>,
    bundles: Vec<Bundle>,
    may_revoke: bool,
    may_replace: bool,
    may_declare: bool,
    spares: Vec<Spare>,
    message: Option<&'static str>,
    most_reason: usize,
    reason: String,
}

#[derive(Template)]
#[template(path = "no_municipal_tablet.html")]
struct NoTabletPage {
    frame: Frame,
    own: &'static Words,
    tablets: &'static TabletWords,
    bar: Bar,
}

struct Bundle {
    made: String,
    expires: String,
    state: Standing,
    said: Option<String>,
}

struct Spare {
    tablet_id: String,
    words: String,
}

/// What the form sends. No `Debug`: a reason may name somebody.
#[derive(Deserialize)]
pub(crate) struct Entered {
    word: String,
    what: String,
    #[serde(default)]
    spare: String,
    #[serde(default)]
    reason: String,
}

/// Why nothing was done.
#[derive(Clone, Copy)]
enum Refused {
    StaleForm,
    Reason,
    NoSpare,
    Impossible,
    Already,
    NothingToRevoke,
    NothingMissing,
}

/// All that the page shows, as it is now.
struct Looked {
    status: TabletStatus,
    bundles: Vec<BundleRow>,
    spares: Vec<TabletStatus>,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(tablet_id): Path<String>,
) -> Response {
    match look(&central, &officer, &tablet_id).await {
        Ok(looked) => answer(chosen, &officer, looked, central.clock.now(), None),
        Err(error) => unavailable(&error),
    }
}

/// Revokes, replaces, or declares lost.
pub(crate) async fn act(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(tablet_id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    let now = central.clock.now();
    let looked = match look(&central, &officer, &tablet_id).await {
        Ok(Some(looked)) => looked,
        Ok(None) => return answer(chosen, &officer, None, now, None),
        Err(error) => return unavailable(&error),
    };
    match done(&central, &officer, &looked, &entered, now).await {
        Ok(Ok(())) => {
            tracing::info!(tablet_id = %looked.status.tablet_id, what = asked(&entered), "done by a municipality");
            // Nobody may be looking.
            let _ = central.changed.send(looked.status.tablet_id);
            Redirect::to(&address(looked.status.tablet_id)).into_response()
        }
        Ok(Err(refused)) => match look(&central, &officer, &tablet_id).await {
            Ok(looked) => answer(chosen, &officer, looked, now, Some((refused, &entered))),
            Err(error) => unavailable(&error),
        },
        Err(error) => unavailable(&error),
    }
}

/// One of the three words; whatever else a form says is not logged.
fn asked(entered: &Entered) -> &'static str {
    match entered.what.as_str() {
        "revoke" => "revoke",
        "replace" => "replace",
        "lost" => "lost",
        _ => "nothing",
    }
}

async fn done(
    central: &Central,
    officer: &Officer,
    looked: &Looked,
    entered: &Entered,
    now: WallTime,
) -> Result<Result<(), Refused>, StorageError> {
    if !forms::brings_word(Some(&officer.secret), &entered.word) {
        return Ok(Err(Refused::StaleForm));
    }
    let Ok(reason) = entered.reason.parse::<DecisionReason>() else { return Ok(Err(Refused::Reason)) };
    let said = Said { by: officer.name.clone(), reason, at: now };
    let tablet_id = looked.status.tablet_id;
    Ok(match asked(entered) {
        "revoke" => match central.storage.revoke_bundles(tablet_id, said).await? {
            0 => Err(Refused::NothingToRevoke),
            _ => Ok(()),
        },
        "replace" => {
            let Ok(by) = entered.spare.parse::<TabletId>() else { return Ok(Err(Refused::NoSpare)) };
            match central.storage.replace(Replacement { replaced: tablet_id, by, said }).await? {
                ReplaceVerdict::Replaced => Ok(()),
                ReplaceVerdict::Already(_) => Err(Refused::Already),
                ReplaceVerdict::Impossible => Err(Refused::Impossible),
            }
        }
        "lost" => match handing_out::declare_lost(&*central.storage, tablet_id, said).await? {
            Lost::Declared(count) if count > 0 => Ok(()),
            Lost::Declared(_) | Lost::StillAtWork => Err(Refused::NothingMissing),
        },
        _ => Err(Refused::StaleForm),
    })
}

/// What is known of a tablet of the officer's municipality; none of any other.
async fn look(central: &Central, officer: &Officer, tablet_id: &str) -> Result<Option<Looked>, StorageError> {
    let tablet_id = tablet_id.parse::<TabletId>().ok();
    let Some(tablet_id) = tablet_id.filter(|id| id.municipality() == officer.municipality) else {
        return Ok(None);
    };
    let Some(status) = central.storage.tablet(tablet_id).await? else { return Ok(None) };
    let bundles = central.storage.bundles(tablet_id).await?;
    let fleet = central.fleet.fresh(&*central.storage).await?;
    let spares = fleet.iter().filter(|spare| is_spare(spare, tablet_id)).cloned().collect();
    Ok(Some(Looked { status, bundles, spares }))
}

/// A tablet that may take that one's place: of the same municipality, not replaced itself, and not at work beside it yet.
fn is_spare(spare: &TabletStatus, of: TabletId) -> bool {
    let is_free = match &spare.state {
        TabletState::Invited { .. } => true,
        TabletState::Enrolled(tablet) => tablet.replaced.is_none() && tablet.epochs.is_empty(),
    };
    is_free && spare.tablet_id != of && spare.tablet_id.municipality() == of.municipality()
}

fn answer(
    chosen: Chosen,
    officer: &Officer,
    looked: Option<Looked>,
    now: WallTime,
    refused: Option<(Refused, &Entered)>,
) -> Response {
    let language = chosen.language;
    let (frame, own, bar) = (Frame::new(language), words(language), officer.bar(language));
    let tablets = tablet_words(language);
    let Some(Looked { status, bundles, spares }) = looked else {
        return page(StatusCode::NOT_FOUND, chosen, &NoTabletPage { frame, own, tablets, bar }, []);
    };
    let tablet = match &status.state {
        TabletState::Enrolled(tablet) => Some(tablet),
        TabletState::Invited { .. } => None,
    };
    let replaced = tablet.and_then(|tablet| tablet.replaced);
    let missing = tablet.map_or(0, |tablet| tablet.missing());
    let (status_code, message) = match refused {
        None => (StatusCode::OK, None),
        Some((refused, _)) => {
            let (status, message) = refused.status_and_message(tablets);
            (status, Some(message))
        }
    };
    let is_in = tablet.is_some();
    let shown: Vec<Bundle> = bundles.iter().map(|row| bundle(language, tablets, row, is_in, now)).collect();
    let template = TabletPage {
        frame,
        own,
        tablets,
        bar,
        address: address(status.tablet_id),
        title: tablet_words::named(language, status.name.as_str(), &status.tablet_id.to_string()),
        state: state(tablets, &status),
        replaced: replaced.map(|replaced| {
            let at = phrases::at(replaced.at, now);
            tablet_words::replaced_by(language, &replaced.tablet_id.to_string(), &at)
        }),
        missing: (missing > 0).then(|| tablet_words::missing(language, missing)),
        may_revoke: !is_in && bundles.iter().any(|row| row.revoked.is_none() && row.expires_at > now),
        bundles: shown,
        may_replace: is_in && replaced.is_none(),
        may_declare: replaced.is_some() && missing > 0,
        spares: spares
            .iter()
            .map(|spare| Spare {
                tablet_id: spare.tablet_id.to_string(),
                words: tablet_words::named(language, spare.name.as_str(), &spare.tablet_id.to_string()),
            })
            .collect(),
        message,
        most_reason: MOST_REASON,
        reason: refused.map_or_else(String::new, |(_, entered)| entered.reason.clone()),
    };
    page(status_code, chosen, &template, [])
}

fn bundle(language: Language, words: &TabletWords, row: &BundleRow, is_in: bool, now: WallTime) -> Bundle {
    let state = match &row.revoked {
        Some(_) => Standing { mark: "stop", word: words.is_revoked },
        None if is_in => Standing { mark: "awaited", word: words.was_used },
        None if row.expires_at <= now => Standing { mark: "awaited", word: words.has_expired },
        None => Standing { mark: "safe", word: words.lets_in },
    };
    let said = row.revoked.as_ref().map(|said| {
        tablet_words::revoked(language, said.by.as_str(), &phrases::at(said.at, now), said.reason.as_str())
    });
    Bundle { made: phrases::at(row.issued_at, now), expires: phrases::at(row.expires_at, now), state, said }
}

impl Refused {
    fn status_and_message(self, words: &TabletWords) -> (StatusCode, &'static str) {
        match self {
            Self::StaleForm => (StatusCode::FORBIDDEN, words.stale_form),
            Self::Reason => (StatusCode::UNPROCESSABLE_ENTITY, words.no_reason),
            Self::NoSpare => (StatusCode::UNPROCESSABLE_ENTITY, words.no_spare_chosen),
            Self::Impossible => (StatusCode::UNPROCESSABLE_ENTITY, words.impossible),
            Self::Already => (StatusCode::CONFLICT, words.already),
            Self::NothingToRevoke => (StatusCode::CONFLICT, words.nothing_to_revoke),
            Self::NothingMissing => (StatusCode::CONFLICT, words.nothing_missing),
        }
    }
}

fn address(tablet_id: TabletId) -> String {
    format!("/municipality/tablets/{tablet_id}")
}

fn unavailable(error: &StorageError) -> Response {
    tracing::error!(%error, "a tablet cannot be read or changed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
