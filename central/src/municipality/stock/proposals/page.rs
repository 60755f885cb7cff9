//! 提案 of a municipality: the product, what goes first, and what can be moved between its own facilities.
//!
//! Must not: look at another municipality's facilities.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::{CalendarDate, day::Product};
use serde::Deserialize;
use vsys::proposal::Travel;

use super::{
    super::{
        nav::{Around, unavailable},
        words::StockWords,
    },
    shown::{For, Shown, shown},
    words::{ProposalWords, proposal_words},
};
use crate::{
    console::{
        asked::percent_encoded,
        language::Chosen,
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    stock::proposing::{self, WeighError, Wish, weigh},
    storage::{Storage, StorageError, Whose},
};

/// Where the page lies.
pub(in super::super) const PAGE: &str = "/municipality/stock/proposals";
/// What can go first within one municipality: no border is crossed anyway.
const WITHIN_ONE: [Wish; 2] = [Wish::Near, Wish::SpoilsFirst];
/// The longest way that may be asked for, in kilometres.
const MOST_KM: u32 = 2_000;

#[derive(Template)]
#[template(path = "stock_proposals.html")]
struct ProposalPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    words: &'static ProposalWords,
    bar: Bar,
    chosen: Choices,
    message: Option<&'static str>,
    shown: Option<Shown>,
    bookings: Option<&'static str>,
}

/// What the address asks for.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(super) product: String,
    #[serde(default)]
    pub(super) km: String,
    #[serde(default)]
    pub(super) wish: String,
    #[serde(default)]
    pub(super) prefecture: String,
}

/// What can be chosen, and what is.
pub(super) struct Choices {
    pub(super) products: Vec<String>,
    pub(super) product: String,
    pub(super) most_km: u32,
    pub(super) wishes: Vec<(&'static str, &'static str)>,
    pub(super) wish: &'static str,
    /// The same in an address, without `?`.
    pub(super) query: String,
}

impl Choices {
    /// A product that was asked for and is none of these is asked for all the same: it may have no rule.
    pub(super) fn of(
        words: &ProposalWords,
        asked: &Asked,
        (mut products, usual): (Vec<String>, Option<String>),
        wishes: &[Wish],
    ) -> Self {
        let product = asked.product.parse::<Product>().ok().map(|product| product.to_string());
        let product = product.or(usual).or(products.first().cloned()).unwrap_or_default();
        if !product.is_empty() && !products.contains(&product) {
            products.push(product.clone());
        }
        let most_km = asked
            .km
            .trim()
            .parse()
            .ok()
            .filter(|km| (1..=MOST_KM).contains(km))
            .unwrap_or(Travel::USUAL.most_km);
        let wish = Wish::of_code(&asked.wish);
        let said = |wish: Wish| match wish {
            Wish::Near => words.wish_near,
            Wish::SpoilsFirst => words.wish_spoils_first,
            Wish::FewBorders => words.wish_few_borders,
            Wish::NoBorders => words.wish_no_borders,
        };
        let query = format!("product={}&km={most_km}&wish={}", percent_encoded(&product), wish.code());
        Self {
            products,
            product,
            most_km,
            wishes: wishes.iter().map(|wish| (wish.code(), said(*wish))).collect(),
            wish: wish.code(),
            query,
        }
    }

    /// The question; none where there is no product.
    pub(super) fn asked(&self, whose: Whose) -> Option<proposing::Asked> {
        let product = self.product.parse().ok()?;
        Some(proposing::Asked { whose, product, most_km: self.most_km, wish: Wish::of_code(self.wish) })
    }
}

/// What came of asking: a sentence, or the answer.
pub(super) type Found = Result<Result<proposing::Weighed, &'static str>, StorageError>;

/// Asks; what stands against it is a sentence.
pub(super) async fn ask(central: &Central, words: &ProposalWords, asked: Option<proposing::Asked>) -> Found {
    let Some(asked) = asked else { return Ok(Err(words.nothing_yet)) };
    match weigh(&*central.storage, asked, central.clock.now()).await {
        Ok(weighed) => Ok(Ok(weighed)),
        Err(WeighError::NoRule) => Ok(Err(words.no_rule)),
        Err(WeighError::Question(error)) => {
            tracing::warn!(%error, "no proposal can be worked out");
            Ok(Err(words.too_much))
        }
        Err(WeighError::Storage(error)) => Err(error),
    }
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let language = chosen.language;
    let words = proposal_words(language);
    let whose = Whose::Municipality(officer.municipality);
    let products = match products(&*central.storage, &officer, central.clock.now()).await {
        Ok(found) => found,
        Err(error) => return unavailable(&error),
    };
    let choices = Choices::of(words, &asked, products, &WITHIN_ONE);
    let (message, shown) = match ask(&central, words, choices.asked(whose)).await {
        Ok(Ok(weighed)) => (None, Some(shown(language, &weighed, For::Municipality))),
        Ok(Err(sentence)) => (Some(sentence), None),
        Err(error) => return unavailable(&error),
    };
    let Around { frame, own, stock, bar } = Around::new(&officer, language);
    let bookings = Some(super::bookings_page::PAGE);
    let template = ProposalPage { frame, own, stock, words, bar, chosen: choices, message, shown, bookings };
    page(StatusCode::OK, chosen, &template, [])
}

/// Products with a rule, a booking or stock; the first that is booked is the usual one.
async fn products(
    storage: &dyn Storage,
    officer: &Officer,
    now: record::WallTime,
) -> Result<(Vec<String>, Option<String>), StorageError> {
    let today = CalendarDate::in_japan(now).map_err(|_| StorageError::Inconsistent("now"))?;
    let booked = storage.booked(Whose::Municipality(officer.municipality), today).await?;
    let accounts = storage.balances(officer.municipality, None).await?;
    let rules = storage.product_rules().await?;
    let usual = booked.first().map(|day| day.product.to_string());
    let products: BTreeSet<String> = booked
        .iter()
        .map(|day| day.product.to_string())
        .chain(accounts.iter().map(|(account, _)| account.key().product.to_string()))
        .chain(rules.iter().map(|rule| rule.product.to_string()))
        .collect();
    Ok((products.into_iter().collect(), usual))
}
