//! 二段階認証: set up at the first sign-in, asked for at each one after, and what is left where the app is lost.
//!
//! Must not: reach into the central; whoever signs in has a browser and an app.

use reqwest::StatusCode;

use super::{
    NOON, central,
    central_process::CentralProcess,
    visitor::{CODE, Page, SET_UP, Visitor},
};

const SESSION: &str = "__Host-vrs-session";
const MINUTE_MS: i64 = 60_000;

fn visitor(central: &CentralProcess) -> Visitor {
    Visitor::new(&central.route().authority_pem, central.url())
}

fn leads_to(page: &Page, place: &str) {
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, place));
}

#[tokio::test]
async fn it_is_set_up_at_the_first_sign_in_and_asked_for_at_the_next() {
    let (central, clock) = central();
    let (password, mut visitor) = (central.add_account("support-1"), visitor(&central));
    leads_to(&visitor.enter_password("support-1", &password).await, SET_UP);
    let page = visitor.get(SET_UP).await;
    assert_eq!(page.shown_key().len(), 32);
    assert!(page.body.contains("<svg class=\"qr\""), "there is a code to scan");
    assert_eq!(visitor.get(SET_UP).await.shown_key(), page.shown_key(), "looking again changes nothing");
    let wrong = visitor.enter_code(SET_UP, "000000").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(wrong.body.contains("コードが違うか、使用済みです"));
    assert_eq!(wrong.shown_key(), page.shown_key());

    let codes = visitor.set_up("support-1").await.recovery_codes();
    assert_eq!(codes.len(), 8);
    assert_eq!(visitor.get("/console/fleet").await.status, StatusCode::OK);
    leads_to(&visitor.get(SET_UP).await, "/");

    clock.put(NOON.plus_ms(5 * MINUTE_MS));
    leads_to(&visitor.enter_password("support-1", &password).await, CODE);
    let wrong = visitor.enter_code(CODE, "000000").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    leads_to(&visitor.sign_in("support-1", &password).await, "/");
    assert_eq!(visitor.get("/console/fleet").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_counts_once_also_in_another_browser() {
    let (central, clock) = central();
    let (password, mut first, mut second) =
        (central.add_account("support-1"), visitor(&central), visitor(&central));
    first.sign_in("support-1", &password).await;
    clock.put(NOON.plus_ms(5 * MINUTE_MS));
    let code = first.authenticators.get_mut("support-1").unwrap().code(clock.now());
    for visitor in [&mut first, &mut second] {
        leads_to(&visitor.enter_password("support-1", &password).await, CODE);
    }
    leads_to(&first.enter_code(CODE, &code).await, "/");
    let again = second.enter_code(CODE, &code).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "whoever looked over the shoulder comes too late");
    let later = first.authenticators.get_mut("support-1").unwrap().code(clock.now());
    leads_to(&second.enter_code(CODE, &later).await, "/");
}

#[tokio::test]
async fn every_step_has_a_cookie_of_its_own() {
    let (central, _) = central();
    let (password, mut visitor) = (central.add_account("support-1"), visitor(&central));
    let planted = "A".repeat(43);
    visitor.cookies.insert(SESSION.to_owned(), planted.clone());
    visitor.enter_password("support-1", &password).await;
    let half = visitor.cookies[SESSION].clone();
    visitor.set_up("support-1").await;
    let whole = visitor.cookies[SESSION].clone();
    assert!(planted != half && half != whole);
    // Whoever knew an earlier one has nothing of it.
    for earlier in [planted, half] {
        visitor.cookies.insert(SESSION.to_owned(), earlier);
        leads_to(&visitor.get("/console/fleet").await, "/console/sign-in");
        leads_to(&visitor.get(CODE).await, "/console/sign-in");
    }
    visitor.cookies.insert(SESSION.to_owned(), whole);
    assert_eq!(visitor.get("/console/fleet").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_saw_another_set_up_page_does_not_know_the_secret() {
    let (central, _) = central();
    let (password, mut one, mut two) =
        (central.add_account("support-1"), visitor(&central), visitor(&central));
    one.enter_password("support-1", &password).await;
    two.enter_password("support-1", &password).await;
    let (seen, other) = (one.get(SET_UP).await.shown_key(), two.get(SET_UP).await.shown_key());
    assert_ne!(seen, other, "each browser is given its own");
    two.set_up("support-1").await;
    // The first to finish has set it up; the other begins again, and is asked for a code.
    leads_to(&one.set_up("support-1").await, "/console/sign-in");
    leads_to(&one.enter_password("support-1", &password).await, CODE);
}

#[tokio::test]
async fn a_recovery_code_lets_in_once() {
    let (central, _) = central();
    let (password, mut visitor) = (central.add_account("support-1"), visitor(&central));
    let codes = visitor.sign_in("support-1", &password).await.recovery_codes();
    visitor.enter_password("support-1", &password).await;
    leads_to(&visitor.enter_code(CODE, &codes[0].to_uppercase()).await, "/");
    assert_eq!(visitor.get("/console/fleet").await.status, StatusCode::OK);
    visitor.enter_password("support-1", &password).await;
    assert_eq!(visitor.enter_code(CODE, &codes[0]).await.status, StatusCode::FORBIDDEN);
    leads_to(&visitor.enter_code(CODE, &codes[1]).await, "/");
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_whatever_the_password() {
    let (central, clock) = central();
    let (password, mut visitor) = (central.add_account("support-1"), visitor(&central));
    visitor.sign_in("support-1", &password).await;
    clock.put(NOON.plus_ms(5 * MINUTE_MS));
    for _ in 0..3 {
        visitor.enter_password("support-1", &password).await;
        assert_eq!(visitor.enter_code(CODE, "000000").await.status, StatusCode::FORBIDDEN);
    }
    visitor.enter_password("support-1", &password).await;
    let page = visitor.enter_code(CODE, "000000").await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    clock.put(NOON.plus_ms(5 * MINUTE_MS + 1_000));
    leads_to(&visitor.sign_in("support-1", &password).await, "/");
}

#[tokio::test]
async fn a_half_session_ends_soon() {
    let (central, clock) = central();
    let (password, mut visitor) = (central.add_account("support-1"), visitor(&central));
    visitor.enter_password("support-1", &password).await;
    clock.put(NOON.plus_ms(15 * MINUTE_MS - 1));
    assert_eq!(visitor.get(SET_UP).await.status, StatusCode::OK);
    clock.put(NOON.plus_ms(15 * MINUTE_MS));
    leads_to(&visitor.get(SET_UP).await, "/console/sign-in");
}

#[tokio::test]
async fn a_form_of_another_page_enters_no_code() {
    let (central, _) = central();
    let (password, mut visitor) = (central.add_account("support-1"), visitor(&central));
    visitor.enter_password("support-1", &password).await;
    let page = visitor.post(SET_UP, &[("code", "000000"), ("word", &"A".repeat(43))]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("画面を開いてから時間がたちました"));
}
