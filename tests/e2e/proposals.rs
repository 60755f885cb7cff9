//! 予約と提案 in a real browser: from nothing booked to a planned transfer; and pictures of those pages, the map among them.
//!
//! Must not: go a way that a person could not, once the facilities are there.

use central::{
    audit::Act,
    roles::Role,
    stock::files::{deliveries, facilities, rows::FileForm},
    storage::{LineAdded, NewKind, Registered},
};
use record::WallTime;
use tests::{
    browser::{Browser, Scheme},
    central_process::{CentralProcess, StandingClock},
    console_visit::sign_in_first,
    entries::MORNING,
};

use super::console::{no_complaints, pictures, take_pictures};

const NOON: WallTime = MORNING.plus_ms(3 * 3_600_000);
const FACILITIES: &str = "施設コード,施設名,市区町村コード,冷凍庫バイアル数,1日接種回数,緯度,経度,元帳開始日\r\n\
    1311300001,見本第一病院,131130,1000,300,35.66,139.70,2021-11-22\r\n\
    1311300002,見本第二病院,131130,1000,300,35.68,139.71,2021-11-22\r\n\
    1311300003,見本診療所,131130,0,30,35.67,139.73,2021-11-22\r\n";
const DELIVERIES: &str = "施設コード,製品名,ロット番号,保管,バイアル数,回数,納入日時\r\n\
    1311300001,見本一号,SAMPLE-1,冷凍,10,50,2021-11-22T09:00\r\n";
const RULES: &str = r#"{"product":"見本一号","packaging":{"doses_per_vial":5,"vials_per_tray":15,"vials_per_box":195},
    "may_pass":[["core","core"],["core","linked"]],"may_pass_again":true,"least":"vial"}"#;

/// Three facilities, one with ten vials; nothing is booked.
fn set_up(central: &CentralProcess) {
    let storage = central.storage();
    central.wait(async move {
        storage.publish_product_rule(serde_json::from_str(RULES).unwrap(), NOON).await.unwrap();
        let noted =
            |facility| Act::FacilityRegistered { facility }.line("131130".parse().unwrap(), "staff-1", NOON);
        for (kept, kind) in facilities::read(FACILITIES.as_bytes(), FileForm::Csv).unwrap().into_iter().zip([
            r#""core""#,
            r#""core""#,
            r#""linked""#,
        ]) {
            let (place, code) = (kept.place(), kept.facility.code);
            assert_eq!(storage.register_facility(kept, noted(code)).await.unwrap(), Registered::New);
            let change = NewKind {
                product: "見本一号".parse().unwrap(),
                kind: serde_json::from_str(kind).unwrap(),
                effective_from: None,
                decided_at: MORNING,
                by: "staff-1".parse().unwrap(),
                reason: "見本".parse().unwrap(),
            };
            storage.change_kind(place, change, noted(code)).await.unwrap();
        }
        let by = "staff-1".parse().unwrap();
        for line in deliveries::read(DELIVERIES.as_bytes(), FileForm::Csv, &by, NOON).unwrap() {
            let (code, owner) = (line.key.facility, "131130".parse().unwrap());
            let added = storage.add_stock_line(owner, line, NOON, noted(code)).await.unwrap();
            assert!(matches!(added, LineAdded::Added(_)), "{added:?}");
        }
    });
}

/// A day is chosen from the browser's own calendar, which looks different in every language of it.
async fn choose_day(browser: &Browser, field: &str, day: &str) {
    let script = format!("document.querySelector('{field}').value = '{day}'");
    browser.client.execute(&script, Vec::new()).await.unwrap();
}

async fn book(browser: &Browser, url: &str, facility: &str, doses: &str) {
    browser.goto(&format!("{url}/municipality/stock/bookings?lang=ja")).await;
    browser.click(&format!("#facility option[value='{facility}']")).await;
    browser.fill("#product", "見本一号").await;
    choose_day(browser, "#on", "2021-11-25").await;
    browser.fill("#booked-doses", doses).await;
    browser.fill("#expected-doses", "\u{e007}").await; // the key of entering
    browser.wait_for_text("#bookings", facility).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_booked_an_officer_comes_to_a_planned_transfer() {
    let central = CentralProcess::start(StandingClock::at(NOON).clock());
    let url = central.url();
    set_up(&central);
    let browser = Browser::start().await;
    let password = central.add_account_as("shibuya-1", Role::MunicipalityStaff("131130".parse().unwrap()));
    sign_in_first(&browser, &url, "shibuya-1", &password, central.now()).await;
    let (proposals, bookings) =
        (format!("{url}/municipality/stock/proposals"), format!("{url}/municipality/stock/bookings"));
    take_pictures(&browser, &bookings, "bookings-none").await;
    take_pictures(&browser, &proposals, "proposals-none-booked").await;

    // The lot that nobody dated is named, and its way leads to the form.
    browser.goto(&format!("{proposals}?lang=ja")).await;
    browser.wait_for_text("#none-booked", "予約がまだ入力されていません").await;
    browser.wait_for_text("#left-out", "SAMPLE-1").await;
    browser.click("#left-out a").await;
    choose_day(&browser, "#good-until", "2022-02-28").await;
    browser.click("#lot-form button.primary").await;
    browser.wait_for_text("#none-booked", "予約がまだ入力されていません").await;

    book(&browser, &url, "1311300002", "22").await;
    book(&browser, &url, "1311300003", "40").await;
    take_pictures(&browser, &bookings, "bookings").await;
    browser.goto(&format!("{proposals}?lang=ja")).await;
    browser.wait_for_text("#summary", "全体で62回分足りません").await;
    browser.wait_for_text("#stay-short", "ほかの提案で使われている").await;
    assert!(browser.number("document.querySelectorAll('#map line').length").await >= 2.0);
    let named = "document.querySelector('#map').getAttribute('aria-labelledby').split(' ')\
        .every(id => document.getElementById(id)) ? 1 : 0";
    assert!(browser.number(named).await > 0.0, "the map says what it is");
    take_pictures(&browser, &proposals, "proposals").await;

    browser.goto(&format!("{proposals}?lang=ja")).await;
    browser.click("#proposals a.quiet-button").await;
    browser.find("#plan").await;
    browser.click("#plan button.primary").await;
    browser.wait_for_text("h1", "移送").await;
    browser.goto(&format!("{proposals}?lang=ja")).await;
    browser.wait_for_text("#summary", "計画中・移送中の移送1件").await;
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;

    let browser = Browser::start().await;
    let password = central.add_account_as("nation-1", Role::NationalAdministrator);
    sign_in_first(&browser, &url, "nation-1", &password, central.now()).await;
    take_pictures(&browser, &format!("{url}/console/proposals"), "prefecture-proposals-asked").await;
    browser.goto(&format!("{url}/console/proposals?lang=ja")).await;
    browser.click("#prefecture option[value='13']").await;
    browser.click("#ask button.primary").await;
    browser.wait_for_text("#sites", "東京都渋谷区").await;
    browser
        .picture_of_all(&pictures().join("prefecture-proposals-ja-1280-all.png"), 1280, Scheme::Light)
        .await;
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}
