//! What comes back otherwise than it should, by way of a real provider; and a provider that changes or is away.
//!
//! Must not: stand in for the provider.

use std::sync::atomic::Ordering;

use central::roles::Role;
use reqwest::StatusCode;

use super::{FLEET, Office, UNREACHABLE, is_refused, lead, onwards, percent_encoded};
use crate::{
    provider_process::USUAL,
    visitor::{Page, Visitor},
};

const STALE: &str = "ログインの手続きが途中で切れたか、すでに使われています";
const DECLINED: &str = "取り消されたか、認められませんでした";
const NOT_BELIEVED: &str = "応答を確認できなかったため、ログインを中止しました";

#[tokio::test]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn a_way_back_is_good_once_in_its_own_browser_and_in_time() {
    let office = Office::open(USUAL);
    office.bind_new("support-1", Role::Support, "sub-1");
    let (mut visitor, mut person) = (office.visitor(), office.provider.person());
    let stale = |page: &Page, visitor: &Visitor| is_refused(page, visitor, StatusCode::FORBIDDEN, STALE);

    let back = person.identify(&lead(&mut visitor).await, "sub-1", "mfa").await;
    let kept = visitor.cookies.clone();
    // Another browser, with no way of its own and with one.
    let mut other = office.visitor();
    stale(&other.get(office.path(&back)).await, &other);
    lead(&mut other).await;
    stale(&other.get(office.path(&back)).await, &other);
    // The state altered, left out, given twice.
    let state = back.split_once("state=").unwrap().1.split('&').next().unwrap();
    for altered in [
        back.replace(state, &"A".repeat(43)),
        back.replace(&format!("&state={state}"), ""),
        format!("{back}&state={state}"),
    ] {
        visitor.cookies = kept.clone();
        stale(&visitor.get(office.path(&altered)).await, &visitor);
    }
    // Too late.
    visitor.cookies = kept.clone();
    office.ahead_ms.store(10 * 60_000, Ordering::SeqCst);
    stale(&visitor.get(office.path(&back)).await, &visitor);
    office.ahead_ms.store(0, Ordering::SeqCst);
    // It is still good, because nothing of all that was its own; and then never again.
    visitor.cookies = kept.clone();
    assert_eq!(onwards(&visitor.get(office.path(&back)).await), "/");
    visitor.cookies = kept;
    stale(&visitor.get(office.path(&back)).await, &visitor);
}

#[tokio::test]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn what_is_not_this_providers_answer_to_this_browser_is_refused() {
    let office = Office::open(USUAL);
    office.bind_new("support-1", Role::Support, "sub-1");
    let (mut visitor, mut person) = (office.visitor(), office.provider.person());
    let issuer = percent_encoded(&office.provider.issuer);
    let code_of = |back: &str| back.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();

    // Another provider's answer, or one that does not say whose it is.
    for (from, to) in
        [(format!("&iss={issuer}"), String::new()), (issuer, percent_encoded("https://other.example"))]
    {
        let back = person.identify(&lead(&mut visitor).await, "sub-1", "mfa").await;
        assert!(back.contains(&from), "{back}");
        let page = visitor.get(office.path(&back.replace(&from, &to))).await;
        is_refused(&page, &visitor, StatusCode::FORBIDDEN, NOT_BELIEVED);
    }
    // The code of another sign-in: it was asked for with another verifier, which the provider holds to.
    let mut other = office.visitor();
    let theirs = office.provider.person().identify(&lead(&mut other).await, "sub-1", "mfa").await;
    let back = person.identify(&lead(&mut visitor).await, "sub-1", "mfa").await;
    let page = visitor.get(office.path(&back.replace(&code_of(&back), &code_of(&theirs)))).await;
    is_refused(&page, &visitor, StatusCode::FORBIDDEN, DECLINED);
    // No code, and a code beside an error.
    for more in ["", "&error=access_denied"] {
        let back = person.identify(&lead(&mut visitor).await, "sub-1", "mfa").await;
        let code = code_of(&back);
        let altered = if more.is_empty() { back.replace(&code, "") } else { format!("{back}{more}") };
        is_refused(&visitor.get(office.path(&altered)).await, &visitor, StatusCode::FORBIDDEN, DECLINED);
    }
    // Somebody who says no.
    let back = office.provider.person().decline(&lead(&mut visitor).await).await;
    is_refused(&visitor.get(office.path(&back)).await, &visitor, StatusCode::FORBIDDEN, DECLINED);
    // A clock that is wrong by more than the window takes no token, here or there.
    office.ahead_ms.store(5 * 60_000, Ordering::SeqCst);
    let page = office.come_back(&mut visitor, &mut person, "sub-1", "mfa").await;
    is_refused(&page, &visitor, StatusCode::FORBIDDEN, NOT_BELIEVED);
}

#[tokio::test]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn a_provider_that_changes_its_keys_or_is_gone_for_a_while_is_found_again() {
    let mut office = Office::open(USUAL);
    office.bind_new("support-1", Role::Support, "sub-1");
    let password = office.central.add_account("support-2");
    let mut visitor = office.visitor();
    let page = office.come_back(&mut visitor, &mut office.provider.person(), "sub-1", "mfa").await;
    assert_eq!(onwards(&page), "/");
    visitor.cookies.clear();

    office.provider.stop();
    let address = lead(&mut visitor).await;
    assert!(address.starts_with(&office.provider.issuer), "what it said of itself is remembered");
    let state = address.split_once("&state=").unwrap().1.split('&').next().unwrap();
    let issuer = percent_encoded(&office.provider.issuer);
    let back = format!("/console/provider/return?code=A&state={state}&iss={issuer}");
    is_refused(&visitor.get(&back).await, &visitor, StatusCode::BAD_GATEWAY, UNREACHABLE);
    visitor.sign_in("support-2", &password).await;
    assert_eq!(visitor.get(FLEET).await.status, StatusCode::OK, "who has a password is not kept out");
    visitor.cookies.clear();

    // Other keys, of which nobody was told.
    office.provider.start_again();
    office.ahead_ms.store(40_000, Ordering::SeqCst);
    let page = office.come_back(&mut visitor, &mut office.provider.person(), "sub-1", "mfa").await;
    assert_eq!(onwards(&page), "/");
}
