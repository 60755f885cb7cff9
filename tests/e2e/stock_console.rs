//! 在庫 in a real browser: a facility is registered, its stock entered, a recalled lot followed to who received it, a day that was
//! closed read beside the books; and pictures of those pages.
//!
//! Must not: go a way that a person could not.

use central::{roles::Role, storage::PublicationKind};
use record::{
    EntryContent, WallTime,
    closing::{Closing, HeldDay, LotUse},
};
use tests::{
    browser::Browser,
    central_process::{CentralProcess, StandingClock},
    console_visit::sign_in_first,
    entries::{MORNING, day},
};

use super::console::{no_complaints, take_pictures};

const NOON: WallTime = MORNING.plus_ms(3 * 3_600_000);
const LOTS: &str = r#"[{"vaccine":{"manufacturer":"ファイザー","product":"コミナティ筋注"},
    "lots":[{"lot":"FF3620","expires_on":"2021-11-21","recalled_at":1637545200000}]}]"#;

/// Six doses of one vial, of which a tablet says that one was discarded.
async fn recorded(central: &CentralProcess) {
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    for number in 1..=5 {
        let coupon = format!("21131130{number:010}").parse().unwrap();
        let dose = tablet.maker.vaccination_of(coupon, day());
        tablet.record(dose.to_bytes());
    }
    let lot = LotUse { lot: day().lot, vials: 1, doses_per_vial: 6, discarded: 1, recorded: 5 };
    let closing = Closing::new(day().vaccinated_on, day().site, 5, vec![lot], HeldDay::default()).unwrap();
    let closing = tablet.maker.entry(EntryContent::Closing(closing));
    tablet.record(closing.to_bytes());
    tablet.send(&tablet.entries).await.unwrap();
}

/// What the central does every five minutes.
fn into_the_books(central: &CentralProcess) {
    central.catch_up_stock();
    central.publish(PublicationKind::Lots, LOTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_keeps_stock_and_follows_a_recalled_lot_to_who_received_it() {
    let central = CentralProcess::start(StandingClock::at(NOON).clock());
    let (url, site) = (central.url(), day().site.facility_code);
    let browser = Browser::start().await;
    let password = central.add_account_as("shibuya-1", Role::MunicipalityStaff("131130".parse().unwrap()));
    sign_in_first(&browser, &url, "shibuya-1", &password, central.now()).await;

    browser.goto(&format!("{url}/municipality/stock?lang=ja")).await;
    for (field, typed) in [
        ("#code", site.to_string().as_str()),
        ("#name", "見本体育館"),
        ("#freezer", "100"),
        ("#per-day", "300"),
    ] {
        browser.fill(field, typed).await;
    }
    browser.click("#register button.primary").await;
    let facility = format!("{url}/municipality/stock/facilities/{site}");
    browser.wait_for_text("main", "在庫の入力がないため、推移はまだありません").await;
    browser.click("#delivered-part summary").await;
    browser.fill("#delivered-product", "コミナティ筋注").await;
    browser.fill("#delivered-lot", "FF3620").await;
    browser.click("#delivered input[value=thawed]").await;
    browser.fill("#delivered-vials", "3").await;
    browser.fill("#delivered-doses", "18").await;
    browser.click("#delivered button.primary").await;
    browser.wait_for_text("#books", "3バイアル・18回分").await;

    recorded(&central).await;
    into_the_books(&central);
    browser.goto(&facility).await;
    browser.wait_for_text("#recalled", "回収の対象のロットが、この施設に残っています").await;
    browser.wait_for_text("#books", "2バイアル・12回分").await;
    browser.wait_for_text("#closings", "一致").await;
    browser.click("#open-stock").await;
    browser.wait_for_text("#figures-stock", "12").await;
    take_pictures(&browser, &facility, "stock-facility").await;
    take_pictures(&browser, &format!("{facility}/charts"), "stock-charts").await;
    take_pictures(&browser, &format!("{url}/municipality/stock/closings"), "stock-closings").await;
    take_pictures(&browser, &format!("{url}/municipality/stock/wastage"), "stock-wastage").await;

    browser.goto(&format!("{facility}?lang=ja")).await;
    browser.click("#recalled a").await;
    browser.wait_for_text("main", "このロットは回収の対象です").await;
    browser.click("#recipients button").await;
    browser.wait_for_text("#recipients", "0000000005").await;
    let shown = super::console::pictures();
    browser
        .picture_of_all(&shown.join("stock-recipients-ja-1280-all.png"), 1280, tests::browser::Scheme::Light)
        .await;
    browser
        .picture_of_all(
            &shown.join("stock-recipients-ja-640-all-dark.png"),
            640,
            tests::browser::Scheme::Dark,
        )
        .await;
    browser.goto(&format!("{url}/municipality/audit?lang=ja")).await;
    browser.wait_for_text("main", "ロット FF3620 の接種を受けた人を表示(1件目から5件)").await;
    let complaints = browser.complaints().await;
    no_complaints(&complaints, &[]);
    browser.close().await;
}
