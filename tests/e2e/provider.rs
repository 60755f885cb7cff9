//! 外部IDでログイン in a real browser, through a real provider at another site: cookies, redirects and the policy of our pages as
//! a browser takes them. And pictures.
//!
//! Must not: go a way that a person could not.

use central::{accounts, clock::Clock, roles::Role, storage::Identity};
use tests::{
    browser::{Browser, Scheme},
    central_process::CentralProcess,
    console_visit::set_up,
    provider_process::{ProviderProcess, USUAL},
};

use super::console::{no_complaints, pictures};

/// Identifies somebody on the provider's page.
async fn identify(browser: &Browser, who: &str, methods: &str) {
    browser.fill("#who", who).await;
    browser.fill("#methods", methods).await;
    browser.click("#in").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real provider: `cargo xtask test` installs one"]
async fn a_browser_goes_to_the_provider_and_comes_back_signed_in() {
    let mut central = CentralProcess::start(Clock::system());
    let provider = ProviderProcess::start(&central.url(), USUAL);
    provider.set_up(&mut central);
    let (storage, now) = (central.storage(), central.now());
    let identity = Identity { issuer: provider.issuer.clone(), subject: "sub-1".parse().unwrap() };
    central.wait(async move {
        accounts::add_bound(&*storage, "support-1".parse().unwrap(), Role::Support, identity, now)
            .await
            .unwrap();
    });
    let browser = Browser::start().await;
    // By link, page and page: nobody presses anything on the way back.
    browser.goto(&central.url()).await;
    browser.click("#provider").await;
    identify(&browser, "sub-1", "mfa").await;
    browser.wait_for_text(".account", "support-1").await;
    browser.find("#rows, .empty").await;
    // The provider's own page has no icon; ours complain of nothing.
    no_complaints(&browser.complaints().await, &["/favicon.ico"]);
    browser.close().await;

    // Somebody at another browser, of whom the provider says less.
    let browser = Browser::start().await;
    browser.goto(&central.url()).await;
    browser.click("#provider").await;
    identify(&browser, "sub-1", "pwd").await;
    set_up(&browser, central.now()).await;
    browser.click("a.primary").await;
    browser.wait_for_text(".account", "support-1").await;
    browser.close().await;

    for language in ["ja", "en"] {
        let browser = Browser::start().await;
        browser.goto(&format!("{}/console/sign-in?lang={language}", central.url())).await;
        browser.click("#provider").await;
        identify(&browser, "office|5f7c8ec7c33c6c004bbafe82", "mfa").await;
        browser.find("#identity").await;
        for (width, scheme) in [(1280, Scheme::Light), (640, Scheme::Dark), (360, Scheme::Light)] {
            let file = pictures().join(format!("sign-in-unknown-{language}-{width}.png"));
            browser.picture_of_all(&file, width, scheme).await;
            let overflow = browser.number("document.documentElement.scrollWidth").await;
            assert!(overflow <= f64::from(width), "{overflow} wide at {width}");
        }
        browser.close().await;
    }
}
