//! 在庫の推移: a facility's stock day by day, what came and went, and how long what is there can still be used.
//!
//! Must not: say what a line moves; `vsys` does.

mod history;
mod shelf;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use record::{CalendarDate, WallTime};
use serde::Deserialize;
use vsys::{Balance, ledger::Account};

pub(super) use self::shelf::ShelfRow;
use self::{
    history::{Day, History},
    shelf::shelf,
};
use super::{
    charts_words::{ChartWords, chart_words},
    facility_page::{answer, own_facility},
    nav::{Around, facility_address, unavailable},
    recall::PublishedLots,
    span,
    words::StockWords,
};
use crate::{
    console::{
        chart::{Chart, Drawn, chart},
        language::{Chosen, Language},
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::{Days, Place, Storage, StorageError},
};

/// Lines that are read at once.
const AT_ONCE: u32 = 5_000;
/// The most lines whose charts stand on the facility's own page; beyond it they have a page of their own.
pub(super) const MOST_ON_PAGE: u64 = 2_000;
/// Beyond so many days what came and went is shown by weeks.
const BY_DAY: i64 = 31;

#[derive(Template)]
#[template(path = "stock_charts.html")]
struct ChartsPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    charts: &'static ChartWords,
    bar: Bar,
    title: String,
    address: String,
    days: i64,
    drawn: Over,
    shelf: Vec<ShelfRow>,
}

/// What stock was over time.
pub(super) enum Over {
    /// Drawn.
    Time(Vec<Chart>),
    /// Nothing was written yet.
    Empty,
    /// The lines do not follow from each other.
    Broken,
    /// It is on a page of its own.
    Elsewhere,
}

impl Over {
    /// The charts, where there are some.
    pub(super) fn charts(&self) -> &[Chart] {
        match self {
            Self::Time(charts) => charts,
            Self::Empty | Self::Broken | Self::Elsewhere => &[],
        }
    }
    /// What is said in their place.
    pub(super) fn said(&self, words: &'static ChartWords) -> Option<&'static str> {
        match self {
            Self::Time(_) => None,
            Self::Empty => Some(words.empty),
            Self::Broken => Some(words.broken),
            Self::Elsewhere => Some(words.see_only),
        }
    }
}

/// What the address may ask for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    days: String,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let (language, now) = (chosen.language, central.clock.now());
    let kept = match own_facility(&central, &officer, &code).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return answer(chosen, &officer, None, now, None),
        Err(error) => return unavailable(&error),
    };
    let days = if asked.days == "90" { 90 } else { 30 };
    let (drawn, shelf) = match read(&central, kept.place(), days, (language, now)).await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let Around { frame, own, stock, bar } = Around::new(&officer, language);
    let template = ChartsPage {
        frame,
        own,
        stock,
        charts: chart_words(language),
        bar,
        title: format!("{} {}", kept.facility.name, kept.facility.code),
        address: facility_address(kept.facility.code),
        days,
        drawn,
        shelf,
    };
    page(StatusCode::OK, chosen, &template, [])
}

async fn read(
    central: &Central,
    at: Place,
    days: i64,
    (language, now): (Language, WallTime),
) -> Result<(Over, Vec<ShelfRow>), StorageError> {
    let storage = &*central.storage;
    let published = super::recall::published_lots(storage, at.municipality).await?;
    let accounts = storage.balances(at.municipality, Some(at.facility)).await?;
    let over = over(storage, at, days, (language, now)).await?;
    Ok((over, shelf_of(language, &accounts, &published, now)))
}

/// How long what is there can still be used.
pub(super) fn shelf_of(
    language: Language,
    accounts: &[(Account, Balance)],
    published: &PublishedLots,
    now: WallTime,
) -> Vec<ShelfRow> {
    let Ok(today) = CalendarDate::in_japan(now) else { return Vec::new() };
    shelf(language, accounts, |product, lot| published.good_until(product, lot), today)
}

/// The charts of the last days: every line of the facility is folded, page by page.
pub(super) async fn over(
    storage: &dyn Storage,
    at: Place,
    count: i64,
    (language, now): (Language, WallTime),
) -> Result<Over, StorageError> {
    let Some(days) = span::usual(count, now) else { return Ok(Over::Empty) };
    let (mut history, mut after) = (History::of(days), 0);
    loop {
        let lines = storage.lines_after(at, after, AT_ONCE).await?;
        for kept in &lines {
            if let Err(error) = history.take(kept) {
                tracing::error!(%error, number = kept.number, "a line does not follow from those before it");
                return Ok(Over::Broken);
            }
        }
        match lines.last() {
            Some(last) => after = last.number,
            None => break,
        }
    }
    if after == 0 {
        return Ok(Over::Empty);
    }
    Ok(Over::Time(drawn(language, days, &history.days())))
}

fn drawn(language: Language, days: Days, all: &[Day]) -> Vec<Chart> {
    let words = chart_words(language);
    let label = |on: CalendarDate| on.to_string().get(5..).unwrap_or_default().replace('-', "/");
    let each = |counts: fn(&Day) -> Vec<u64>| {
        all.iter().map(|day| (label(day.on), Some(counts(day)))).collect::<Vec<_>>()
    };
    let by_week = days.last.days_since(days.first) >= BY_DAY;
    let flow = |counts: fn(&Day) -> Vec<u64>| -> Vec<(String, Option<Vec<u64>>)> {
        let length = if by_week { 7 } else { 1 };
        let sum = |some: &[Day]| {
            let all: Vec<Vec<u64>> = some.iter().map(counts).collect();
            let kinds = all.first().map_or(0, Vec::len);
            Some((0..kinds).map(|kind| all.iter().map(|day| day[kind]).sum()).collect())
        };
        all.chunks(length).filter_map(|some| some.first().map(|first| (label(first.on), sum(some)))).collect()
    };
    let when = if by_week { words.week } else { words.day };
    let stock = Drawn {
        title: words.stock,
        unit: words.stock_unit,
        when: words.day,
        kinds: vec![words.frozen, words.thawed],
        columns: each(|day| vec![day.frozen, day.thawed]),
    };
    let came = Drawn {
        title: words.came,
        unit: words.came_unit,
        when,
        kinds: vec![words.delivered, words.received],
        columns: flow(|day| vec![day.delivered, day.received]),
    };
    let went = Drawn {
        title: words.went,
        unit: words.came_unit,
        when,
        kinds: vec![words.given, words.sent, words.discarded],
        columns: flow(|day| vec![day.given, day.sent, day.discarded]),
    };
    vec![
        chart("stock", stock, words.unknown),
        chart("came", came, words.unknown),
        chart("went", went, words.unknown),
    ]
}
