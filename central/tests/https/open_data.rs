//! オープンデータ: counted beside the page, then fetched; counts of nobody.
//!
//! Must not: count through the library what an officer counts on a page.

use std::time::Duration;

use reqwest::StatusCode;

use super::{
    central,
    entries::day_with_lot,
    look_ups::{HERE, officer_of, people},
    visitor::{Page, Visitor},
};

const PAGE: &str = "/municipality/media/open-data";

/// Waits until counting has ended; the page.
async fn counted(officer: &mut Visitor) -> Page {
    for _ in 0..600 {
        let shown = officer.get(PAGE).await;
        if !shown.body.contains("id=\"progress\"") {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it counts on and on");
}

async fn press(officer: &mut Visitor, what: &str) -> Page {
    let word = officer.get(PAGE).await.word();
    officer.post(PAGE, &[("word", &word), ("what", what)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn doses_are_counted_on_demand_and_another_municipality_fetches_its_own_alone() {
    let (central, _clock) = central();
    people(&central, "131130", vec![HERE]);
    let mut officer = officer_of(&central, "shibuya-1", "131130").await;
    let file = format!("{PAGE}/file");
    let none = officer.get(&file).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(none.body.contains("まだ数えていません"), "{}", none.body);

    assert_eq!(press(&mut officer, "count").await.status, StatusCode::SEE_OTHER);
    let shown = counted(&mut officer).await;
    assert!(
        shown.body.contains("数える接種がまだありません") && !shown.body.contains("id=\"file\""),
        "{}",
        shown.body
    );

    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let coupon = format!("21131130{}", HERE.coupon).parse().unwrap();
    let entry = tablet.maker.vaccination_of(coupon, day_with_lot("FF3620"));
    tablet.record(entry.to_bytes());
    tablet.send(&tablet.entries).await.unwrap();
    press(&mut officer, "count").await;
    let shown = counted(&mut officer).await;
    assert!(shown.body.contains("<dt>行数</dt><dd>1</dd>"), "{}", shown.body);
    let lines = String::from_utf8(officer.bytes(&file).await).unwrap();
    let line: serde_json::Value = serde_json::from_str(lines.trim_end()).unwrap();
    assert_eq!(
        (&line["prefecture"], &line["gender"], &line["count"]),
        (&"13".into(), &"F".into(), &1.into())
    );
    assert!(!lines.contains(HERE.coupon) && !lines.contains(HERE.address_number));

    // The form's word is checked, and nobody else's counts are shown.
    let stale = officer.post(PAGE, &[("word", "old"), ("what", "count")]).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    let mut other = officer_of(&central, "chiyoda-1", "131016").await;
    assert_eq!(other.get(&file).await.status, StatusCode::NOT_FOUND);
    press(&mut other, "count").await;
    assert!(counted(&mut other).await.body.contains("数える接種がまだありません"));
    let english = officer.get(&format!("{PAGE}?lang=en")).await.body;
    assert!(english.contains("Count again") && english.contains("Fetch the open data"), "{english}");
}
