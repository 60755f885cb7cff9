//! Where a lot remains and who received it, days that were closed beside the books, what was discarded, and stock over time, over
//! HTTPS.
//!
//! Must not: act through the storage; whoever acts has a page, a tablet or the program.

use record::{
    EntryContent,
    closing::{Closing, HeldDay, LotUse},
};
use reqwest::StatusCode;

use super::{
    central,
    central_process::CentralProcess,
    entries::day,
    process::{path, run, said},
    protocol_tablet::ProtocolTablet,
    stock::{PRODUCT, deliver, facility, officer, register, rows, send, write},
    visitor::Visitor,
};

const LOT_PAGE: &str = "/municipality/stock/lot?product=%E3%82%B3%E3%83%9F%E3%83%8A%E3%83%86%E3%82%A3%E7%AD%8B%E6%B3%A8&lot=FF3620";
const RECIPIENTS: &str = "/municipality/stock/lot/recipients";

fn site() -> String {
    day().site.facility_code.to_string()
}

/// The books add up, and every line follows from those before it.
fn is_sound(central: &CentralProcess) {
    let checked = run(&["check", "--data", path(&central.data())], "");
    assert!(checked.status.success(), "{}", said(&checked));
}

fn derive(central: &CentralProcess) {
    let derived = run(&["stock", "derive", "--data", path(&central.data())], "");
    assert!(derived.status.success(), "{}", said(&derived));
}

fn publish(central: &CentralProcess, json: &str) {
    let file = central.data().join("../publish.json");
    std::fs::write(&file, json).unwrap();
    let data = central.data();
    let output = run(&["reference", "publish", "--data", path(&data), "--lots", path(&file)], "");
    assert!(output.status.success(), "{}", said(&output));
}

/// One lot as it is published.
fn lots(recalled: &str, expires_on: &str) -> String {
    format!(
        r#"[{{"vaccine":{{"manufacturer":"ファイザー","product":"{PRODUCT}"}},
            "lots":[{{"lot":"FF3620","expires_on":"{expires_on}"{recalled}}}]}}]"#
    )
}

async fn recipients(officer: &mut Visitor, lot: &str) -> super::visitor::Page {
    send(officer, LOT_PAGE, RECIPIENTS, &[("product", PRODUCT), ("lot", lot)]).await
}

/// A tablet that has sent these doses, by the end of their coupons' numbers.
async fn vaccinated(central: &CentralProcess, coupons: &[&str]) -> ProtocolTablet {
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    for coupon in coupons {
        let entry = tablet.maker.vaccination_of(coupon.parse().unwrap(), day());
        tablet.record(entry.to_bytes());
    }
    tablet.send(&tablet.entries).await.unwrap();
    tablet
}

#[tokio::test]
async fn a_recalled_lot_is_marked_where_it_remains_and_who_received_it_is_listed_and_recorded() {
    let (central, _clock) = central();
    let mut own = officer(&central, "shibuya-1", "131130").await;
    let mut other = officer(&central, "chiyoda-1", "131016").await;
    register(&mut own, &site(), "見本体育館").await;
    deliver(&mut own, &site(), "3", "18").await;
    assert!(!own.get(LOT_PAGE).await.body.contains("回収の対象"), "nothing is published");
    assert!(recipients(&mut own, "FF3620").await.body.contains("この市区町村が発行した接種券にはありません"));
    vaccinated(&central, &["211311300000000001", "211311300000000002", "211310160000000003"]).await;
    derive(&central);
    publish(&central, &lots(r#","recalled_at":1637545200000"#, "2022-02-28"));
    let lot = own.get(LOT_PAGE).await.body;
    assert!(lot.contains("このロットは回収の対象です") && lot.contains("使わずに分けて保管し"), "{lot}");
    assert!(lot.contains("この市区町村の施設での接種") && lot.contains("3回"), "{lot}");
    assert!(own.get(&facility(&site())).await.body.contains("回収の対象のロットが、この施設に残っています"));
    assert!(rows(&own.get("/municipality/stock").await.body, "facilities")[0].contains("回収のロットあり"));
    let page = recipients(&mut own, "FF3620").await;
    assert_eq!(page.status, StatusCode::OK);
    let listed = rows(&page.body, "recipients");
    assert_eq!(listed.len(), 2, "{listed:?}");
    for (row, coupon) in listed.iter().zip(["0000000001", "0000000002"]) {
        assert!(row.contains(coupon) && row.contains("有効") && row.contains("登録なし"), "{row}");
    }
    assert!(!page.body.contains("0000000003"), "another municipality's coupon");
    let audit = own.get("/municipality/audit").await.body;
    assert!(audit.contains("ロット FF3620 の接種を受けた人を表示(1件目から2件)"), "{audit}");
    let page = recipients(&mut other, "FF3620").await;
    let listed = rows(&page.body, "recipients");
    assert!(listed.len() == 1 && listed[0].contains("0000000003"), "its own alone: {listed:?}");
    let stale = [("word", "no word"), ("product", PRODUCT), ("lot", "FF3620")];
    let refused = own.post(RECIPIENTS, &stale).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.body.contains("0000000001"));
    let english = own.get(&format!("{LOT_PAGE}&lang=en")).await.body;
    assert!(english.contains("This lot is recalled."));
}

#[tokio::test]
async fn a_transfer_of_the_lot_is_shown_with_what_is_on_its_way() {
    let (central, _clock) = central();
    let mut own = officer(&central, "shibuya-1", "131130").await;
    register(&mut own, &site(), "見本体育館").await;
    register(&mut own, "1310100002", "見本診療所").await;
    deliver(&mut own, &site(), "3", "18").await;
    let page = own.get(LOT_PAGE).await.body;
    assert!(page.contains("このロットは、移送されていません"), "{page}");
    super::stock::sent(&central, &mut own, &site(), "1310100002").await;
    let page = own.get(LOT_PAGE).await.body;
    let ways = rows(&page, "ways");
    assert!(ways.len() == 1 && ways[0].contains("見本体育館") && ways[0].contains("見本診療所"), "{ways:?}");
    assert!(ways[0].contains("2バイアル・12回分") && ways[0].contains("0バイアル・0回分"), "{ways:?}");
}

async fn close(tablet: &mut ProtocolTablet, vials: u32, discarded: u32, recorded: u32) {
    let lot = LotUse { lot: day().lot, vials, doses_per_vial: 6, discarded, recorded };
    let closing =
        Closing::new(day().vaccinated_on, day().site, recorded, vec![lot], HeldDay::default()).unwrap();
    let entry = tablet.maker.entry(EntryContent::Closing(closing));
    tablet.record(entry.to_bytes());
    tablet.send(&tablet.entries).await.unwrap();
}

#[tokio::test]
async fn a_day_that_was_closed_stands_beside_the_books_with_each_difference_and_its_next_step() {
    let (central, _clock) = central();
    let mut own = officer(&central, "shibuya-1", "131130").await;
    register(&mut own, &site(), "見本体育館").await;
    let closings = "/municipality/stock/closings";
    assert!(own.get(closings).await.body.contains("この期間の締めは、まだ届いていません"));
    let mut tablet = vaccinated(&central, &["211311300000000001", "211311300000000002"]).await;
    close(&mut tablet, 1, 3, 3).await;
    derive(&central);
    let page = own.get(closings).await.body;
    let differs = rows(&page, "closings");
    assert!(differs[0].contains("締めの接種は3回、帳簿の接種は2回です"), "{differs:?}");
    assert!(differs[0].contains("納入も受領も入力されていません"), "{differs:?}");
    assert!(own.get(&facility(&site())).await.body.contains("締めの接種は3回、帳簿の接種は2回です"));
    // What was delivered is entered late, and the day is closed anew.
    let more = [("storage", "thawed"), ("vials", "1"), ("doses", "5"), ("reason", "納入の入力漏れ")];
    let explained = write(&mut own, &site(), "explained", &more).await;
    assert_eq!(explained.status, StatusCode::SEE_OTHER, "{}", explained.body);
    close(&mut tablet, 1, 4, 2).await;
    derive(&central);
    derive(&central);
    let page = own.get(closings).await.body;
    let agrees = rows(&page, "closings");
    assert_eq!(agrees.len(), 1, "the last one of the tablet");
    assert!(!agrees[0].contains("締めの接種は"), "{agrees:?}");
    assert!(!agrees[0].contains("バイアルは1本、帳簿"), "{agrees:?}");
    let ledger = rows(&own.get(&facility(&site())).await.body, "ledger");
    let opened: Vec<_> = ledger.iter().filter(|line| line.contains("開封")).collect();
    assert_eq!(opened.len(), 3, "taken, taken back and taken anew, once each: {ledger:?}");
    assert!(opened[0].contains("端末の締めから自動"), "{opened:?}");
    let wastage = own.get("/municipality/stock/wastage").await.body;
    let used = rows(&wastage, "wastage");
    assert!(used[0].contains("2.00") && used[0].contains("66.6%"), "two doses of a vial of six: {used:?}");
    is_sound(&central);
    let refused = own.get(&format!("{closings}?first=2021-11-23&last=2021-11-22")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("初日が先になるように"));
    let mut other = officer(&central, "chiyoda-1", "131016").await;
    for page in [
        closings.to_owned(),
        format!("{closings}?facility={}", site()),
        "/municipality/stock/wastage".to_owned(),
    ] {
        let page = other.get(&page).await.body;
        assert!(!page.contains("見本体育館") && !page.contains("FF3620"), "another municipality's");
    }
}

#[tokio::test]
async fn stock_over_time_and_what_expired_are_drawn_with_their_figures() {
    let (central, _clock) = central();
    let mut own = officer(&central, "shibuya-1", "131130").await;
    register(&mut own, &site(), "見本体育館").await;
    let charts = format!("{}/charts", facility(&site()));
    assert!(own.get(&charts).await.body.contains("推移はまだありません"));
    deliver(&mut own, &site(), "3", "18").await;
    publish(&central, &lots("", "2021-11-21"));
    let page = own.get(&format!("{charts}?days=90")).await.body;
    for part in [
        "chart-stock-title",
        "chart-came-title",
        "chart-went-title",
        "週の初日",
        "期限切れのワクチンが残っています",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let shelf = rows(&page, "shelf");
    assert!(shelf.len() == 6 && shelf[0].contains("期限切れ") && shelf[0].contains("18"), "{shelf:?}");
    let facility_page = own.get(&facility(&site())).await.body;
    assert!(facility_page.contains("figures-stock"), "the facility's own page has the figures too");
    assert!(facility_page.contains("<td class=\"figure\">18</td>"), "{facility_page}");
    let mut other = officer(&central, "chiyoda-1", "131016").await;
    assert_eq!(other.get(&charts).await.status, StatusCode::NOT_FOUND);
}
