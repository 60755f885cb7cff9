//! 照会した記録・照会された記録: the look-ups that a municipality made, and those that others made of its people.
//!
//! Must not: show what was answered.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::{Municipality, MunicipalityTable};
use serde::Deserialize;

use super::{
    audit_words::whom,
    look_up_words::{LookUpWords, look_up_words},
    officer::{Bar, Officer},
    people::unavailable,
    phrases,
    words::{Words, words},
};
use crate::{
    audit::Act,
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    lookups::{Answered, LookUpTold},
    people::sealing::{MunicipalKeys, SealingError},
    state::Central,
    storage::{Line, LineQuestion},
};

/// Lines of one page.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "look_ups.html")]
struct LookUpsPage {
    frame: Frame,
    own: &'static Words,
    look_ups: &'static LookUpWords,
    bar: Bar,
    address: &'static str,
    is_made: bool,
    message: Option<&'static str>,
    rows: Vec<Row>,
    older: Option<u64>,
    is_newest: bool,
}

struct Row {
    position: u64,
    at: String,
    other: String,
    account: String,
    purpose: &'static str,
    ground: String,
    as_of: String,
    consent: &'static str,
    document: Option<String>,
    by: &'static str,
    answer: String,
    number: String,
    /// Address and 宛名番号.
    person: Option<(String, String)>,
}

/// Which lines.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    before: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Made,
    Received,
}

/// Look-ups made.
pub(crate) async fn made(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    list(&central, &officer, chosen, &asked, Side::Made).await
}

/// Look-ups received.
pub(crate) async fn received(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    list(&central, &officer, chosen, &asked, Side::Received).await
}

async fn list(central: &Central, officer: &Officer, chosen: Chosen, asked: &Asked, side: Side) -> Response {
    match looked(central, officer, chosen.language, asked, side).await {
        Ok((status, template)) => page(status, chosen, &template, []),
        Err(error) => unavailable(&error),
    }
}

async fn looked(
    central: &Central,
    officer: &Officer,
    language: Language,
    asked: &Asked,
    side: Side,
) -> Result<(StatusCode, LookUpsPage), SealingError> {
    let look_ups = look_up_words(language);
    let before = match asked.before.as_str() {
        "" => Ok(None),
        text => text.parse::<u64>().map(Some),
    };
    let (status, message, lines) = match before {
        Err(_) => (StatusCode::UNPROCESSABLE_ENTITY, Some(look_ups.bad_question), Vec::new()),
        Ok(before) => {
            let kinds = vec![match side {
                Side::Made => Act::LOOKED_UP,
                Side::Received => Act::WAS_LOOKED_UP,
            }];
            let municipality = officer.municipality;
            let question =
                LineQuestion { municipality, kinds, account: None, person: None, before, most: ROWS + 1 };
            (StatusCode::OK, None, central.storage.lines(question).await?)
        }
    };
    let keys = officer.keys(central).await?;
    let older = lines.get(ROWS as usize - 1).filter(|_| lines.len() > ROWS as usize);
    let older = older.map(|line| line.position);
    let rows = lines.iter().take(ROWS as usize).filter_map(|line| {
        let told = match Act::read(&line.content)? {
            Act::LookedUp(told) | Act::WasLookedUp(told) => told,
            _ => return None,
        };
        Some(row(language, look_ups, keys.as_ref(), line, told))
    });
    let rows = rows.collect();
    let template = LookUpsPage {
        frame: Frame::new(language),
        own: words(language),
        look_ups,
        bar: officer.bar(language),
        address: match side {
            Side::Made => "/municipality/look-ups",
            Side::Received => "/municipality/look-ups/received",
        },
        is_made: side == Side::Made,
        message,
        rows,
        older,
        is_newest: asked.before.is_empty(),
    };
    Ok((status, template))
}

fn row(
    language: Language,
    words: &'static LookUpWords,
    keys: Option<&MunicipalKeys>,
    line: &Line,
    told: LookUpTold,
) -> Row {
    let other = MunicipalityTable::shipped().find(told.municipality);
    Row {
        position: line.position,
        at: phrases::dated(line.at),
        other: other.map_or_else(|| told.municipality.to_string(), Municipality::full_name),
        account: line.account.clone(),
        purpose: words.purpose_word(told.purpose),
        ground: match language {
            Language::Japanese => told.ground.ja,
            Language::English => told.ground.en,
        },
        as_of: told.ground.as_of,
        consent: words.consent_word(told.consent),
        document: told.document.map(|document| document.to_string()),
        by: words.by_word(told.by),
        answer: answer(language, words, &told.answer),
        number: told.look_up,
        person: whom(language, keys, line),
    }
}

/// What was answered, in a few words.
pub(super) fn answer(language: Language, words: &LookUpWords, answered: &Answered) -> String {
    match answered {
        Answered::Doses(doses) if doses.is_empty() => words.answered_none.to_owned(),
        Answered::Doses(doses) => {
            let doses: Vec<String> = doses.iter().map(|dose| phrases::dose(language, *dose)).collect();
            doses.join(match language {
                Language::Japanese => "、",
                Language::English => ", ",
            })
        }
        Answered::NotFound => words.answered_not_found.to_owned(),
        Answered::NotUnique => words.answered_not_unique.to_owned(),
        Answered::Contradicts => words.answered_contradicts.to_owned(),
    }
}
