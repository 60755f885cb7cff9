//! The console as a browser's requests meet it: who gets in, what every answer says, what moves by itself.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{StatusCode, header};

use super::{
    NOON, central,
    central_process::{CentralProcess, StandingClock},
    visitor::{Page, Visitor},
};

const SESSION: &str = "__Host-vrs-session";
const HOUR_MS: i64 = 3_600_000;

fn visitor(central: &CentralProcess) -> Visitor {
    Visitor::new(&central.route().authority_pem, central.url())
}

pub(crate) async fn signed_in() -> (CentralProcess, StandingClock, Visitor) {
    let (central, clock) = central();
    let password = central.add_account("support-1");
    let mut visitor = visitor(&central);
    let page = visitor.sign_in("support-1", &password).await;
    assert!(page.body.contains("リカバリーコード"), "{}", page.body);
    (central, clock, visitor)
}

fn goes_to_sign_in(page: &Page) {
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/console/sign-in"));
}

#[tokio::test]
async fn password_and_code_open_a_session_in_a_safe_cookie() {
    let (central, _) = central();
    let password = central.add_account("support-1");
    let mut visitor = visitor(&central);
    goes_to_sign_in(&visitor.get("/").await);
    goes_to_sign_in(&visitor.get("/console/fleet").await);
    visitor.sign_in("support-1", &password).await;
    assert_eq!(visitor.get("/").await.header("location"), "/console/fleet");
    let page = visitor.sign_in("support-1", &password).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = page.header("set-cookie");
    let (pair, flags) = cookie.split_once("; ").unwrap();
    assert_eq!(flags, "Path=/; Max-Age=36000; Secure; HttpOnly; SameSite=Strict");
    assert_eq!(pair.strip_prefix("__Host-vrs-session=").unwrap().len(), 43);
    assert_eq!(visitor.get("/console/fleet").await.status, StatusCode::OK);
    // What is kept is not what the browser holds.
    let kept = std::fs::read(central.data().join("register.sqlite-wal")).unwrap();
    let secret = visitor.cookies[SESSION].as_bytes();
    assert!(!kept.windows(secret.len()).any(|window| window == secret));
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_get_the_same_answer() {
    let (central, _) = central();
    central.add_account("support-1");
    let mut visitor = visitor(&central);
    let wrong = visitor.sign_in("support-1", "wrong password").await;
    let unknown = visitor.sign_in("nobody-here", "wrong password").await;
    let impossible = visitor.sign_in("見本 太郎", "wrong password").await;
    for page in [&wrong, &unknown, &impossible] {
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("アカウント名またはパスワードが違います"), "{}", page.body);
        assert_eq!(page.body, wrong.body);
    }
    assert!(!visitor.cookies.contains_key(SESSION));
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let (central, clock) = central();
    let password = central.add_account("support-1");
    let mut visitor = visitor(&central);
    for _ in 0..3 {
        assert_eq!(visitor.sign_in("support-1", "wrong password").await.status, StatusCode::FORBIDDEN);
    }
    let page = visitor.sign_in("support-1", &password).await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert!(page.body.contains("1秒待って"));
    clock.put(NOON.plus_ms(1_000));
    assert_eq!(visitor.sign_in("support-1", &password).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_of_another_page_changes_nothing() {
    let (central, _, mut visitor) = signed_in().await;
    let word = visitor.get("/console/fleet").await.word();
    let leave = "/console/sign-out";
    for origin in [Some("https://evil.example"), Some("null"), Some("http://127.0.0.1"), None] {
        let page = visitor.post_from(origin, leave, &[("word", &word)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    let other = "A".repeat(43);
    assert_eq!(visitor.post(leave, &[("word", &other)]).await.status, StatusCode::FORBIDDEN);
    assert!(visitor.post(leave, &[]).await.status.is_client_error());
    assert_eq!(visitor.get("/console/fleet").await.status, StatusCode::OK, "still signed in");

    // Nor can another page sign somebody in.
    let password = central.add_account("support-2");
    let fields = [("name", "support-2"), ("password", password.as_str()), ("word", &other)];
    let mut stranger = Visitor::new(&central.route().authority_pem, central.url());
    let page = stranger.post("/console/sign-in", &fields).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!stranger.cookies.contains_key(SESSION));
}

#[tokio::test]
async fn a_session_ends_by_itself_and_by_signing_out() {
    let (_central, clock, mut visitor) = signed_in().await;
    clock.put(NOON.plus_ms(10 * HOUR_MS - 1));
    let word = visitor.get("/console/fleet").await.word();
    let mut copied = visitor.cookies.clone();
    clock.put(NOON.plus_ms(10 * HOUR_MS));
    goes_to_sign_in(&visitor.get("/console/fleet").await);
    let fragment = visitor.request(reqwest::Method::GET, "/console/fleet/rows").header("hx-request", "true");
    let fragment = fragment.send().await.unwrap();
    assert_eq!(
        (fragment.status().as_u16(), &fragment.headers()["hx-redirect"]),
        (401, &"/console/sign-in".parse().unwrap())
    );

    clock.put(NOON);
    goes_to_sign_in(&visitor.post("/console/sign-out", &[("word", &word)]).await);
    assert!(!visitor.cookies.contains_key(SESSION));
    std::mem::swap(&mut visitor.cookies, &mut copied);
    goes_to_sign_in(&visitor.get("/console/fleet").await);
}

#[tokio::test]
async fn every_answer_to_a_browser_is_guarded() {
    let (central, _, mut visitor) = signed_in().await;
    for path in [
        "/",
        "/console/sign-in",
        "/console/fleet",
        "/console/fleet/rows",
        "/console/tablets/131130-0017",
        "/console/charts",
        "/assets/unknown.js",
    ] {
        let page = visitor.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.header(name), value, "{path}");
        }
        assert!(page.header("content-security-policy").starts_with("default-src 'self'; "), "{path}");
    }
    let tablet = central.enrolled_tablet("131130-0017").await;
    assert_eq!(tablet.beat(&tablet.heartbeat()).await.status(), StatusCode::OK);
    for path in ["/console/fleet", "/console/tablets/131130-0017", "/console/charts"] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        for inline in ["<script>", "<style", "style=", "onclick", "javascript:", "http://", "//cdn"] {
            assert!(!page.body.contains(inline), "{inline} in {path}");
        }
    }
}

#[tokio::test]
async fn scripts_and_styles_are_what_the_page_says_they_are() {
    let (_central, _, mut visitor) = signed_in().await;
    let page = visitor.get("/console/fleet").await.body;
    let mut checked = 0;
    for tag in page.split('<').filter(|tag| tag.contains("integrity=")) {
        let attribute = |name: &str| tag.split_once(name).unwrap().1.split_once('"').unwrap().0.to_owned();
        let path = attribute(if tag.starts_with("link") { "href=\"" } else { "src=\"" });
        let asset = visitor.get(&path).await;
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        let hash = format!("sha256-{}", STANDARD.encode(seal::token::digest(&asset.body)));
        assert_eq!(attribute("integrity=\""), hash);
        checked += 1;
    }
    assert_eq!(checked, 4);
    let font = visitor.request(reqwest::Method::GET, "/assets/noto-sans-jp-400-1.ttf").send().await.unwrap();
    assert_eq!(font.headers()[header::CONTENT_TYPE], "font/ttf");
    assert!(font.bytes().await.unwrap().len() > 1 << 20);
}

#[tokio::test]
async fn an_empty_fleet_says_what_to_do() {
    let (_central, _, mut visitor) = signed_in().await;
    let page = visitor.get("/console/fleet").await.body;
    assert!(page.contains("<html lang=\"ja\">"));
    assert!(page.contains("登録されたタブレットはまだありません"));
    let page = visitor.get("/console/fleet?lang=en").await.body;
    assert!(page.contains("<html lang=\"en\">"));
    assert!(page.contains("No tablet has been enrolled yet"));
    let page = visitor.get("/console/fleet").await.body;
    assert!(page.contains("No tablet has been enrolled yet"), "the choice is remembered");
}

#[tokio::test]
async fn the_fleet_shows_counts_gaps_and_contact() {
    let (central, clock, mut visitor) = signed_in().await;
    central.invite("131130-0021".parse().unwrap(), "21号機");
    let mut fine = central.enrolled_tablet("131130-0018").await;
    fine.record_day(1_234);
    for batch in fine.entries.chunks(200) {
        fine.send(batch).await.unwrap();
    }
    let mut gap = central.enrolled_tablet("131130-0017").await;
    gap.record_day(214);
    gap.send(&gap.entries[..200]).await.unwrap();
    gap.send(&[&gap.entries[200..202], &gap.entries[203..212]].concat()).await.unwrap();
    let mut review = central.enrolled_tablet("131130-0019").await;
    review.record(b"x".to_vec());
    review.send(&review.entries).await.unwrap();
    clock.put(NOON.plus_ms(3 * 60_000));
    let page = visitor.get("/console/fleet/rows").await.body;
    let rows: Vec<&str> = page.split("<tr role=\"row\" id=\"tablet-").skip(1).collect();
    let ids: Vec<&str> = rows.iter().map(|row| &row[..11]).collect();
    assert_eq!(ids, ["131130-0017", "131130-0019", "131130-0021", "131130-0018"]);
    for (row, texts) in rows.iter().zip([
        &["欠番あり", "17号機", "<b>211</b>", "未着 2件", ">203<", "12:00", "3分前"][..],
        &["要確認", "19号機", "<b>1</b>", "12:00"],
        &["登録待ち", "21号機", "まだありません"],
        &["正常", "18号機", "<b>1,234</b>", "時計 正常", "0.1.0"],
    ]) {
        for text in texts {
            assert!(row.contains(text), "{text} in {row}");
        }
    }
    assert!(page.contains("2台に対応が必要です"));
}

#[tokio::test]
async fn an_event_comes_when_a_tablets_row_changes() {
    let (central, _, visitor) = signed_in().await;
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let mut events = visitor.request(reqwest::Method::GET, "/console/events").send().await.unwrap();
    assert_eq!(events.headers()[header::CONTENT_TYPE], "text/event-stream");
    let event = "event: fleet\ndata: changed\n\n";
    assert_eq!(events.chunk().await.unwrap().unwrap(), event, "one at once");
    tablet.record_day(3);
    tablet.send(&tablet.entries).await.unwrap();
    let second = tokio::time::timeout(std::time::Duration::from_secs(5), events.chunk()).await;
    assert_eq!(second.unwrap().unwrap().unwrap(), event);
    let stranger = Visitor::new(&central.route().authority_pem, central.url());
    let refused = stranger.request(reqwest::Method::GET, "/console/events").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_open_page_does_not_keep_the_server_from_stopping() {
    let (mut central, _, visitor) = signed_in().await;
    let mut events = visitor.request(reqwest::Method::GET, "/console/events").send().await.unwrap();
    events.chunk().await.unwrap();
    let stopping = tokio::task::spawn_blocking(move || central.stop());
    tokio::time::timeout(std::time::Duration::from_secs(5), stopping).await.unwrap().unwrap();
    assert!(matches!(events.chunk().await, Ok(None) | Err(_)));
}
