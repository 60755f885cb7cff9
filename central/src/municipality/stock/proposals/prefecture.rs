//! 都道府県の提案, for the national administrator, who approves transfers between municipalities for the prefectures: all
//! facilities of one prefecture.
//!
//! Must not: plan anything: the municipality that gives does.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use record::MunicipalityTable;

use super::{
    super::nav::unavailable,
    page::{Asked, Choices, ask},
    shown::{For, Shown, shown},
    words::{ProposalWords, proposal_words},
};
use crate::{
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
        session::SignedIn,
    },
    state::Central,
    stock::proposing::Wish,
    storage::{AccountName, Whose},
};

#[derive(Template)]
#[template(path = "prefecture_proposals.html")]
struct ProposalPage {
    frame: Frame,
    words: &'static ProposalWords,
    account: AccountName,
    word: String,
    prefectures: Vec<(u8, &'static str)>,
    prefecture: u8,
    chosen: Choices,
    message: Option<&'static str>,
    shown: Option<Shown>,
    bookings: Option<&'static str>,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let language = chosen.language;
    let words = proposal_words(language);
    let products = match central.storage.product_rules().await {
        Ok(rules) => rules.into_iter().map(|rule| rule.product.to_string()).collect(),
        Err(error) => return unavailable(&error),
    };
    let prefectures = prefectures();
    let known = |number: &u8| prefectures.iter().any(|(known, _)| known == number);
    let prefecture: Option<u8> = asked.prefecture.parse().ok().filter(known);
    let choices = Choices::of(words, &asked, (products, None), &Wish::ALL);
    let (message, shown) = match prefecture {
        // Nothing is reckoned before somebody says where.
        None => (None, None),
        Some(number) => match ask(&central, words, choices.asked(Whose::Prefecture(number))).await {
            Ok(Ok(weighed)) => (None, Some(shown(language, &weighed, For::Prefecture))),
            Ok(Err(sentence)) => (Some(sentence), None),
            Err(error) => return unavailable(&error),
        },
    };
    let template = ProposalPage {
        frame: Frame::new(language).seen_by(signed_in.role),
        words,
        account: signed_in.name.clone(),
        word: forms::word(&signed_in.secret),
        prefecture: prefecture.unwrap_or(prefectures.first().map_or(1, |(number, _)| *number)),
        prefectures,
        chosen: choices,
        message,
        shown,
        bookings: None,
    };
    page(StatusCode::OK, chosen, &template, [])
}

/// Number and name of each, by number.
fn prefectures() -> Vec<(u8, &'static str)> {
    let named: BTreeMap<u8, &'static str> = MunicipalityTable::shipped()
        .iter()
        .map(|municipality| (vsys::transfer::prefecture(municipality.code), municipality.prefecture.as_str()))
        .collect();
    named.into_iter().collect()
}
