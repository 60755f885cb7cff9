//! Signing in with a second factor and deciding between entries, in a real browser; and pictures of those pages.
//!
//! Must not: go a way that a person could not.

use central::roles::Role;
use record::{Entry, WallTime};
use rqrr::PreparedImage;
use tests::{
    browser::{Browser, Scheme},
    central_process::{CentralProcess, StandingClock},
    console_visit::{enter_password, set_up, sign_in_first},
    entries::{MORNING, day, day_on, day_with_lot, vaccination_in},
    protocol_tablet::ProtocolTablet,
};

use super::console::{no_complaints, pictures, take_pictures};

const NOON: WallTime = MORNING.plus_ms(3 * 3_600_000);
const MINUTE_MS: i64 = 60_000;

/// What the QR code on the page says, read from its picture.
fn scanned(png: &[u8]) -> String {
    let grey = image::load_from_memory(png).unwrap().to_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let grey_at = |x: usize, y: usize| grey.get_pixel(x as u32, y as u32).0[0];
    let mut prepared = PreparedImage::prepare_from_greyscale(width, height, grey_at);
    let grids = prepared.detect_grids();
    assert_eq!(grids.len(), 1, "one code on the page");
    grids[0].decode().unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_sign_in_sets_the_authenticator_up_by_scanning_or_typing() {
    let clock = StandingClock::at(NOON);
    let central = CentralProcess::start(clock.clock());
    let (browser, password) = (Browser::start().await, central.add_account("support-1"));
    enter_password(&browser, &central.url(), "support-1", &password).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        browser.appear(1280, 1200, scheme).await;
        let shown: String = browser.find("#secret").await.text().await.unwrap().split_whitespace().collect();
        let code = scanned(&browser.client.screenshot().await.unwrap());
        assert_eq!(code, format!("otpauth://totp/VRS:support-1?secret={shown}&issuer=VRS"));
    }
    take_pictures(&browser, &format!("{}/console/second-factor", central.url()), "set-up").await;
    let mut authenticator = set_up(&browser, central.now()).await;
    browser.picture_of_all(&pictures().join("recovery-1280.png"), 1280, Scheme::Light).await;
    browser.picture_of_all(&pictures().join("recovery-640-dark.png"), 640, Scheme::Dark).await;
    browser.picture_of_all(&pictures().join("recovery-360.png"), 360, Scheme::Light).await;
    browser.click("a.primary").await;
    browser.find("#rows, .empty").await;

    clock.put(NOON.plus_ms(5 * MINUTE_MS));
    browser.click(".quiet-button").await;
    enter_password(&browser, &central.url(), "support-1", &password).await;
    take_pictures(&browser, &format!("{}/console/code", central.url()), "code").await;
    browser.fill("#code", "000000").await;
    browser.click("button.primary").await;
    browser.find("[role=alert]").await;
    browser.picture_of_all(&pictures().join("code-wrong-360.png"), 360, Scheme::Light).await;
    browser.fill("#code", &authenticator.code(clock.now())).await;
    browser.click("button.primary").await;
    browser.find(".empty").await;
    browser.goto(&format!("{}/municipality/reviews", central.url())).await;
    browser.wait_for_text("[role=alert]", "allow").await;
    take_pictures(&browser, &format!("{}/municipality/reviews", central.url()), "not-allowed").await;
    // A wrong code and a role that may not are said with a status of their own.
    no_complaints(&browser.complaints().await, &["403"]);
    browser.close().await;
}

/// Sends these, all of them, by the central's time.
async fn send(tablet: &mut ProtocolTablet, now: WallTime, entries: &[&Entry]) {
    tablet.now = now;
    let before = tablet.entries.len();
    entries.iter().for_each(|entry| tablet.record(entry.to_bytes()));
    tablet.send(&tablet.entries[before..]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_decides_and_what_comes_later_waits_for_them_again() {
    let clock = StandingClock::at(NOON);
    let central = CentralProcess::start(clock.clock());
    let browser = Browser::start().await;
    let shibuya = Role::MunicipalityStaff("131130".parse().unwrap());
    let password = central.add_account_as("shibuya-1", shibuya);
    sign_in_first(&browser, &central.url(), "shibuya-1", &password, central.now()).await;
    browser.wait_for_text("#open-title", "判断待ちの記録はありません").await;
    let list = format!("{}/municipality/reviews", central.url());
    take_pictures(&browser, &list, "reviews-empty").await;

    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let mut other = central.enrolled_tablet("131130-0018").await;
    let coupon = "211311300000004711".parse().unwrap();
    let first = tablet.maker.vaccination_of(coupon, day());
    send(&mut tablet, clock.now(), &[&first]).await;
    clock.put(NOON.plus_ms(20 * MINUTE_MS));
    let mut another = day_with_lot("FJ7489");
    another.physician = "見本 次郎".parse().unwrap();
    let second = other.maker.vaccination_of(coupon, another);
    let person = other.maker.vaccination_of("211311300000004712".parse().unwrap(), day());
    let again = other
        .maker
        .vaccination_of("211311300000004712".parse().unwrap(), day_on("2021-11-21".parse().unwrap()));
    send(&mut other, clock.now(), &[&second, &person, &again]).await;
    take_pictures(&browser, &list, "reviews").await;

    browser.goto(&format!("{list}?lang=ja")).await;
    // Both cases wait since the same moment, so that either may stand first.
    browser.click(&format!("#open a.look[href$='{}']", second.entry_id)).await;
    browser.wait_for_text(".compare .differs .difference", "違いあり").await;
    let case = browser.client.current_url().await.unwrap().to_string();
    let case = case.split('?').next().unwrap().to_owned();
    take_pictures(&browser, &case, "review").await;
    browser.goto(&format!("{case}?lang=ja")).await;
    browser.click(".choice:nth-of-type(2) input").await;
    browser.fill("#reason-1", "紙の予診票のロットシールは FJ7489 だった").await;
    browser.click("button.primary").await;
    browser.wait_for_text(".notice.safe", "判断済みです").await;
    browser.wait_for_text(".history", "記録2を正しい記録とする").await;
    take_pictures(&browser, &case, "review-decided").await;

    clock.put(NOON.plus_ms(60 * MINUTE_MS));
    let mut right = vaccination_in(&second);
    right.day.lot = "FK0108".parse().unwrap();
    let correction = other.maker.correction(second.entry_id, right);
    let cancellation = tablet.maker.cancellation(second.entry_id);
    send(&mut other, clock.now(), &[&correction, &cancellation]).await;
    browser.goto(&format!("{case}?lang=ja")).await;
    browser.wait_for_text(".notice.person", "判断待ちです").await;
    browser.wait_for_text(".why-not", "取消の記録なので選べません").await;
    take_pictures(&browser, &case, "review-again").await;
    take_pictures(&browser, &list, "reviews-decided").await;
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}
