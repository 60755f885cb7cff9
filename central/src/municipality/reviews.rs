//! 判断待ちの記録: which doses wait for the municipality, and which it decided.
//!
//! Must not: show what entries say of a dose; `review` does.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use record::WallTime;

use super::{
    officer::{Bar, Officer},
    phrases,
    words::{Words, words},
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
        phrases as console_phrases,
    },
    state::Central,
    storage::{CaseRow, StorageError},
};

/// Cases that wait, at once. The longest waiting come first, so none is forgotten.
const MOST_OPEN: usize = 200;
/// Decided ones, for looking again.
const MOST_DECIDED: usize = 50;

#[derive(Template)]
#[template(path = "reviews.html")]
struct ReviewsPage {
    frame: Frame,
    own: &'static Words,
    bar: Bar,
    what_to_do: String,
    open: Vec<Row>,
    decided: Vec<Row>,
}

struct Row {
    address: String,
    coupon: String,
    dose: String,
    at: String,
    waiting: String,
}

/// The page.
pub(crate) async fn show(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    match lists(&central, &officer, chosen.language).await {
        Ok(template) => page(StatusCode::OK, chosen, &template, []),
        Err(error) => {
            tracing::error!(%error, "cases cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn lists(
    central: &Central,
    officer: &Officer,
    language: Language,
) -> Result<ReviewsPage, StorageError> {
    let now = central.clock.now();
    let open = central.storage.open_cases(officer.municipality, MOST_OPEN).await?;
    let decided = central.storage.decided_cases(officer.municipality, MOST_DECIDED).await?;
    Ok(ReviewsPage {
        frame: Frame::new(language),
        own: words(language),
        bar: officer.bar(language),
        what_to_do: phrases::what_to_do(language, open.len()),
        open: open.iter().map(|case| row(language, case, now)).collect(),
        decided: decided.iter().map(|case| row(language, case, now)).collect(),
    })
}

fn row(language: Language, case: &CaseRow, now: WallTime) -> Row {
    Row {
        address: format!("/municipality/reviews/{}", case.entry_id),
        coupon: case.coupon.number.to_string(),
        dose: phrases::dose(language, case.dose),
        at: console_phrases::at(case.at, now),
        waiting: phrases::entries(language, case.waiting),
    }
}
