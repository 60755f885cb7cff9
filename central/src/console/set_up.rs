//! 二段階認証の設定: an account's first sign-in. The secret as QR code and as text, the first code, and the recovery
//! codes, shown once.
//!
//! Must not: show a secret that another session was given, or keep a recovery code.

use std::net::SocketAddr;

use askama::Template;
use axum::{
    Form,
    extract::{ConnectInfo, State},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use seal::{random::SystemRandom, totp::Secret};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    code::{self, Refused},
    forms,
    guard::place_of,
    language::Chosen,
    page::{Frame, page},
    qr::{self, QrPicture},
    session::HalfSignedIn,
};
use crate::{
    second_factor,
    state::Central,
    storage::{AccountName, FreshFactor, Stage},
};

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    frame: Frame,
    word: String,
    account: AccountName,
    picture: Option<QrPicture>,
    groups: Vec<String>,
    message: Option<String>,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage {
    frame: Frame,
    account: AccountName,
    codes: Vec<Zeroizing<String>>,
}

/// What the form sends. No `Debug`: it holds a code.
#[derive(Deserialize)]
pub(crate) struct Entered {
    code: String,
    word: String,
}

/// What was set up: the recovery codes to show, and the session's cookie.
struct SetUp {
    codes: Vec<Zeroizing<String>>,
    cookie: Option<HeaderValue>,
}

/// The page.
pub(crate) async fn form(State(central): State<Central>, half: HalfSignedIn, chosen: Chosen) -> Response {
    if !matches!(half.stage, Stage::SettingUp(_)) {
        return Redirect::to(place_of(&half.stage)).into_response();
    }
    show(&central, chosen, &half, StatusCode::OK, None)
}

fn secret_of(central: &Central, half: &HalfSignedIn) -> Result<(Vec<u8>, Secret), Refused> {
    let Stage::SettingUp(sealed) = &half.stage else { return Err(Refused::StaleForm) };
    let secret = second_factor::open(&central.keeping_key, &half.name, sealed)?;
    Ok((sealed.clone(), secret))
}

fn show(
    central: &Central,
    chosen: Chosen,
    half: &HalfSignedIn,
    status: StatusCode,
    message: Option<String>,
) -> Response {
    let Ok((_, secret)) = secret_of(central, half) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let text = secret.to_base32();
    let group = |letters: &[u8]| String::from_utf8_lossy(letters).into_owned();
    let template = SetUpPage {
        frame: Frame::new(chosen.language),
        word: forms::word(&half.secret),
        account: half.name.clone(),
        picture: qr::picture(&second_factor::address(&half.name, &secret)),
        groups: text.as_bytes().chunks(4).map(group).collect(),
        message,
    };
    page(status, chosen, &template, [])
}

/// The first code.
pub(crate) async fn enter(
    State(central): State<Central>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    half: HalfSignedIn,
    chosen: Chosen,
    Form(entered): Form<Entered>,
) -> Response {
    if !matches!(half.stage, Stage::SettingUp(_)) {
        return Redirect::to(place_of(&half.stage)).into_response();
    }
    match set_up(&central, from, &half, &entered).await {
        Ok(SetUp { codes, cookie }) => {
            let template = RecoveryPage { frame: Frame::new(chosen.language), account: half.name, codes };
            page(StatusCode::OK, chosen, &template, [cookie])
        }
        Err(refused) => code::refuse(chosen, &refused, |status, message| {
            show(&central, chosen, &half, status, Some(message))
        }),
    }
}

async fn set_up(
    central: &Central,
    from: SocketAddr,
    half: &HalfSignedIn,
    entered: &Entered,
) -> Result<SetUp, Refused> {
    if !forms::brings_word(Some(&half.secret), &entered.word) {
        return Err(Refused::StaleForm);
    }
    let now = central.clock.now();
    code::may_try(central, half, from, now)?;
    let (sealed_secret, secret) = secret_of(central, half)?;
    let typed = second_factor::Typed::of(&half.name, &entered.code);
    let step = match &typed {
        second_factor::Typed::Code(code) => secret.accepts(code, now, None),
        second_factor::Typed::Recovery(_) => None,
    };
    let Some(step) = step else {
        code::failed(central, half, from, now);
        return Err(Refused::Wrong);
    };
    let codes = second_factor::recovery_codes(&mut SystemRandom::default())?;
    let recovery = codes.iter().map(|code| second_factor::recovery_digest(&half.name, code)).collect();
    let factor = FreshFactor { sealed_secret, step, recovery, at: now };
    if !central.storage.set_second_factor(half.name.clone(), factor).await? {
        return Err(Refused::Ended);
    }
    let fresh = code::signed_in(central, half, now).await?;
    code::succeeded(central, half, from);
    Ok(SetUp { codes, cookie: fresh.cookie })
}
