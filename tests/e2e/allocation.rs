//! ワクチンの配分 from both sides, in a real browser: opened, ordered, computed, moved by hand, published; and pictures of those
//! pages.
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
/// The form proposes a deadline a week from now.
const WEEK_MS: i64 = 7 * 86_400_000;

async fn signed_in(central: &CentralProcess, name: &str, role: Role) -> Browser {
    let browser = Browser::start().await;
    let password = central.add_account_as(name, role);
    sign_in_first(&browser, &central.url(), name, &password, central.now()).await;
    browser
}

async fn fill(browser: &Browser, fields: &[(&str, &str)]) {
    for (field, text) in fields {
        browser.find(field).await.clear().await.unwrap();
        browser.fill(field, text).await;
    }
}

async fn order(browser: &Browser, url: &str, boxes: &str, people: &str) {
    browser.goto(&format!("{url}/municipality/stock/allocation?lang=ja")).await;
    browser.click("#cycles tbody a").await;
    fill(browser, &[("#boxes", boxes), ("#people", people)]).await;
    browser.click("#order button.primary").await;
    browser.wait_for_text("#orders", &format!("{boxes}箱")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_are_ordered_shared_out_moved_and_published_and_each_sees_its_own() {
    let clock = StandingClock::at(NOON);
    let central = CentralProcess::start(clock.clock());
    let url = central.url();
    let staff = |code: &str| Role::MunicipalityStaff(code.parse().unwrap());
    let nation = signed_in(&central, "nation-1", Role::NationalAdministrator).await;
    let shibuya = signed_in(&central, "shibuya-1", staff("131130")).await;
    let chiyoda = signed_in(&central, "chiyoda-1", staff("131016")).await;
    let (cycles, own) = (format!("{url}/console/allocation"), format!("{url}/municipality/stock/allocation"));
    take_pictures(&nation, &cycles, "allocation-none").await;
    take_pictures(&shibuya, &own, "allocation-own-none").await;

    nation.goto(&format!("{cycles}?lang=ja")).await;
    fill(&nation, &[("#product", "見本一号"), ("#boxes", "10"), ("#doses", "1170")]).await;
    nation.click("#open button.primary").await;
    nation.wait_for_text("#stage", "要望を受付中").await;
    order(&shibuya, &url, "9", "30000").await;
    order(&chiyoda, &url, "9", "10000").await;
    take_pictures(&shibuya, &format!("{own}/1"), "allocation-ordered").await;
    take_pictures(&nation, &format!("{cycles}/1"), "allocation-orders").await;

    clock.put(NOON.plus_ms(WEEK_MS + 60_000));
    // Their sessions ended in that week.
    nation.close().await;
    let nation = Browser::start().await;
    let password = central.add_account_as("nation-2", Role::NationalAdministrator);
    sign_in_first(&nation, &url, "nation-2", &password, central.now()).await;
    nation.goto(&format!("{cycles}/1?lang=ja")).await;
    nation.click("#compute button").await;
    nation.wait_for_text("#stage", "案").await;
    // 8 × 1/4 = 2 and 8 × 3/4 = 6; the ninth goes to the lower rate: 2,340 ÷ 20,000 = 7,020 ÷ 60,000, so to the smaller
    // code; then the tenth to the other.
    nation.wait_for_text("#result", "7箱").await;
    fill(
        &nation,
        &[("#from", "131130"), ("#to", "131016"), ("#move-boxes", "99"), ("#move-reason", "見本の理由")],
    )
    .await;
    nation.click("#move button.primary").await;
    nation.wait_for_text("#message", "それだけの箱がありません").await;
    fill(&nation, &[("#move-boxes", "2")]).await;
    nation.click("#move button.primary").await;
    nation.wait_for_text("#stage", "調整あり").await;
    take_pictures(&nation, &format!("{cycles}/1"), "allocation-draft").await;
    nation.goto(&format!("{cycles}/1?lang=ja")).await;
    nation.click("#publish input[name=sure]").await;
    nation.click("#publish button.primary").await;
    nation.wait_for_text("#stage", "公表済み").await;
    take_pictures(&nation, &cycles, "allocation").await;

    let shibuya_again = signed_in(&central, "shibuya-2", staff("131130")).await;
    shibuya_again.goto(&format!("{own}/1?lang=ja")).await;
    let seen = shibuya_again.wait_for_text("#result", "5箱").await;
    assert!(seen.contains("見本の理由") && !seen.contains("千代田区"), "{seen}");
    take_pictures(&shibuya_again, &format!("{own}/1"), "allocation-result").await;
    take_pictures(&shibuya_again, &own, "allocation-own").await;
    // What was refused is said with a status of its own.
    no_complaints(&nation.complaints().await, &["409"]);
    no_complaints(&shibuya_again.complaints().await, &[]);
    for browser in [nation, shibuya, chiyoda, shibuya_again] {
        browser.close().await;
    }
}
