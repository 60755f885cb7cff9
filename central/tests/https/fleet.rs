//! The fleet's pages as a browser's requests meet them: conditions, one tablet, charts.

use record::wire::heartbeat::{ClockOffset, Count, FreeSpace, Heartbeat};
use reqwest::StatusCode;

use super::{NOON, console::signed_in};

const HOUR_MS: i64 = 3_600_000;

/// The numbers of the tablets in the rows, in order.
fn ids(page: &str) -> Vec<&str> {
    page.split("<tr role=\"row\" id=\"tablet-").skip(1).map(|row| &row[..11]).collect()
}

#[tokio::test]
async fn conditions_leave_the_tablets_that_are_asked_for() {
    let (central, clock, mut visitor) = signed_in().await;
    let beat = async |tablet_id: &str, change: fn(&mut Heartbeat)| {
        let mut tablet = central.enrolled_tablet(tablet_id).await;
        tablet.now = clock.now();
        let mut said = tablet.heartbeat();
        change(&mut said);
        assert_eq!(tablet.beat(&said).await.status(), StatusCode::OK);
    };
    clock.put(NOON.plus_ms(-7 * HOUR_MS));
    beat("131130-0001", |_| {}).await;
    clock.put(NOON);
    beat("131130-0002", |said| said.free_mib = Some(FreeSpace::of_bytes(100 << 20))).await;
    beat("131130-0003", |said| said.clock_offset_s = ClockOffset::of_ms(7_200_000)).await;
    beat("131016-0001", |said| said.release = "0.0.9".parse().unwrap()).await;
    beat("131016-0002", |_| {}).await;
    let mut gap = central.enrolled_tablet("131016-0003").await;
    gap.record_day(5);
    gap.send(&[&gap.entries[..2], &gap.entries[3..]].concat()).await.unwrap();
    for (query, expected) in [
        ("need=missing", &["131016-0003"][..]),
        ("need=storage", &["131130-0002"]),
        ("need=clock", &["131130-0003"]),
        ("need=version", &["131016-0001"]),
        ("need=silent", &[]),
        ("need=silent&hours=6", &["131130-0001"]),
        ("need=silent&hours=6&municipality=131016", &[]),
        ("municipality=%E5%8D%83%E4%BB%A3%E7%94%B0", &["131016-0003", "131016-0001", "131016-0002"]),
        ("text=131130", &["131130-0002", "131130-0003", "131130-0001"]),
        ("text=2%E5%8F%B7%E6%A9%9F", &["131130-0002", "131016-0002"]),
        (
            "need=nonsense&hours=x&page=x",
            &["131016-0003", "131130-0002", "131130-0003", "131016-0001", "131016-0002", "131130-0001"],
        ),
    ] {
        let page = visitor.get(&format!("/console/fleet/rows?{query}")).await.body;
        assert_eq!(ids(&page), expected, "{query}");
        if expected.is_empty() {
            assert!(page.contains("条件に合うタブレットはありません"), "{query}");
        }
    }
    let page = visitor.get("/console/fleet?need=clock&municipality=%E6%B8%8B%E8%B0%B7").await.body;
    for kept in [
        "<option value=\"clock\" selected>",
        "value=\"渋谷\"",
        "href=\"?need=silent&#38;municipality=%E6%B8%8B%E8%B0%B7\"",
        "?need=clock&#38;municipality=%E6%B8%8B%E8%B0%B7&#38;lang=en",
        "条件に合うタブレットは1台です",
    ] {
        assert!(page.contains(kept), "{kept} in {page}");
    }
    let page = visitor.get("/console/fleet/rows?municipality=%E6%9E%B6%E7%A9%BA%E5%B8%82").await.body;
    assert!(page.contains("その名前または番号の市区町村はありません"), "{page}");
}

#[tokio::test]
async fn a_text_that_is_looked_for_comes_back_as_text() {
    let (central, _clock, mut visitor) = signed_in().await;
    central.enrolled_tablet("131130-0017").await;
    let page = visitor.get("/console/fleet?text=%22%3E%3Cscript%3E&municipality=%3Cb%3E").await.body;
    assert!(!page.contains("\"><script>") && !page.contains("<b>\""), "{page}");
    assert!(page.contains("%22%3E%3Cscript%3E"), "the address that refreshes the rows asks the same");
}

#[tokio::test]
async fn one_tablets_page_says_how_it_stands_what_to_do_and_what_happened() {
    let (central, clock, mut visitor) = signed_in().await;
    clock.put(NOON.plus_ms(-2 * HOUR_MS));
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.now = clock.now();
    tablet.record_day(20);
    tablet.send(&tablet.entries[..10]).await.unwrap();
    clock.put(NOON.plus_ms(-HOUR_MS));
    tablet.now = clock.now();
    tablet.send(&tablet.entries[12..15]).await.unwrap();
    clock.put(NOON);
    tablet.now = NOON;
    tablet.beat(&Heartbeat { pending: Count::of(7), ..tablet.heartbeat() }).await;
    let page = visitor.get("/console/tablets/131130-0017").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        "17号機",
        "東京都渋谷区",
        "欠番あり",
        "送信画面を確認してください",
        "欠番が発生: 11–12",
        "10件を受領",
        "定期連絡（送信待ち 7件）",
        "3件を受領",
        "登録",
        "送信待ち 7件",
        "未着 5件",
        "8 GiB以上",
        "数値の表: 受領した記録",
    ] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    tablet.send(&tablet.entries[10..12]).await.unwrap();
    let page = visitor.get("/console/tablets/131130-0017/now?lang=en").await.body;
    for text in ["In order", "Gap closed: 11–12", "Gap opened: 11–12", "Every entry that was sent"] {
        assert!(page.contains(text), "{text} in {page}");
    }
}

#[tokio::test]
async fn a_tablet_that_is_not_there_is_said_with_the_next_step() {
    let (central, _clock, mut visitor) = signed_in().await;
    central.invite("131130-0021".parse().unwrap(), "21号機");
    for unknown in ["131130-0099", "nonsense"] {
        let page = visitor.get(&format!("/console/tablets/{unknown}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("その番号のタブレットはありません"));
        assert!(page.body.contains("一覧から選んでください") && !page.body.contains(unknown));
        let fragment = visitor.get(&format!("/console/tablets/{unknown}/now")).await;
        assert_eq!(fragment.status, StatusCode::NOT_FOUND);
    }
    let invited = visitor.get("/console/tablets/131130-0021").await;
    assert_eq!(invited.status, StatusCode::OK);
    assert!(invited.body.contains("登録待ち") && invited.body.contains("設定ファイルを作成"));
}

#[tokio::test]
async fn charts_show_hours_and_the_same_figures_as_a_table() {
    let (central, clock, mut visitor) = signed_in().await;
    let page = visitor.get("/console/charts").await.body;
    assert!(page.contains("まだ表示できる値がありません"), "{page}");
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(1_250);
    for hour in 0..3 {
        clock.put(NOON.plus_ms(hour * HOUR_MS));
        tablet.now = clock.now();
        if hour == 2 {
            for batch in tablet.entries[..1_234].chunks(200) {
                tablet.send(batch).await.unwrap();
            }
            tablet.beat(&Heartbeat { pending: Count::of(16), ..tablet.heartbeat() }).await;
        }
        central.storage().note_hour(clock.now()).await.unwrap();
    }
    let page = visitor.get("/console/charts").await.body;
    let row = |time: &str, cells: &[&str]| {
        let cells: String = cells.iter().map(|cell| format!("<td class=\"figure\">{cell}</td>")).collect();
        format!("<th scope=\"row\">11/22 {time}</th>{cells}")
    };
    for expected in [
        row("14:00", &["1,234"]),
        row("13:00", &["0"]),
        row("12:00", &["記録なし"]),
        row("14:00", &["16"]),
        row("14:00", &["1", "0", "0"]),
        row("13:00", &["0", "1", "0"]),
    ] {
        assert!(page.contains(&expected), "{expected} in {page}");
    }
    assert!(page.contains("<rect class=\"kind-0\""));
    let elsewhere = visitor.get("/console/charts?municipality=131016&lang=en").await.body;
    assert!(elsewhere.contains("There is nothing to show yet"), "{elsewhere}");
    let nowhere = visitor.get("/console/charts?municipality=%E6%9E%B6%E7%A9%BA").await.body;
    assert!(nowhere.contains("There is no municipality of that name or code"));
}

#[tokio::test]
async fn a_page_of_one_tablet_hears_of_that_one_only() {
    let (central, _clock, visitor) = signed_in().await;
    let (one, other) =
        (central.enrolled_tablet("131130-0017").await, central.enrolled_tablet("131130-0018").await);
    let events = "/console/events?tablet=131130-0017";
    let mut events = visitor.request(reqwest::Method::GET, events).send().await.unwrap();
    assert_eq!(&events.chunk().await.unwrap().unwrap()[..], b"event: tablet\ndata: changed\n\n");
    other.beat(&other.heartbeat()).await;
    let silence = tokio::time::timeout(std::time::Duration::from_millis(800), events.chunk()).await;
    assert!(silence.is_err(), "{silence:?}");
    one.beat(&one.heartbeat()).await;
    let heard = tokio::time::timeout(std::time::Duration::from_secs(5), events.chunk()).await;
    assert_eq!(&heard.unwrap().unwrap().unwrap()[..], b"event: tablet\ndata: changed\n\n");
}
