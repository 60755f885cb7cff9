//! The console in a real browser: signing in, a row that moves by itself, and pictures of every page.
//!
//! Must not: be passed over where there is no browser; it fails and names the packages.

use std::path::{Path, PathBuf};

use central::{accounts, clock::Clock, roles::Role, storage::Identity};
use record::WallTime;
use tests::{
    authenticator::Authenticator,
    browser::{Browser, Scheme},
    central_process::{CentralProcess, StandingClock},
    console_visit::sign_in_first,
    entries::MORNING,
    protocol_tablet::ProtocolTablet,
    provider_process::write_settings,
};

/// Noon, a few days after the entries were made.
const NOON: WallTime = MORNING.plus_ms(3 * 3_600_000 + 5 * DAY_MS);
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const LANGUAGES: [&str; 2] = ["ja", "en"];

pub(crate) fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures/console")
}

pub(crate) async fn sign_in(browser: &Browser, central: &CentralProcess) -> Authenticator {
    let password = central.add_account("support-1");
    let url = central.url();
    let authenticator = sign_in_first(browser, &url, "support-1", &password, central.now()).await;
    browser.find("#rows").await;
    authenticator
}

/// Light at both widths, and dark, in both languages.
pub(crate) async fn take_pictures(browser: &Browser, url: &str, name: &str) {
    for language in LANGUAGES {
        browser.goto(&format!("{url}?lang={language}")).await;
        browser.appear(1280, 800, Scheme::Light).await;
        let file = |what: &str| pictures().join(format!("{name}-{language}-{what}.png"));
        browser.picture(&file("1280x800")).await;
        browser.appear(1280, 800, Scheme::Dark).await;
        browser.picture(&file("1280x800-dark")).await;
        browser.appear(360, 740, Scheme::Light).await;
        let overflow = browser.number("document.documentElement.scrollWidth").await;
        assert!(overflow <= 360.0, "{name} is {overflow} wide at 360");
        browser.picture(&file("360x740")).await;
        browser.picture_of_all(&file("360-all"), 360, Scheme::Light).await;
        browser.picture_of_all(&file("1280-all"), 1280, Scheme::Light).await;
        // 200 % on a screen of 1280.
        browser.picture_of_all(&file("640-all-dark"), 640, Scheme::Dark).await;
    }
}

pub(crate) fn no_complaints(complaints: &[String], expected: &[&str]) {
    let unexpected = |text: &&String| !expected.iter().any(|part| text.contains(part));
    let complaints: Vec<_> = complaints.iter().filter(unexpected).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_moves_by_itself_when_a_batch_arrives() {
    let central = CentralProcess::start(Clock::system());
    let browser = Browser::start().await;
    sign_in(&browser, &central).await;
    browser.wait_for_text("h2", "登録されたタブレットはまだありません").await;
    browser.wait_for_text("#live", "自動更新中").await;

    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let row = "#tablet-131130-0017";
    browser.wait_for_text(row, "17号機").await;
    tablet.record_day(30);
    tablet.send(&tablet.entries[..20]).await.unwrap();
    browser.wait_for_text(&format!("{row} .stored"), "20").await;
    browser.wait_for_text(&format!("{row} .stored"), "未着 10件").await;
    tablet.send(&tablet.entries[22..]).await.unwrap();
    browser.wait_for_text(&format!("{row} .missing"), "21–22").await;
    browser.wait_for_text(&format!("{row} .state"), "欠番あり").await;
    tablet.send(&tablet.entries[20..22]).await.unwrap();
    browser.wait_for_text(&format!("{row} .state"), "正常").await;
    browser.wait_for_text(&format!("{row} .stored"), "30").await;
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stopped_updating_says_so_and_recovers() {
    let mut central = CentralProcess::start(Clock::system());
    let browser = Browser::start().await;
    sign_in(&browser, &central).await;
    browser.wait_for_text("#live", "自動更新中").await;
    central.stop();
    browser.wait_for_text("#live", "自動更新が止まっています").await;
    central.start_again();
    browser.wait_for_text("#live", "自動更新中").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_it_and_a_wrong_password_is_said_plainly() {
    let central = CentralProcess::start(Clock::system());
    let browser = Browser::start().await;
    sign_in(&browser, &central).await;
    browser.click(".quiet-button").await;
    browser.find("#password").await;
    browser.goto(&format!("{}/console/fleet", central.url())).await;
    browser.fill("#name", "support-1").await;
    browser.fill("#password", "wrong password").await;
    browser.click("button.primary").await;
    browser.wait_for_text("[role=alert]", "アカウント名またはパスワードが違います").await;
    for language in LANGUAGES {
        let file = pictures().join(format!("sign-in-wrong-{language}.png"));
        browser.appear(360, 740, Scheme::Light).await;
        browser.goto(&format!("{}/console/sign-in?lang={language}", central.url())).await;
        browser.fill("#name", "support-1").await;
        browser.fill("#password", "wrong password").await;
        browser.click("button.primary").await;
        browser.find("[role=alert]").await;
        browser.picture(&file).await;
    }
    browser.close().await;
}

/// Sends all but some of a tablet's entries.
async fn send_without(tablet: &ProtocolTablet, left_out: &[u64]) {
    let entries: Vec<_> =
        tablet.entries.iter().filter(|entry| !left_out.contains(&entry.position.number())).cloned().collect();
    for batch in entries.chunks(200) {
        tablet.send(batch).await.unwrap();
    }
}

/// A fleet with everything that can be seen of one.
async fn fleet(central: &CentralProcess, clock: &StandingClock) {
    let at = |ago_ms: i64| clock.put(NOON.plus_ms(-ago_ms));
    at(4 * DAY_MS);
    let mut silent = central.enrolled_tablet("131130-0004").await;
    silent.record_day(412);
    at(3 * DAY_MS);
    silent.now = clock.now();
    send_without(&silent, &[]).await;
    at(3 * DAY_MS);
    central.invite("131130-0021".parse().unwrap(), "21号機 予備");
    at(12 * MINUTE_MS);
    let mut review = central.enrolled_tablet("131130-0011").await;
    review.record_day(96);
    (0..2).for_each(|index| review.record(format!("broken {index}").into_bytes()));
    send_without(&review, &[]).await;
    let mut forked = central.enrolled_tablet("131130-0012").await;
    forked.record_day(1_580);
    send_without(&forked, &[12, 13, 77, 203, 310, 311, 312, 900]).await;
    at(4 * MINUTE_MS);
    let mut gap = central.enrolled_tablet("131130-0017").await;
    gap.record_day(214);
    send_without(&gap, &[203]).await;
    for number in [1, 2, 3, 5, 6] {
        at(i64::from(number) * MINUTE_MS);
        let mut fine = central.enrolled_tablet(&format!("131130-{number:04}")).await;
        fine.record_day(140 + 30 * number as usize);
        send_without(&fine, &[]).await;
    }
    clock.put(NOON);
    let mut ahead = central.enrolled_tablet("131016-0001").await;
    ahead.record_day(37);
    let mut header = ahead.header(&ahead.entries[..25]);
    header.clock_offset_ms = 2 * 3_600_000 + 60_000;
    let body = ahead.pack(&header, &ahead.entries[..25]);
    ahead.post("/v1/batches", "application/vnd.vrs.batch", body).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_to_an_identity_provider_has_its_picture() {
    let mut central = CentralProcess::start(Clock::system());
    // Nobody is asked before somebody presses it; then nobody answers.
    let pem = central.route().authority_pem;
    write_settings(&central.data(), "https://localhost:9", &central.url(), &pem);
    central.start_again();
    let browser = Browser::start().await;
    let page = format!("{}/console/sign-in", central.url());
    take_pictures(&browser, &page, "sign-in-provider").await;
    browser.goto(&page).await;
    browser.click("#provider").await;
    browser.find("[role=alert]").await;
    browser.picture_of_all(&pictures().join("sign-in-provider-away-360.png"), 360, Scheme::Light).await;
    let password = central.add_account_as("nation-1", Role::NationalAdministrator);
    sign_in_first(&browser, &central.url(), "nation-1", &password, central.now()).await;
    let (storage, now) = (central.storage(), central.now());
    let identity = Identity {
        issuer: "https://localhost:9".to_owned(),
        subject: "office|5f7c8ec7c33c6c004bbafe82".parse().unwrap(),
    };
    central.wait(async move {
        let role = Role::MunicipalityStaff("131130".parse().unwrap());
        accounts::add_bound(&*storage, "shibuya-1".parse().unwrap(), role, identity, now).await.unwrap();
    });
    take_pictures(&browser, &format!("{}/console/accounts", central.url()), "accounts-provider").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_its_picture() {
    let clock = StandingClock::at(NOON);
    let central = CentralProcess::start(clock.clock());
    let browser = Browser::start().await;
    take_pictures(&browser, &format!("{}/console/sign-in", central.url()), "sign-in").await;
    browser.goto(&format!("{}/console/sign-in?lang=ja", central.url())).await;
    browser.appear(1280, 800, Scheme::Light).await;
    browser.fill("#password", "\u{e004}").await; // the tab key: the ring is on the button
    browser.picture(&pictures().join("sign-in-focus.png")).await;
    sign_in(&browser, &central).await;
    let page = format!("{}/console/fleet", central.url());
    take_pictures(&browser, &page, "fleet-empty").await;
    fleet(&central, &clock).await;
    take_pictures(&browser, &page, "fleet").await;
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}
