//! 推移: what came in, what is still on the tablets, and how long ago they were heard, over the last two days. The page
//! asks for its charts again whenever an hour was noted.
//!
//! Must not: count; the storage's hours are what is drawn.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};

use super::{
    asked::{Asked, query, with},
    chart::{Chart, Drawn, chart},
    fleet_page::unavailable,
    forms,
    language::Chosen,
    page::{Frame, page},
    phrases,
    session::SignedIn,
    tablet_phrases::column,
};
use crate::{
    fleet::{
        hours::{Hour, HourShown, shown},
        question::{Question, municipalities},
    },
    state::Central,
    storage::{AccountName, StorageError},
};

#[derive(Template)]
#[template(path = "charts.html")]
struct ChartsPage {
    frame: Frame,
    word: String,
    account: AccountName,
    shown: Shown,
}

#[derive(Template)]
#[template(path = "charts_now.html")]
struct NowPage {
    frame: Frame,
    shown: Shown,
}

/// What is refreshed, and what was asked for.
struct Shown {
    municipality: String,
    /// The same in an address, ready for one more part.
    kept: String,
    is_nowhere: bool,
    as_of: String,
    charts: Vec<Chart>,
}

/// The page; of some municipalities, if asked.
pub(crate) async fn show(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = Frame::new(chosen.language).seen_by(signed_in.role);
    match read(&central, &frame, &asked).await {
        Ok(shown) => {
            let (word, account) = (forms::word(&signed_in.secret), signed_in.name);
            page(StatusCode::OK, chosen, &ChartsPage { frame, word, account, shown }, [])
        }
        Err(error) => unavailable(&error),
    }
}

/// The charts alone.
pub(crate) async fn show_now(
    State(central): State<Central>,
    _signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = Frame::new(chosen.language);
    match read(&central, &frame, &asked).await {
        Ok(shown) => page(StatusCode::OK, chosen, &NowPage { frame, shown }, []),
        Err(error) => unavailable(&error),
    }
}

async fn read(central: &Central, frame: &Frame, asked: &Asked) -> Result<Shown, StorageError> {
    let (now, municipality) = (central.clock.now(), asked.question().municipality);
    let of = (!municipality.is_empty()).then(|| municipalities(&municipality));
    let is_nowhere = of.as_ref().is_some_and(std::collections::BTreeSet::is_empty);
    let noted = central.storage.hours(of.map(|codes| codes.into_iter().collect()), now).await?;
    let kept = query(&Question { municipality: municipality.clone(), ..Question::default() });
    Ok(Shown {
        kept: with(&kept, ""),
        municipality,
        is_nowhere,
        as_of: phrases::as_of(frame.language, now),
        charts: charts(frame, &shown(&noted, Hour::of(now))),
    })
}

fn charts(frame: &Frame, hours: &[HourShown]) -> Vec<Chart> {
    let words = frame.fleet;
    let columns = |counts: fn(&HourShown) -> Option<Vec<u64>>| {
        hours.iter().map(|shown| (column(shown.hour.begins_at()), counts(shown))).collect()
    };
    let received = Drawn {
        title: words.chart_received,
        unit: words.chart_received_unit,
        when: words.time,
        kinds: vec![words.chart_received],
        columns: columns(|shown| shown.received.map(|count| vec![count])),
    };
    let backlog = Drawn {
        title: words.chart_backlog,
        unit: words.chart_backlog_unit,
        when: words.time,
        kinds: vec![words.chart_backlog],
        columns: columns(|shown| shown.pending.map(|count| vec![count])),
    };
    let lag = Drawn {
        title: words.chart_lag,
        unit: words.chart_lag_unit,
        when: words.time,
        kinds: vec![words.within_hour, words.within_day, words.longer],
        columns: columns(|shown| {
            shown.heard.map(|heard| vec![heard.within_hour, heard.within_day, heard.longer])
        }),
    };
    let unknown = words.not_noted;
    vec![chart("received", received, unknown), chart("backlog", backlog, unknown), chart("lag", lag, unknown)]
}
