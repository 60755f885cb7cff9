//! One tablet: how it stands in words, what to do next, what happened, and two charts. What moves is refreshed by itself.
//!
//! Must not: ask the storage for anything an entry says.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use record::{TabletId, WallTime};

use super::{
    chart::Chart,
    fleet_page::unavailable,
    fleet_rows::{missing, owner},
    forms,
    language::Chosen,
    mark::Mark,
    need_words,
    page::{Frame, page},
    phrases,
    session::SignedIn,
    tablet_charts,
    tablet_facts::{Fact, Line, facts, lines},
};
use crate::{
    fleet::{
        TabletStatus,
        heartbeat::KeptHeartbeat,
        needs::Measure,
        timeline::{Arrival, timeline},
    },
    state::Central,
    storage::{AccountName, StorageError},
};

/// So many lines of the timeline are shown; what is older is left out.
const LINES: usize = 100;

#[derive(Template)]
#[template(path = "tablet.html")]
struct TabletPage {
    frame: Frame,
    word: String,
    account: AccountName,
    tablet_id: String,
    name: String,
    owner: String,
    now: Now,
    charts: Vec<Chart>,
}

#[derive(Template)]
#[template(path = "tablet_now.html")]
struct NowPage {
    frame: Frame,
    now: Now,
}

#[derive(Template)]
#[template(path = "no_tablet.html")]
struct NoTabletPage {
    frame: Frame,
    word: String,
    account: AccountName,
}

/// What is refreshed.
struct Now {
    needs: Vec<(Mark, &'static str, &'static str)>,
    facts: Vec<Fact>,
    lines: Vec<Line>,
    is_cut: bool,
    as_of: String,
}

/// What the storage says of it.
struct Found {
    status: TabletStatus,
    heartbeats: Vec<KeptHeartbeat>,
    arrivals: Vec<Arrival>,
    missing: Vec<String>,
}

/// The whole page.
pub(crate) async fn show(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Path(tablet_id): Path<String>,
) -> Response {
    let (frame, word) = (Frame::new(chosen.language).seen_by(signed_in.role), forms::word(&signed_in.secret));
    let account = signed_in.name;
    match find(&central, &frame, &tablet_id).await {
        Ok(Some(found)) => {
            let at = central.clock.now();
            let shown = TabletPage {
                tablet_id: found.status.tablet_id.to_string(),
                name: found.status.name.to_string(),
                owner: owner(found.status.tablet_id),
                charts: tablet_charts::charts(&frame, &found.status, &found.heartbeats, &found.arrivals, at),
                now: now(&frame, &found, at),
                frame,
                word,
                account,
            };
            page(StatusCode::OK, chosen, &shown, [])
        }
        Ok(None) => page(StatusCode::NOT_FOUND, chosen, &NoTabletPage { frame, word, account }, []),
        Err(error) => unavailable(&error),
    }
}

/// What moves, alone.
pub(crate) async fn show_now(
    State(central): State<Central>,
    _signed_in: SignedIn,
    chosen: Chosen,
    Path(tablet_id): Path<String>,
) -> Response {
    let frame = Frame::new(chosen.language);
    match find(&central, &frame, &tablet_id).await {
        Ok(Some(found)) => {
            let now = now(&frame, &found, central.clock.now());
            page(StatusCode::OK, chosen, &NowPage { frame, now }, [])
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => unavailable(&error),
    }
}

async fn find(central: &Central, frame: &Frame, tablet_id: &str) -> Result<Option<Found>, StorageError> {
    let Ok(tablet_id) = tablet_id.parse::<TabletId>() else { return Ok(None) };
    let Some(status) = central.storage.tablet(tablet_id).await? else { return Ok(None) };
    let missing = missing(central, frame.language, &status).await?;
    let heartbeats = central.storage.heartbeats(tablet_id).await?;
    let arrivals = central.storage.arrivals(tablet_id).await?;
    Ok(Some(Found { status, heartbeats, arrivals, missing }))
}

fn now(frame: &Frame, found: &Found, now: WallTime) -> Now {
    let language = frame.language;
    let needs = found.status.needs(Measure::at(now)).all();
    let words = |need| (Mark::of(need), need_words::state(language, need), need_words::help(language, need));
    let happened = timeline(&found.status, &found.arrivals, &found.heartbeats);
    Now {
        needs: needs.map(words).collect(),
        facts: facts(frame, &found.status, &found.missing, now),
        is_cut: happened.len() > LINES,
        lines: lines(frame, &happened[..happened.len().min(LINES)], now),
        as_of: phrases::as_of(language, now),
    }
}
