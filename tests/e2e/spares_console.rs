//! A box of spares from the console's pages to a spare that works: made in a real browser, carried by hand, set up offline,
//! in the place of a broken tablet, delivering later; and pictures of those pages.
//!
//! Must not: go a way that a person could not.

use std::fs;

use app::workflow::Phase;
use central::roles::Role;
use tests::{
    browser::{Browser, Scheme},
    console_visit::sign_in_first,
    network::Mood,
    screen::{Screen, on_screen_thread},
    site::{self, PIN},
};

use super::{
    console::{no_complaints, pictures, take_pictures},
    place::{Place, wait_for_receipts},
};

/// What an officer types, field by field.
fn typed(url: &str) -> [(&'static str, String); 10] {
    [
        ("first_number", "900".to_owned()),
        ("count", "3".to_owned()),
        ("tablet_name", "予備機".to_owned()),
        ("sites", "1311399999, 見本市民体育館\n1311388888, 見本区役所ホール".to_owned()),
        ("staff", format!("staff-01, 見本 花子, 職員, {PIN}\nadmin-01, 見本 責任者, 責任者")),
        ("physicians", "見本 太郎".to_owned()),
        ("lots", "ファイザー, コミナティ筋注, FF3620, 2026-08-31, 2047-02-28, 1170, 6".to_owned()),
        ("doses", "1,2,3".to_owned()),
        ("municipalities", "131130".to_owned()),
        ("central_url", url.to_owned()),
    ]
}

async fn fill(browser: &Browser, fields: &[(&'static str, String)]) {
    for (field, text) in fields {
        browser.find(&format!("#{field}")).await.clear().await.unwrap();
        browser.fill(&format!("#{field}"), text).await;
    }
}

/// The page that is shown once, in both colourings and widths.
async fn take_pictures_of_what_is_shown(browser: &Browser, name: &str) {
    for (width, scheme, what) in [
        (1280, Scheme::Light, "1280-all"),
        (640, Scheme::Dark, "640-all-dark"),
        (360, Scheme::Light, "360-all"),
    ] {
        browser.picture_of_all(&pictures().join(format!("{name}-ja-{what}.png")), width, scheme).await;
    }
    browser.appear(1280, 800, Scheme::Light).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_made_in_the_console_sets_a_spare_up_that_takes_a_broken_tablets_place() {
    let place = Place::new(Mood::Cut);
    let url = place.central.url();
    let mut broken = place.central.enrolled_tablet("131130-0017").await;
    broken.record_day(5);
    broken.send(&broken.entries[..3]).await.unwrap();
    let browser = Browser::start().await;
    let role = Role::MunicipalityApprover("131130".parse().unwrap());
    let password = place.central.add_account_as("shibuya-1", role);
    sign_in_first(&browser, &url, "shibuya-1", &password, place.central.now()).await;
    let list = format!("{url}/municipality/boxes");
    take_pictures(&browser, &list, "boxes-none").await;
    take_pictures(&browser, &format!("{list}/new"), "boxes-form").await;

    browser.goto(&format!("{list}/new?lang=ja")).await;
    let fields = typed(&format!("https://127.0.0.1:{}", place.network.port()));
    fill(&browser, &fields).await;
    fill(&browser, &[("doses", "0".to_owned())]).await;
    browser.click("#box-form button.primary").await;
    browser.wait_for_text("#wrong", "「接種回数」を直してください").await;
    take_pictures_of_what_is_shown(&browser, "boxes-wrong").await;
    fill(&browser, &[("doses", "1,2,3".to_owned())]).await;
    browser.click("#box-form button.primary").await;
    browser.wait_for_text("#holds", "見本市民体育館").await;
    browser.wait_for_text("#holds", "recovery-1").await;
    browser.wait_for_text("#for", "131130-0902").await;
    take_pictures_of_what_is_shown(&browser, "boxes-look").await;
    browser.click("#make button.primary").await;
    browser.wait_for_text("#pins", "見本 責任者").await;
    take_pictures_of_what_is_shown(&browser, "boxes-made").await;
    let codes = browser.find("#codes tbody").await.text().await.unwrap();
    let address = browser.find("#download").await.attr("href").await.unwrap().unwrap();
    let issued_at: i64 = address.split('/').nth(3).unwrap().parse().unwrap();

    // The file by one way, the codes by another.
    let storage = place.central.storage();
    let municipality = "131130".parse().unwrap();
    let made_at = record::WallTime::from_unix_ms(issued_at);
    let bytes = storage.box_file(municipality, made_at).await.unwrap().unwrap();
    let stick = place.bundle().with_file_name("spares.vrsbundle");
    fs::write(&stick, bytes).unwrap();
    let mut paper = String::new();
    for number in ["131130-0900", "131130-0901", "131130-0902"] {
        let rest = codes.split(number).nth(1).unwrap();
        let digits: String = rest.chars().skip_while(|sign| *sign != ' ' && *sign != '\n').collect();
        let code: Vec<&str> = digits.split_whitespace().filter(|part| part.len() == 4).take(4).collect();
        paper.push_str(&format!("{number} {}\n", code.join(" ")));
    }
    fs::write(site::paper_of(&stick), paper).unwrap();

    // Tablet 17 is broken: the spare takes its place.
    let broken = format!("{url}/municipality/tablets/131130-0017");
    browser.goto(&format!("{broken}?lang=ja")).await;
    browser.click("#replace input[value='131130-0901']").await;
    browser.fill("#replace-reason", "画面が割れた").await;
    browser.click("#replace button.primary").await;
    browser.wait_for_text("#replaced", "131130-0901").await;

    let (place, entries) = tokio::task::block_in_place(move || {
        on_screen_thread(move || {
            let screen = spare_at_work(&place, &stick);
            let entries = place.record(&screen, 2);
            assert!(entries > 0, "recorded offline");
            place.network.become_(Mood::Open);
            wait_for_receipts(&screen, entries);
            drop(screen);
            (place, entries)
        })
    });
    assert_eq!(place.at_central("count(*) FROM entries WHERE tablet_number = 901"), entries);
    browser.goto(&format!("{list}?lang=ja")).await;
    browser.wait_for_text("#boxes", "登録済み").await;
    browser.wait_for_text("#boxes", "shibuya-1").await;
    browser.click("#boxes details summary").await;
    browser.fill("#boxes input[name=reason]", "USBメモリーを紛失").await;
    browser.click("#boxes form button").await;
    browser.wait_for_text("#boxes", "無効").await;
    take_pictures(&browser, &list, "boxes").await;
    no_complaints(&browser.complaints().await, &["422"]);
    browser.close().await;
}

fn spare_at_work(place: &Place, stick: &std::path::Path) -> Screen {
    let folder = place.tablet().with_file_name("spare");
    let timing = app::timing::Timing::default();
    let screen = Screen::start(site::tablet(&folder, Some(stick), &place.sheets, timing));
    screen.wait_for(
        "the list of bundle files",
        |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
    );
    screen.tap_where("the box", |label| label.ends_with("spares.vrsbundle"));
    screen.tap_where("its number", |label| label.contains("131130-0901"));
    site::type_code(&screen);
    screen.wait_for(
        "the facts of the bundle",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.chosen.is_some()),
    );
    screen.tap("番号は同じ。この設定を使う");
    screen.wait_for("the locked screen", |state| matches!(state.phase, Phase::Locked(_)));
    site::unlock(&screen, "見本 花子");
    site::set_day(&screen);
    screen
}
