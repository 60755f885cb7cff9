//! 廃棄と1バイアルの回数: what each facility used and discarded of each product on some days.
//!
//! Must not: judge a facility, or count; `vsys::wastage` does.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::day::FacilityCode;
use vsys::{
    ledger::DiscardReason,
    wastage::{Ratio, Use},
};

use super::{
    closing_words::{ClosingWords, closing_words},
    event_words::{amount, discard_word},
    nav::{Around, facility_address, unavailable},
    span,
    wastage_words::{WastageWords, wastage_words},
    words::StockWords,
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
        phrases::number,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::{Days, StorageError, UsedAt},
};

/// Days that are shown where none are asked for.
const USUAL_DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "stock_wastage.html")]
struct WastagePage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    closing: &'static ClosingWords,
    wastage: &'static WastageWords,
    bar: Bar,
    message: Option<&'static str>,
    first: String,
    last: String,
    rows: Vec<Row>,
    total: Option<Row>,
}

struct Row {
    facility: String,
    address: String,
    product: String,
    given: String,
    vials: String,
    per_vial: Option<String>,
    expected: Option<String>,
    /// Of the greatest, in hundredths.
    per_vial_bar: u64,
    discarded: String,
    share: String,
    share_bar: u64,
    reasons: Vec<String>,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<span::Asked>,
) -> Response {
    let (language, now) = (chosen.language, central.clock.now());
    let asked_days = span::days(&asked, USUAL_DAYS, now);
    let Some(days) = asked_days.or_else(|| span::usual(USUAL_DAYS, now)) else {
        return unavailable(&StorageError::Inconsistent("clock"));
    };
    let (status, message) = match asked_days {
        Some(_) => (StatusCode::OK, None),
        None => (StatusCode::UNPROCESSABLE_ENTITY, Some(closing_words(language).no_days)),
    };
    let (rows, total) = match read(&central, &officer, days, language).await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let Around { frame, own, stock, bar } = Around::new(&officer, language);
    let template = WastagePage {
        frame,
        own,
        stock,
        closing: closing_words(language),
        wastage: wastage_words(language),
        bar,
        message,
        first: days.first.to_string(),
        last: days.last.to_string(),
        rows,
        total,
    };
    page(status, chosen, &template, [])
}

async fn read(
    central: &Central,
    officer: &Officer,
    days: Days,
    language: Language,
) -> Result<(Vec<Row>, Option<Row>), StorageError> {
    let (storage, municipality) = (&*central.storage, officer.municipality);
    let used = storage.used_on(municipality, days).await?;
    let used: Vec<UsedAt> = used.into_iter().filter(|(_, used)| *used != Use::default()).collect();
    let names: BTreeMap<FacilityCode, String> = storage
        .facilities(municipality)
        .await?
        .into_iter()
        .map(|kept| (kept.facility.code, kept.facility.name.to_string()))
        .collect();
    let scale = Scale::of(&used);
    let row = |((code, product), used): &UsedAt| Row {
        facility: format!("{} {code}", names.get(code).map_or("", String::as_str)),
        address: facility_address(*code),
        product: product.to_string(),
        ..row(language, used, scale)
    };
    let rows: Vec<Row> = used.iter().map(row).collect();
    let total = (rows.len() > 1).then(|| self::row(language, &sum(&used), scale));
    Ok((rows, total))
}

/// What the longest bars stand for, in thousandths.
#[derive(Clone, Copy)]
struct Scale {
    per_vial: u64,
    share: u64,
}

impl Scale {
    fn of(used: &[UsedAt]) -> Self {
        let most = |of: fn(&Use) -> Option<Ratio>| {
            used.iter().filter_map(|(_, used)| of(used)).map(Ratio::per_mille).max().unwrap_or(0).max(1)
        };
        Self { per_vial: most(Use::doses_per_vial), share: most(Use::wastage) }
    }
}

fn row(language: Language, used: &Use, scale: Scale) -> Row {
    let per_mille = |ratio: Option<Ratio>| ratio.map_or(0, Ratio::per_mille);
    let (per_vial, share) = (used.doses_per_vial(), used.wastage());
    let expected = (used.vials > 0).then_some(Ratio { part: used.expected, whole: used.vials });
    let reason = |(reason, much): (&DiscardReason, &vsys::Amount)| {
        // What a closing says was discarded is among it, which no form gave that reason.
        let said = match reason {
            DiscardReason::LessThanExpected => wastage_words(language).of_opened,
            other => discard_word(language, *other),
        };
        format!("{said}: {}", amount(language, *much))
    };
    Row {
        facility: String::new(),
        address: String::new(),
        product: String::new(),
        given: number(used.given),
        vials: number(used.vials),
        per_vial: per_vial.map(|ratio| hundredths(ratio.per_mille() / 10)),
        expected: expected.map(|ratio| hundredths(ratio.per_mille() / 10)),
        per_vial_bar: per_mille(per_vial).saturating_mul(100) / scale.per_vial,
        discarded: number(used.wasted()),
        share: share.map_or_else(|| "0%".to_owned(), |ratio| percent(ratio.per_mille())),
        share_bar: per_mille(share).saturating_mul(100) / scale.share,
        reasons: used.discarded.iter().map(reason).collect(),
    }
}

/// `5.90` of 590.
fn hundredths(hundredths: u64) -> String {
    format!("{}.{:02}", number(hundredths / 100), hundredths % 100)
}

/// `3.4%` of 34 thousandths.
fn percent(per_mille: u64) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

fn sum(used: &[UsedAt]) -> Use {
    let mut all = Use::default();
    for (_, one) in used {
        all.given = all.given.saturating_add(one.given);
        all.vials = all.vials.saturating_add(one.vials);
        all.expected = all.expected.saturating_add(one.expected);
        all.gave = all.gave.saturating_add(one.gave);
        for (reason, amount) in &one.discarded {
            let sum = all.discarded.entry(*reason).or_default();
            sum.vials = sum.vials.saturating_add(amount.vials);
            sum.doses = sum.doses.saturating_add(amount.doses);
        }
    }
    all
}
