//! Signing in on the console's real pages, in a real browser.
//!
//! Must not: take a way that a person could not.

use record::WallTime;

use crate::{authenticator::Authenticator, browser::Browser};

/// Where somebody stands after the password.
const SECRET: &str = "#secret";

/// Goes to the console and signs in for the first time: the password, the authenticator, and past the recovery codes.
pub async fn sign_in_first(
    browser: &Browser,
    url: &str,
    name: &str,
    password: &str,
    now: WallTime,
) -> Authenticator {
    enter_password(browser, url, name, password).await;
    let authenticator = set_up(browser, now).await;
    browser.click("a.primary").await;
    authenticator
}

/// The first step.
pub async fn enter_password(browser: &Browser, url: &str, name: &str, password: &str) {
    browser.goto(url).await;
    browser.fill("#name", name).await;
    browser.fill("#password", password).await;
    browser.click("button.primary").await;
}

/// Sets the authenticator up by its typed key; ends where the recovery codes are shown.
pub async fn set_up(browser: &Browser, now: WallTime) -> Authenticator {
    let shown = browser.find(SECRET).await.text().await.unwrap();
    let mut authenticator = Authenticator::with_key(&shown);
    browser.fill("#code", &authenticator.code(now)).await;
    browser.click("button.primary").await;
    browser.find(".codes").await;
    authenticator
}
