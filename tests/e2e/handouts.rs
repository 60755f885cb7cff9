//! A broken tablet and its spare, as a municipality's officer sees them in a real browser; and pictures of those pages.
//!
//! Must not: go a way that a person could not.

use central::roles::Role;
use record::WallTime;
use tests::{
    browser::Browser,
    central_process::{CentralProcess, StandingClock},
    console_visit::sign_in_first,
    entries::MORNING,
};

use super::console::{no_complaints, take_pictures};

const NOON: WallTime = MORNING.plus_ms(3 * 3_600_000);

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_replaces_a_broken_tablet_and_gives_up_what_never_comes() {
    let central = CentralProcess::start(StandingClock::at(NOON).clock());
    let browser = Browser::start().await;
    let url = central.url();
    let password = central.add_account_as("shibuya-1", Role::MunicipalityApprover("131130".parse().unwrap()));
    sign_in_first(&browser, &url, "shibuya-1", &password, central.now()).await;
    let (list, broken) =
        (format!("{url}/municipality/tablets"), format!("{url}/municipality/tablets/131130-0017"));
    take_pictures(&browser, &list, "tablets-none").await;

    let mut tablet = central.enrolled_tablet("131130-0017").await;
    central.invited_tablet("131130-0900");
    tablet.record_day(10);
    tablet.send(&tablet.entries[..4]).await.unwrap();
    tablet.beat(&tablet.heartbeat()).await;
    take_pictures(&browser, &list, "tablets").await;
    take_pictures(&browser, &broken, "tablet-at-work").await;

    browser.goto(&format!("{broken}?lang=ja")).await;
    browser.click("#replace input[type=radio]").await;
    browser.fill("#replace-reason", "落として画面が割れた").await;
    browser.click("#replace button.primary").await;
    browser.wait_for_text("#replaced", "予備機 131130-0900 が代わりに使われています").await;
    browser.wait_for_text("#missing", "6件が届いていません").await;
    take_pictures(&browser, &broken, "tablet-replaced").await;
    browser.goto(&format!("{broken}?lang=ja")).await;
    browser.fill("#lost-reason", "水没し、電源が入らない").await;
    browser.click("#lost button.primary").await;
    browser.find("#replaced").await;
    browser.goto(&list).await;
    browser.wait_for_text("#tablets", "置き換え済み").await;
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}
