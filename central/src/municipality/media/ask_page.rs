//! 申請: one officer asks for what goes out – what, for whom, why, how it is carried, until when.
//!
//! Must not: make anything; another person allows it first.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::envelope::{EnvelopeId, FORMAT, Kind, Method, Office, Outline, Purpose, Recipient, Sender};
use seal::random::{SystemRandom, bytes};
use serde::Deserialize;

use super::{
    facts::{Around, account, address, recent, unavailable},
    phrases,
    refused::{Failure, Refused},
    words::MediaWords,
};
use crate::{
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
    },
    media::{
        cards,
        event::{About, Content, Event},
        file::SealedFile,
        ledger,
        refusal::Reason,
        spool,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::StorageError,
};

const DAY_MS: i64 = 86_400_000;
/// What is offered first.
const DAYS: u8 = 7;
const MOST_DAYS: u8 = 31;

#[derive(Template)]
#[template(path = "media_ask.html")]
struct AskPage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    message: Option<&'static str>,
    recipient: Option<(String, String)>,
    contents: Vec<Choice>,
    purposes: Vec<Choice>,
    methods: Vec<Choice>,
    document_number: String,
    days: String,
}

struct Choice {
    value: String,
    words: String,
    is_chosen: bool,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Entered {
    word: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    document_number: String,
    #[serde(default)]
    days: String,
}

impl Default for Entered {
    fn default() -> Self {
        let empty = String::new;
        Self {
            word: empty(),
            content: empty(),
            purpose: empty(),
            method: empty(),
            document_number: empty(),
            days: DAYS.to_string(),
        }
    }
}

/// The form.
pub(crate) async fn form(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    answer(&central, &officer, chosen, &Entered::default(), None).await
}

/// Asks.
pub(crate) async fn enter(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(entered): Form<Entered>,
) -> Response {
    match ask(&central, &officer, &entered).await {
        Ok(id) => Redirect::to(&address(id)).into_response(),
        Err(Failure::Refused(refused)) => answer(&central, &officer, chosen, &entered, Some(refused)).await,
        Err(Failure::Storage(error)) => unavailable(&error),
    }
}

async fn ask(central: &Central, officer: &Officer, entered: &Entered) -> Result<EnvelopeId, Failure> {
    if !forms::brings_word(Some(&officer.secret), &entered.word) {
        return Err(Refused::StaleForm.into());
    }
    let known = cards::registered(&*central.storage, officer.municipality).await?.ok_or(Refused::NoCard)?;
    let content = offered(central, officer)
        .await?
        .into_iter()
        .find(|content| value(*content) == entered.content)
        .ok_or(Refused::NothingChosen)?;
    let purpose = Purpose::ALL.into_iter().find(|one| word_of(one) == entered.purpose);
    let method = Method::ALL.into_iter().find(|one| word_of(one) == entered.method);
    let (purpose, method) = purpose.zip(method).ok_or(Refused::NothingChosen)?;
    let document_number = entered.document_number.trim().parse().map_err(|_| Refused::BadDocument)?;
    let days = entered.days.trim().parse::<u8>().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    let days = days.ok_or(Refused::BadDays)?;
    let now = central.clock.now();
    let id = bytes::<16>(&mut SystemRandom::default()).map_err(|_| Failure::from(Reason::Cryptography))?;
    let id = EnvelopeId::from_bytes(id);
    let outline = Outline {
        format: FORMAT,
        envelope_id: id,
        sender: Sender { office: Office::Central, key: central.media.office.card.signing_key },
        recipient: Recipient { office: known.card.office, key: known.card.sealed_to },
        purpose,
        document_number,
        method,
        kind: match content {
            Content::RegisterOutput { .. } => Kind::RegisterOutput,
            Content::WaitingList { .. } => Kind::WaitingList,
            Content::FaultyRows { .. } => Kind::People,
        },
        expires_at: now.plus_ms(i64::from(days) * DAY_MS),
    };
    let (who, event) = ((account(officer)?, now), Event::Asked { outline, content });
    ledger::add(&*central.storage, officer.municipality, About::File(id), who, event).await?;
    Ok(id)
}

/// What may be asked for now.
async fn offered(central: &Central, officer: &Officer) -> Result<Vec<Content>, StorageError> {
    let mut contents = Vec::new();
    for spreadsheet in [false, true] {
        contents.push(Content::RegisterOutput { spreadsheet });
    }
    for spreadsheet in [false, true] {
        contents.push(Content::WaitingList { spreadsheet });
    }
    for (id, file) in recent(&*central.storage, officer.municipality).await? {
        let lies_there = || central.media.spool.path(officer.municipality, id, spool::Kind::Faulty).exists();
        if has_faulty(&file) && lies_there() {
            contents.push(Content::FaultyRows { of: id });
        }
    }
    Ok(contents)
}

fn has_faulty(file: &SealedFile) -> bool {
    file.preview.as_ref().is_some_and(|preview| preview.faulty > 0)
}

fn value(content: Content) -> String {
    match content {
        Content::RegisterOutput { spreadsheet: false } => "register".to_owned(),
        Content::RegisterOutput { spreadsheet: true } => "register-spreadsheet".to_owned(),
        Content::WaitingList { spreadsheet: false } => "waiting".to_owned(),
        Content::WaitingList { spreadsheet: true } => "waiting-spreadsheet".to_owned(),
        Content::FaultyRows { of } => format!("faulty-{of}"),
    }
}

/// Its fixed word.
fn word_of(one: &impl serde::Serialize) -> String {
    match serde_json::to_value(one) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

async fn answer(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    entered: &Entered,
    refused: Option<Refused>,
) -> Response {
    let language = chosen.language;
    let around = Around::of(officer, language);
    let words = around.media;
    let found = async {
        let known = cards::registered(&*central.storage, officer.municipality).await?;
        Ok::<_, StorageError>((known, offered(central, officer).await?))
    };
    let (known, contents) = match found.await {
        Ok(found) => found,
        Err(error) => return unavailable(&error),
    };
    let choice =
        |value: String, words: String, entered: &str| Choice { is_chosen: value == entered, value, words };
    let template = AskPage {
        message: refused.map(|refused| refused.sentence(language, words)),
        recipient: known.map(|known| {
            let office = phrases::office(language, known.card.office);
            (office, seal::bundle::check_number(&known.card.signing_key))
        }),
        contents: contents
            .into_iter()
            .map(|one| choice(value(one), phrases::content(language, words, one), &entered.content))
            .collect(),
        purposes: Purpose::ALL
            .iter()
            .map(|one| choice(word_of(one), phrases::purpose(language, *one).to_owned(), &entered.purpose))
            .collect(),
        methods: Method::ALL
            .iter()
            .map(|one| choice(word_of(one), phrases::method(language, *one).to_owned(), &entered.method))
            .collect(),
        document_number: entered.document_number.clone(),
        days: entered.days.clone(),
        frame: around.frame,
        own: around.own,
        media: around.media,
        bar: around.bar,
    };
    page(refused.map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}
