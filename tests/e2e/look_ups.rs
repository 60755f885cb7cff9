//! 他の市区町村への照会 from both sides, in a real browser; and pictures of those pages and of people, entries and the audit.
//!
//! Must not: go a way that a person could not.

use central::roles::Role;
use record::WallTime;
use tests::{
    browser::Browser,
    central_process::{CentralProcess, StandingClock},
    console_visit::sign_in_first,
    entries::{MORNING, day, day_with_lot, vaccination_in},
    people_files::{Sample, register},
};

use super::console::{no_complaints, take_pictures};

const NOON: WallTime = MORNING.plus_ms(3 * 3_600_000);

/// 見本.
const HERE: Sample<'static> = Sample {
    address_number: "見本-0001",
    number: "86420975310",
    coupon: "0000004711",
    name: "見本 花子",
    kana: "ミホン ハナコ",
    born_on: "19500401",
    address: "東京都渋谷区見本町一丁目",
};
const THERE: Sample<'static> = Sample {
    address_number: "見本-9009",
    coupon: "0000009001",
    address: "東京都千代田区見本町九丁目",
    ..HERE
};

fn take_in(central: &CentralProcess, municipality: &'static str, person: Sample<'static>) {
    let (data, storage) = (central.data(), central.storage());
    central.wait(async move { register(&data, storage, municipality, &[person], NOON).await });
}

async fn record_doses(central: &CentralProcess) {
    let mut there = central.enrolled_tablet("131016-0001").await;
    let coupon = format!("21131016{}", THERE.coupon).parse().unwrap();
    let dose = there.maker.vaccination_of(coupon, day());
    there.record(dose.to_bytes());
    there.send(&there.entries).await.unwrap();
    let mut here = central.enrolled_tablet("131130-0017").await;
    let coupon = format!("22131130{}", HERE.coupon).parse().unwrap();
    let mut second = day_with_lot("FL1839");
    second.dose = "2".parse().unwrap();
    let first = here.maker.vaccination_of(coupon, second.clone());
    let mut right = vaccination_in(&first);
    right.day.lot = "FM3289".parse().unwrap();
    let correction = here.maker.correction(first.entry_id, right);
    second.lot = "FJ7489".parse().unwrap();
    let disputes = here.maker.vaccination_of(coupon, second);
    for entry in [first, correction, disputes] {
        here.record(entry.to_bytes());
    }
    here.send(&here.entries).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_looks_up_a_person_and_the_other_municipality_reads_of_it() {
    let central = CentralProcess::start(StandingClock::at(NOON).clock());
    let url = central.url();
    take_in(&central, "131130", HERE);
    take_in(&central, "131016", THERE);
    record_doses(&central).await;
    let staff = |code: &str| Role::MunicipalityStaff(code.parse().unwrap());
    let browser = Browser::start().await;
    let password = central.add_account_as("shibuya-1", staff("131130"));
    sign_in_first(&browser, &url, "shibuya-1", &password, central.now()).await;
    take_pictures(&browser, &format!("{url}/municipality/look-ups"), "look-ups-none").await;
    take_pictures(&browser, &format!("{url}/municipality/people"), "people").await;

    // Somebody who is not there, then the person, by the keyboard's way of typing a name.
    browser.goto(&format!("{url}/municipality/people?lang=ja")).await;
    browser.fill("#coupon", "9999999999").await;
    browser.click("#by-coupon button.primary").await;
    browser.wait_for_text("[role=alert]", "登録されていません").await;
    browser.fill("#kana", "みほん はなこ").await;
    browser.fill("#born-on", "1950-04-01").await;
    browser.click("#by-name button.primary").await;
    browser.wait_for_text("#facts", "登録あり(番号は表示しません)").await;
    let person = browser.client.current_url().await.unwrap().to_string();
    take_pictures(&browser, &person, "person").await;

    browser.goto(&format!("{person}?lang=ja")).await;
    browser.click("#look-up a.primary").await;
    take_pictures(&browser, &format!("{person}/look-up"), "look-up").await;
    browser.goto(&format!("{person}/look-up?lang=ja")).await;
    browser.fill("#of", "131016").await;
    browser.click("input[name=by][value=personal_number]").await;
    browser.click("input[name=purpose][value=moved_in]").await;
    browser.click("input[name=ground]").await;
    browser.click("input[name=consent][value=hard]").await;
    browser.click("#ask button.primary").await;
    browser.wait_for_text("[role=alert]", "その理由も選んでください").await;
    browser.click("input[name=ground]").await;
    browser.click("#why option[value=no_contact]").await;
    browser.click("#ask button.primary").await;
    let told = browser.wait_for_text("#doses", "FF3620").await;
    assert!(!told.contains("見本体育館"), "{told}");
    let shown = super::console::pictures();
    browser
        .picture_of_all(&shown.join("look-up-answer-ja-1280-all.png"), 1280, tests::browser::Scheme::Light)
        .await;
    browser
        .picture_of_all(&shown.join("look-up-answer-ja-640-all-dark.png"), 640, tests::browser::Scheme::Dark)
        .await;
    take_pictures(&browser, &format!("{url}/municipality/look-ups"), "look-ups-made").await;
    take_pictures(&browser, &format!("{url}/municipality/audit"), "audit").await;

    browser.goto(&format!("{url}/municipality/entries?lang=ja")).await;
    browser.fill("#coupon", HERE.coupon).await;
    browser.click("form.search button").await;
    browser.wait_for_text("main", "訂正済み").await;
    browser.picture_of_all(&shown.join("entries-ja-1280-all.png"), 1280, tests::browser::Scheme::Light).await;
    browser
        .picture_of_all(&shown.join("entries-ja-640-all-dark.png"), 640, tests::browser::Scheme::Dark)
        .await;
    take_pictures(&browser, &format!("{url}/municipality/entries"), "entries-form").await;
    no_complaints(&browser.complaints().await, &["404", "409", "422"]);
    browser.close().await;

    // The other side.
    let browser = Browser::start().await;
    let password = central.add_account_as("chiyoda-1", staff("131016"));
    sign_in_first(&browser, &url, "chiyoda-1", &password, central.now()).await;
    let received = format!("{url}/municipality/look-ups/received");
    browser.goto(&format!("{received}?lang=ja")).await;
    let said = browser.wait_for_text("#look-ups", "東京都渋谷区").await;
    assert!(
        said.contains("shibuya-1") && said.contains("見本-9009") && !said.contains("見本-0001"),
        "{said}"
    );
    take_pictures(&browser, &received, "look-ups-received").await;
    no_complaints(&browser.complaints().await, &[]);
    browser.close().await;
}
