//! 提案 over HTTPS: what is booked, who can help whom, and the governors' case carried out through the pages.
//!
//! Must not: act through the storage; whoever acts has a page.

use central::roles::Role;
use record::CalendarDate;
use reqwest::{StatusCode, Url};

use super::{
    central,
    central_process::{CentralProcess, StandingClock},
    process,
    stock::{approver, officer, rows, send, signed_in, step},
    visitor::{Page, Visitor},
};

const LIST: &str = "/municipality/stock";
const BOOKINGS: &str = "/municipality/stock/bookings";
const PROPOSALS: &str = "/municipality/stock/proposals";
const TRANSFERS: &str = "/municipality/stock/transfers";
const PREFECTURE: &str = "/console/proposals";
const PRODUCT: &str = "見本一号";
const LOT: &str = "SAMPLE-1";
const A: &str = "1311300001";
const B: &str = "1311300002";
const LINKED: &str = "1311300011";
const SATELLITES: [&str; 2] = ["1311300012", "1311300013"];
const ELSEWHERE: &str = "1310100001";

/// Vials of five doses, 195 a box; any kind passes on to any other.
fn publish_rule(central: &CentralProcess) {
    let kinds = ["core", "linked", "satellite"];
    let pairs: Vec<_> = kinds.iter().flat_map(|from| kinds.map(|to| [*from, to])).collect();
    let rule = serde_json::json!([{
        "product": PRODUCT,
        "packaging": { "doses_per_vial": 5, "vials_per_tray": 15, "vials_per_box": 195 },
        "may_pass": pairs,
        "may_pass_again": true,
        "least": "vial",
    }]);
    let file = central.data().join("rules.json");
    std::fs::write(&file, rule.to_string()).unwrap();
    let data = central.data();
    let file = process::path(&file).to_owned();
    process::said(&process::run(&["stock", "rules", "--data", process::path(&data), "--file", &file], ""));
}

async fn register(officer: &mut Visitor, code: &str, name: &str, freezer: &str, position: &str) {
    let fields = [
        ("code", code),
        ("name", name),
        ("freezer", freezer),
        ("per_day", "300"),
        ("begins", "2021-11-22"),
        ("position", position),
    ];
    let page = send(officer, LIST, LIST, &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

async fn write(officer: &mut Visitor, code: &str, what: &str, more: &[(&str, &str)]) {
    let mut fields = vec![("what", what), ("product", PRODUCT), ("lot", LOT)];
    fields.extend_from_slice(more);
    let page = format!("{LIST}/facilities/{code}");
    let answer = send(officer, &page, &page, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

async fn becomes(officer: &mut Visitor, code: &str, kind: &str) {
    write(officer, code, "kind", &[("kind", kind), ("reason", "供給の見込み")]).await;
}

async fn deliver(officer: &mut Visitor, code: &str, vials: &str) {
    let doses = (vials.parse::<u32>().unwrap() * 5).to_string();
    write(officer, code, "delivered", &[("storage", "frozen"), ("vials", vials), ("doses", &doses)]).await;
}

async fn book(officer: &mut Visitor, code: &str, on: &str, doses: &str, expected: &str) -> Page {
    let fields =
        [("facility", code), ("product", PRODUCT), ("on", on), ("doses", doses), ("expected", expected)];
    send(officer, BOOKINGS, BOOKINGS, &fields).await
}

async fn booked(officer: &mut Visitor, code: &str, on: &str, doses: &str) {
    let page = book(officer, code, on, doses, "").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

async fn date_lot(officer: &mut Visitor) {
    let fields = [("product", PRODUCT), ("lot", LOT), ("good_until", "2022-02-28")];
    let page = send(officer, BOOKINGS, &format!("{BOOKINGS}/lot"), &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

/// So many days after today.
fn day(clock: &StandingClock, days: i64) -> String {
    CalendarDate::in_japan(clock.now()).unwrap().plus_days(days).unwrap().to_string()
}

/// The addresses of the plans that the page proposes, with what each fills in.
fn plans(body: &str) -> Vec<Vec<(String, String)>> {
    let begin = format!("href=\"{TRANSFERS}/new?");
    let links = body.split(&begin).skip(1).map(|after| after.split_once('"').unwrap().0.to_owned());
    let fields = |link: String| {
        let link = link.replace("&#38;", "&").replace("&amp;", "&");
        let url = Url::parse(&format!("https://central.example/?{link}")).unwrap();
        url.query_pairs().into_owned().collect()
    };
    links.map(fields).collect()
}

fn of<'a>(plan: &'a [(String, String)], name: &str) -> &'a str {
    &plan.iter().find(|(known, _)| known == name).unwrap().1
}

/// Plans what is proposed from the form that the button fills in; the transfer's page.
async fn planned(officer: &mut Visitor, plan: &[(String, String)]) -> String {
    let url = Url::parse_with_params("https://central.example/", plan).unwrap();
    let form = format!("{TRANSFERS}/new?{}", url.query().unwrap());
    let shown = officer.get(&form).await.body;
    for part in [
        format!("<option value=\"{}\" selected", of(plan, "from")),
        format!("value=\"{}\" aria-describedby=\"to-hint\"", of(plan, "to")),
        format!(
            "name=\"vials\" type=\"text\" inputmode=\"numeric\" required maxlength=\"14\" value=\"{}\"",
            of(plan, "vials")
        ),
    ] {
        assert!(shown.contains(&part), "{part}: {shown}");
    }
    let fields: Vec<(&str, &str)> =
        plan.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = send(officer, &form, TRANSFERS, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

async fn carried_out(officer: &mut Visitor, approver: &mut Visitor, page: &str, plan: &[(String, String)]) {
    assert_eq!(step(approver, page, "/approve", "", &[]).await.status, StatusCode::SEE_OTHER);
    let (cold, arrives) = if of(plan, "to") == B { ("freezer", "frozen") } else { ("chilled", "thawed") };
    let amount = [("vials", of(plan, "vials")), ("doses", of(plan, "doses"))];
    let sent = [("cold_chain", cold), ("good_until", "2022-02-28T23:59"), ("carrier", "見本運送")];
    let answer = step(officer, page, "", "send", &[amount.as_slice(), &sent[..2]].concat()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody carries it");
    let answer = step(officer, page, "", "send", &[amount.as_slice(), &sent].concat()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let received = [amount.as_slice(), &[("storage", arrives)]].concat();
    let answer = step(officer, page, "", "receive", &received).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(officer.get(page).await.body.contains("完了"));
}

/// The first case of the governors' paper: 975 doses each; A serves itself and three sites, B has a thousand people.
#[tokio::test]
async fn twenty_five_doses_go_where_people_are_and_nothing_is_left_over() {
    let (central, clock) = central();
    let (mut officer, mut approver) =
        (officer(&central, "shibuya-1", "131130").await, approver(&central, "shibuya-2", "131130").await);
    assert!(officer.get(PROPOSALS).await.body.contains("製品がまだありません"));
    publish_rule(&central);
    let people = [
        (A, "見本第一病院", "1000", "core", "500", "35.66, 139.70"),
        (B, "見本第二病院", "1000", "core", "1000", "35.68, 139.70"),
        (LINKED, "見本診療所", "0", "linked", "50", "35.67, 139.71"),
        (SATELLITES[0], "見本医院", "0", "satellite", "200", "35.66, 139.72"),
        (SATELLITES[1], "見本内科", "0", "satellite", "200", "35.65, 139.71"),
    ];
    for (code, name, freezer, kind, _, position) in people {
        register(&mut officer, code, name, freezer, position).await;
        becomes(&mut officer, code, kind).await;
    }
    for code in [A, B] {
        deliver(&mut officer, code, "195").await;
    }
    let nothing = officer.get(PROPOSALS).await.body;
    assert!(nothing.contains("予約がまだ入力されていません") && nothing.contains(BOOKINGS), "{nothing}");
    assert!(nothing.contains("ロットSAMPLE-1の有効期限がわからない"));
    date_lot(&mut officer).await;
    let on = day(&clock, 3);
    for (code, .., doses, _) in people {
        booked(&mut officer, code, &on, doses).await;
    }
    let shown = officer.get(PROPOSALS).await.body;
    assert!(shown.contains("全体で475回分足りません"), "{shown}");
    assert!(shown.contains("足りないのは0回分") && !shown.contains("id=\"stay-short\""));
    let ways = rows(&shown, "proposals");
    assert_eq!(ways.len(), 4);
    let to_b = ways.iter().find(|row| row.contains("→ 見本第二病院")).unwrap();
    for part in
        ["見本第一病院 1311300001", "5バイアル・25回分", "3km", "冷凍", "基本型から基本型へ", "475回分"]
    {
        assert!(to_b.contains(part), "{part}: {to_b}");
    }
    assert!(shown.contains("id=\"map\"") && shown.matches("class=\"map-way\" x1").count() == 4);
    assert_eq!(rows(&shown, "sites").len(), 5);
    let all = plans(&shown);
    let given = |to: &str| of(all.iter().find(|plan| of(plan, "to") == to).unwrap(), "doses").to_owned();
    assert_eq!([B, LINKED, SATELLITES[0], SATELLITES[1]].map(given), ["25", "50", "200", "200"]);
    assert!(all.iter().all(|plan| of(plan, "from") == A));

    for (count, plan) in (1..).zip(&all) {
        let page = planned(&mut officer, plan).await;
        // What is planned is not proposed once more.
        let left = officer.get(PROPOSALS).await.body;
        assert_eq!(plans(&left).len(), 4 - count);
        assert!(left.contains("計画中・移送中の移送1件"), "{left}");
        carried_out(&mut officer, &mut approver, &page, plan).await;
    }
    let after = officer.get(PROPOSALS).await.body;
    assert!(after.contains("足りない施設も、余っている在庫もありません。"), "{after}");
    assert!(after.contains("提案できる移送はありません") && plans(&after).is_empty());
    assert!(rows(&after, "sites").iter().all(|row| row.contains("過不足なし")));
    let english = officer.get(&format!("{PROPOSALS}?lang=en")).await.body;
    assert!(english.contains("Nobody is short, and nothing is left over."));
    let data = central.data();
    let checked = process::run(&["check", "--data", process::path(&data)], "");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test]
async fn what_is_booked_is_replaced_taken_back_and_refused_in_a_sentence() {
    let (central, clock) = central();
    let mut officer = officer(&central, "shibuya-1", "131130").await;
    assert!(officer.get(BOOKINGS).await.body.contains("施設はまだ登録されていません"));
    register(&mut officer, A, "見本第一病院", "0", "").await;
    assert!(officer.get(BOOKINGS).await.body.contains("予約はまだ入力されていません"));
    let (tomorrow, yesterday) = (day(&clock, 1), day(&clock, -1));
    booked(&mut officer, A, &tomorrow, "１，２００").await;
    assert!(rows(&officer.get(BOOKINGS).await.body, "bookings")[0].contains("1,200"));
    assert_eq!(book(&mut officer, A, &tomorrow, "30", "60").await.status, StatusCode::SEE_OTHER);
    let all = rows(&officer.get(BOOKINGS).await.body, "bookings");
    assert!(all.len() == 1 && all[0].contains(&format!("{tomorrow} 30 60")), "{all:?}");
    for (code, on, doses, status, sentence) in [
        (A, yesterday.as_str(), "1", StatusCode::UNPROCESSABLE_ENTITY, "今日より前の日"),
        (A, tomorrow.as_str(), "-1", StatusCode::UNPROCESSABLE_ENTITY, "0以上の整数"),
        (A, "あした", "1", StatusCode::UNPROCESSABLE_ENTITY, "日付を読めません"),
        (ELSEWHERE, tomorrow.as_str(), "1", StatusCode::NOT_FOUND, "この市区町村にありません"),
    ] {
        let refused = book(&mut officer, code, on, doses, "").await;
        assert_eq!(refused.status, status, "{sentence}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
        assert!(refused.body.contains(&format!("value=\"{doses}\"")), "what was typed stays");
    }
    let page = officer.post(BOOKINGS, &[("word", "x"), ("facility", A)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(officer.get(PROPOSALS).await.body.contains("規則(1バイアルの回数など)が公開されていない"));
    assert_eq!(book(&mut officer, A, &tomorrow, "0", "0").await.status, StatusCode::SEE_OTHER);
    assert!(officer.get(BOOKINGS).await.body.contains("予約はまだ入力されていません"));
    let audit = officer.get("/municipality/audit?of=stock").await.body;
    assert_eq!(audit.matches("施設 1311300001 の予約と入荷予定を入力").count(), 3);
}

#[tokio::test]
async fn a_municipality_sees_its_own_and_who_approves_for_a_prefecture_all_of_it() {
    let (central, clock) = central();
    publish_rule(&central);
    let mut shibuya = officer(&central, "shibuya-1", "131130").await;
    let mut chiyoda = officer(&central, "chiyoda-1", "131016").await;
    let mut nation = signed_in(&central, "nation-1", Role::NationalAdministrator).await;
    register(&mut shibuya, A, "見本第一病院", "1000", "35.66, 139.70").await;
    register(&mut chiyoda, ELSEWHERE, "見本中央病院", "0", "35.69, 139.75").await;
    for (officer, code) in [(&mut shibuya, A), (&mut chiyoda, ELSEWHERE)] {
        becomes(officer, code, "core").await;
        date_lot(officer).await;
    }
    deliver(&mut shibuya, A, "10").await;
    booked(&mut chiyoda, ELSEWHERE, &day(&clock, 3), "20").await;
    let short = chiyoda.get(PROPOSALS).await.body;
    assert!(short.contains("20回分足りません") && short.contains("余りのある施設がありません"), "{short}");
    assert!(!short.contains("見本第一病院"), "another municipality's facility is not seen");
    let spare = shibuya.get(PROPOSALS).await.body;
    assert!(!spare.contains("見本中央病院") && spare.contains("予約がまだ入力されていません"));
    let asked = nation.get(PREFECTURE).await.body;
    assert!(asked.contains("東京都") && !asked.contains("id=\"summary\""));
    let address = format!("{PREFECTURE}?prefecture=13&product=%E8%A6%8B%E6%9C%AC%E4%B8%80%E5%8F%B7");
    let seen = nation.get(&address).await.body;
    let ways = rows(&seen, "proposals");
    assert!(ways.len() == 1 && ways[0].contains("見本第一病院 1311300001(東京都渋谷区)"), "{seen}");
    assert!(ways[0].contains("4バイアル・20回分") && plans(&seen).is_empty(), "who gives plans");
    let within = nation.get(&format!("{address}&wish=no_borders")).await.body;
    assert!(rows(&within, "proposals").is_empty() && within.contains("id=\"stay-short\""));
    let near = nation.get(&format!("{address}&km=1")).await.body;
    assert!(near.contains("距離の上限を超えています"), "{near}");
    assert!(
        nation.get(&format!("{PREFECTURE}?prefecture=27&product=x")).await.body.contains("公開されていない")
    );
}

fn bookings(central: &CentralProcess, arguments: &[&str]) -> std::process::Output {
    let data = central.data();
    process::run(&[&["stock", "bookings", "--data", process::path(&data)], arguments].concat(), "")
}

#[tokio::test]
async fn a_file_of_bookings_is_taken_whole_or_its_rows_are_named() {
    let (central, _clock) = central();
    let mut shibuya = officer(&central, "shibuya-1", "131130").await;
    let mut chiyoda = officer(&central, "chiyoda-1", "131016").await;
    register(&mut shibuya, A, "見本第一病院", "0", "").await;
    register(&mut chiyoda, ELSEWHERE, "見本中央病院", "0", "").await;
    let path = central.data().join("bookings.csv");
    let file = process::path(&path).to_owned();
    let header = "施設コード,製品名,日付,予約回数,入荷予定回数\r\n";
    let rows_of = |first: &str, other: &str| {
        format!("{header}{A},{PRODUCT},2099-01-04,{first},\r\n{other},{PRODUCT},2099-01-04,7,975\r\n")
    };
    std::fs::write(&path, rows_of("40", ELSEWHERE)).unwrap();
    let said = process::said(&bookings(&central, &["--import", &file]));
    assert!(said.contains("2行取り込みました"), "{said}");
    let shown = rows(&shibuya.get(BOOKINGS).await.body, "bookings");
    assert!(shown.len() == 1 && shown[0].contains("2099-01-04 40 0"), "{shown:?}");
    let audit = chiyoda.get("/municipality/audit?of=stock").await.body;
    assert!(audit.contains("施設 1310100001 の予約と入荷予定を入力(見本一号: 1日分)"), "{audit}");
    for (wrong, sentence) in [
        (rows_of("多数", ELSEWHERE), "2行目「予約回数」"),
        (rows_of("41", "9999999999"), "施設コード9999999999は登録されていません"),
        (rows_of("41", A), "同じ施設・製品・日の行が2つ"),
        (rows_of("41", ELSEWHERE).replace("2099-01-04,41", "2021-01-04,41"), "今日以後の日付"),
    ] {
        std::fs::write(&path, wrong).unwrap();
        let output = bookings(&central, &["--import", &file]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(sentence), "{sentence}: {said}");
    }
    let written = process::said(&bookings(&central, &["--municipality", "131130"]));
    assert!(written.contains(&format!("{A},{PRODUCT},2099-01-04,40,0")), "nothing was taken in: {written}");
    assert!(!written.contains(ELSEWHERE));
    let json = process::said(&bookings(&central, &["--municipality", "131016", "--form", "json"]));
    assert!(json.contains("\"expected_doses\": \"975\""), "{json}");
}
