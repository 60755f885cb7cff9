//! 設定ファイルを作る: in two steps – looked at, then made. Nothing is made by looking.
//!
//! Must not: keep a set-up code or a PIN: the page after making shows them once, and no other way leads to them.

use askama::Template;
use axum::{
    Form,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use record::{WallTime, bundle::StaffName};
use seal::random::SystemRandom;
use zeroize::Zeroizing;

use super::{
    box_form::{self, Entered, Read},
    box_words::{BoxWords, box_words},
    boxes::{address, list},
    officer::{Bar, Officer},
    words::{Words, words},
};
use crate::{
    authority,
    box_contents::{self, Line},
    boxes::{self, MadeBox, Workshop},
    bundles::BundleError,
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
        phrases,
    },
    state::Central,
    storage::BoxKind,
};

#[derive(Template)]
#[template(path = "municipal_box_form.html")]
struct FormPage {
    frame: Frame,
    own: &'static Words,
    boxes: &'static BoxWords,
    bar: Bar,
    kinds: [(BoxKind, &'static str, &'static str); 3],
    entered: Entered,
    message: Option<String>,
}

#[derive(Template)]
#[template(path = "municipal_box_look.html")]
struct LookPage {
    frame: Frame,
    own: &'static Words,
    boxes: &'static BoxWords,
    bar: Bar,
    entered: Entered,
    kind: &'static str,
    tablets: Vec<String>,
    until: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "municipal_box_made.html")]
struct MadePage {
    frame: Frame,
    own: &'static Words,
    boxes: &'static BoxWords,
    bar: Bar,
    address: String,
    until: String,
    check_number: String,
    slots: Vec<Slot>,
    pins: Vec<(String, Zeroizing<String>)>,
    lines: Vec<Line>,
}

struct Slot {
    tablet_id: String,
    name: String,
    code: Zeroizing<String>,
}

/// An empty form.
pub(crate) async fn form(officer: Officer, chosen: Chosen, request: Request) -> Response {
    let host = authority::authority_of(&request).unwrap_or_default();
    let entered = Entered {
        kind: BoxKind::Spares.to_string(),
        central_url: format!("https://{host}").trim_end_matches(":443").to_owned(),
        valid_days: "30".to_owned(),
        doses: "1,2,3".to_owned(),
        municipalities: officer.municipality.to_string(),
        ..Entered::default()
    };
    form_page(&officer, chosen, entered, None)
}

fn form_page(officer: &Officer, chosen: Chosen, entered: Entered, message: Option<String>) -> Response {
    let language = chosen.language;
    let status = if message.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let own = box_words(language);
    let template = FormPage {
        frame: Frame::new(language),
        own: words(language),
        boxes: own,
        bar: officer.bar(language),
        kinds: BoxKind::ALL.map(|kind| (kind, own.kind(kind), own.kind_help(kind))),
        entered,
        message,
    };
    page(status, chosen, &template, [])
}

/// Looks at what a box would hold, or makes it.
pub(crate) async fn make(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(entered): Form<Entered>,
) -> Response {
    let own = box_words(chosen.language);
    if !forms::brings_word(Some(&officer.secret), &entered.word) {
        return list(&central, &officer, chosen, Some((StatusCode::FORBIDDEN, own.stale_form))).await;
    }
    if entered.what == "edit" {
        return form_page(&officer, chosen, entered, None);
    }
    let mut random = SystemRandom::default();
    let read = match box_form::read(&entered, officer.municipality, &mut random) {
        Ok(read) => read,
        Err(wrong) => {
            let message = own.wrong(chosen.language, wrong);
            return form_page(&officer, chosen, entered, Some(message));
        }
    };
    let now = central.clock.now();
    let workshop = match Workshop::open(&central.directory, now) {
        Ok(workshop) => workshop,
        Err(error) => return failed(&error),
    };
    let done = if entered.what == "make" {
        make_now(&central, &officer, chosen, workshop, read, now).await
    } else {
        look(&central, &officer, chosen, &workshop, &read, &entered, now).await
    };
    match done {
        Ok(response) => response,
        Err(error @ (BundleError::Field(_) | BundleError::Taken(_))) => {
            let message = own.refused(chosen.language, &error);
            form_page(&officer, chosen, entered, Some(message))
        }
        Err(error) => failed(&error),
    }
}

async fn look(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    workshop: &Workshop,
    read: &Read,
    entered: &Entered,
    now: WallTime,
) -> Result<Response, BundleError> {
    boxes::can_be_made(workshop, &*central.storage, &read.spec).await?;
    let language = chosen.language;
    let (own, spec) = (box_words(language), &read.spec);
    let tablets = spec.tablets.iter().map(|tablet| {
        format!("{} ({}-{:04})", tablet.tablet_name.as_str(), spec.municipality, tablet.tablet_number)
    });
    let until = now.plus_ms(i64::from(spec.valid_days) * 86_400_000);
    let template = LookPage {
        frame: Frame::new(language),
        own: words(language),
        boxes: own,
        bar: officer.bar(language),
        entered: entered.clone(),
        kind: own.kind(spec.kind),
        tablets: tablets.collect(),
        until: phrases::at(until, now),
        lines: box_contents::of_spec(spec, workshop.recovery_key_id(), language),
    };
    Ok(page(StatusCode::OK, chosen, &template, []))
}

async fn make_now(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    workshop: Workshop,
    read: Read,
    now: WallTime,
) -> Result<Response, BundleError> {
    let Read { spec, pins } = read;
    let by = Some(officer.name.clone());
    let made = boxes::make(workshop, &*central.storage, spec, by, now, SystemRandom::default()).await?;
    tracing::info!(municipality = %officer.municipality, tablets = made.slots.len(), "a box of bundles was made");
    for slot in &made.slots {
        // Nobody may be looking.
        let _ = central.changed.send(slot.tablet_id);
    }
    Ok(made_page(officer, chosen, made, pins, now))
}

fn made_page(
    officer: &Officer,
    chosen: Chosen,
    made: MadeBox,
    pins: Vec<(StaffName, Zeroizing<String>)>,
    now: WallTime,
) -> Response {
    let language = chosen.language;
    let slots = made.slots.iter().map(|slot| Slot {
        tablet_id: slot.tablet_id.to_string(),
        name: slot.tablet_name.to_string(),
        code: slot.code.in_groups(),
    });
    let template = MadePage {
        frame: Frame::new(language),
        own: words(language),
        boxes: box_words(language),
        bar: officer.bar(language),
        address: address(made.issued_at),
        until: phrases::at(made.expires_at, now),
        check_number: seal::bundle::check_number(&made.signer),
        slots: slots.collect(),
        pins: pins.into_iter().map(|(name, pin)| (name.to_string(), pin)).collect(),
        lines: box_contents::of_bundle(&made.sample, language),
    };
    page(StatusCode::OK, chosen, &template, [])
}

fn failed(error: &BundleError) -> Response {
    tracing::error!(%error, "a box of bundles cannot be made");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
