//! The fleet's pages in a real browser: one tablet's page moves by itself, keys alone find a tablet, pictures.
//!
//! Must not: repeat what `central`'s own tests see without a browser.

use central::clock::Clock;
use record::{
    WallTime,
    wire::heartbeat::{ClockOffset, Count, FreeSpace, Heartbeat, Release},
};
use tests::{
    browser::Browser,
    central_process::{CentralProcess, StandingClock},
    entries::MORNING,
};

use crate::console::{no_complaints, sign_in, take_pictures};

const HOUR_MS: i64 = 3_600_000;
const NOON: WallTime = MORNING.plus_ms(3 * HOUR_MS);
const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread")]
async fn one_tablets_page_moves_by_itself_and_leaves_open_what_was_opened() {
    let central = CentralProcess::start(Clock::system());
    let browser = Browser::start().await;
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    sign_in(&browser, &central).await;
    browser.goto(&format!("{}/console/tablets/131130-0017", central.url())).await;
    browser.wait_for_text("#live", "自動更新中").await;
    browser.fill(".chart summary", ENTER).await;
    tablet.record_day(30);
    tablet.send(&tablet.entries[..20]).await.unwrap();
    browser.wait_for_text("#timeline", "20件を受領").await;
    browser.wait_for_text("#now", "未着 10件").await;
    tablet.send(&tablet.entries[22..]).await.unwrap();
    browser.wait_for_text("#now .states", "欠番あり").await;
    browser.wait_for_text("#timeline", "欠番が発生: 21–22").await;
    tablet.beat(&tablet.heartbeat()).await;
    browser.wait_for_text("#now .facts", "受領した記録と一致").await;
    assert!(browser.number("document.querySelector('.chart details').open ? 1 : 0").await > 0.0);
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_move_by_themselves_and_leave_open_what_was_opened() {
    let central = CentralProcess::start(Clock::system());
    let browser = Browser::start().await;
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    central.note_hour();
    sign_in(&browser, &central).await;
    browser.goto(&format!("{}/console/charts?municipality=131130", central.url())).await;
    browser.wait_for_text("#live", "自動更新中").await;
    // In one step: the page may be drawn again at any moment.
    let open = "(one => { one.focus(); one.click(); return 1; })(document.querySelector('#open-backlog'))";
    browser.number(open).await;
    browser.wait_for_text("#figures-backlog tbody tr:first-child td", "0").await;
    tablet.record_day(30);
    tablet.beat(&Heartbeat { pending: Count::of(23), ..tablet.heartbeat() }).await;
    central.note_hour();
    browser.wait_for_text("#figures-backlog tbody tr:first-child td", "23").await;
    let is_open = browser.number("document.querySelector('#figures-backlog').open ? 1 : 0").await;
    let focused = browser.number("document.activeElement.id === 'open-backlog' ? 1 : 0").await;
    assert_eq!(
        (is_open, focused),
        (1.0, 1.0),
        "what was opened stays open, and the keys go on where they were"
    );
    let place = browser.number("document.querySelector('#municipality').value === '131130' ? 1 : 0").await;
    assert_eq!(place, 1.0);
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_is_found_and_opened_by_keys_alone() {
    let central = CentralProcess::start(Clock::system());
    let browser = Browser::start().await;
    for tablet_id in ["131130-0017", "131130-0018", "131016-0001"] {
        central.enrolled_tablet(tablet_id).await;
    }
    sign_in(&browser, &central).await;
    browser.goto(&format!("{}/console/fleet", central.url())).await;
    browser.fill(".narrowing summary", ENTER).await;
    browser.fill("#text", &format!("0017{ENTER}")).await;
    browser.wait_for_text("#table-title", "条件に合うタブレットは1台です").await;
    // A change redraws the rows; the link keeps the focus all the same.
    browser.fill("#to-131130-0017", "").await;
    let other = central.enrolled_tablet("131130-0019").await;
    other.beat(&other.heartbeat()).await;
    browser.wait_for_text("#live", "自動更新中").await;
    browser.fill("#to-131130-0017", ENTER).await;
    browser.wait_for_text("h1", "17号機").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_fleet_has_its_picture() {
    let clock = StandingClock::at(NOON.plus_ms(-12 * HOUR_MS));
    let central = CentralProcess::start(clock.clock());
    let browser = Browser::start().await;
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let mut weak = central.enrolled_tablet("131130-0018").await;
    tablet.record_day(400);
    for hour in 0..=12 {
        clock.put(NOON.plus_ms((hour - 12) * HOUR_MS));
        (tablet.now, weak.now) = (clock.now(), clock.now());
        let came = hour as usize * 30;
        let skipped = if hour == 7 { 2 } else { 0 };
        tablet.send(&tablet.entries[came + skipped..came + 30]).await.unwrap();
        let pending = Count::of((hour as u64 * 7) % 13);
        let clock_offset_s = ClockOffset::of_ms(if hour == 5 { 90_000 } else { 0 });
        let head = tablet.heartbeat().head.filter(|_| hour == 12);
        tablet.beat(&Heartbeat { pending, clock_offset_s, head, ..tablet.heartbeat() }).await;
        central.storage().note_hour(clock.now()).await.unwrap();
    }
    let free_mib = Some(FreeSpace::of_bytes(200 << 20));
    let release = Release::of_version("0.0.9");
    weak.beat(&Heartbeat { free_mib, release, ..weak.heartbeat() }).await;
    sign_in(&browser, &central).await;
    let url = central.url();
    take_pictures(&browser, &format!("{url}/console/tablets/131130-0017"), "tablet").await;
    take_pictures(&browser, &format!("{url}/console/charts"), "charts").await;
    take_pictures(&browser, &format!("{url}/console/tablets/131130-0099"), "no-tablet").await;
    no_complaints(&browser.complaints().await, &["404"]);
    browser.close().await;
}
