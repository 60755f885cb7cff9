//! 配分 over HTTPS: municipalities order, the state computes, adjusts and publishes, and each sees its own.
//!
//! Must not: act through the storage; whoever acts has a page.

use central::roles::Role;
use record::WallTime;
use reqwest::StatusCode;

use super::{
    NOON, central,
    central_process::{CentralProcess, StandingClock},
    entries::day,
    process,
    visitor::{Page, Visitor},
};

const NATION: &str = "/console/allocation";
const OWN: &str = "/municipality/stock/allocation";
const LATER: WallTime = NOON.plus_ms(2 * 3_600_000);
/// Of twelve years and over: one, two and three parts of 60,000.
const POPULATIONS: &str = "市区町村コード,12歳以上人口\r\n131016,10000\r\n131024,20000\r\n131130,30000\r\n";

async fn signed_in(central: &CentralProcess, name: &str, role: Role) -> Visitor {
    let password = central.add_account_as(name, role);
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(name, &password).await;
    visitor
}

async fn officer(central: &CentralProcess, name: &str, municipality: &str) -> Visitor {
    signed_in(central, name, Role::MunicipalityStaff(municipality.parse().unwrap())).await
}

async fn nation(central: &CentralProcess) -> Visitor {
    signed_in(central, "nation-1", Role::NationalAdministrator).await
}

/// Sends a form of that page with its word and what it has seen.
async fn send(visitor: &mut Visitor, page: &str, fields: &[(&str, &str)]) -> Page {
    let shown = visitor.get(page).await;
    let (word, seen) = (shown.word(), field(&shown.body, "seen").unwrap_or_default());
    let mut all = vec![("word", word.as_str()), ("seen", seen.as_str())];
    all.extend_from_slice(fields);
    visitor.post(page, &all).await
}

async fn upload(visitor: &mut Visitor, page: &str, to: &str, file: &str) -> Page {
    let word = visitor.get(page).await.word();
    visitor.upload(to, &[("word", &word)], ("見本.csv", file.as_bytes().to_vec())).await
}

fn field(body: &str, name: &str) -> Option<String> {
    let (_, after) = body.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(after.split_once('"')?.0.to_owned())
}

/// The rows of the table of that id, each as its words.
fn rows(body: &str, id: &str) -> Vec<String> {
    let Some((_, after)) = body.split_once(&format!("id=\"{id}\"")) else { return Vec::new() };
    let (table, _) = after.split_once("</table>").unwrap();
    let (_, rows) = table.split_once("<tbody").unwrap();
    let words = |row: &str| {
        let texts = row.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text.trim());
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    rows.split("<tr").skip(1).map(words).collect()
}

async fn opened(nation: &mut Visitor, boxes: &str) -> String {
    let product = day().vaccine.product.to_string();
    let fields = [
        ("product", product.as_str()),
        ("boxes", boxes),
        ("doses", "1,170"),
        ("percent", "80"),
        ("until", "2021-11-22T13:00"),
    ];
    let page = send(nation, NATION, &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    page.header("location").to_owned()
}

/// A facility of 渋谷区 where a box was delivered and two doses were recorded by a tablet.
async fn books(central: &CentralProcess, officer: &mut Visitor) {
    let (code, today) = (day().site.facility_code.to_string(), day());
    let fields = [
        ("code", code.as_str()),
        ("name", "見本体育館"),
        ("freezer", "0"),
        ("per_day", "300"),
        ("begins", "2021-11-22"),
    ];
    assert_eq!(send(officer, "/municipality/stock", &fields).await.status, StatusCode::SEE_OTHER);
    let (product, lot) = (today.vaccine.product.to_string(), today.lot.to_string());
    let delivered = [
        ("what", "delivered"),
        ("product", product.as_str()),
        ("lot", lot.as_str()),
        ("storage", "thawed"),
        ("vials", "195"),
        ("doses", "1170"),
    ];
    let page = send(officer, &format!("/municipality/stock/facilities/{code}"), &delivered).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    for _ in 0..2 {
        let entry = tablet.maker.vaccination();
        tablet.record(entry.to_bytes());
    }
    tablet.send(&tablet.entries).await.unwrap();
    let derived = process::run(&["stock", "derive", "--data", process::path(&central.data())], "");
    assert!(derived.status.success(), "{}", String::from_utf8_lossy(&derived.stderr));
}

/// Ten boxes of 1,170 doses, 80 % of them by population, for 10,000, 20,000 and 30,000 people, of whom the last have a box and
/// two doses recorded.
///
/// By population 8 boxes: 8 × 1/6 = 1.33, 8 × 2/6 = 2.66, 8 × 3/6 = 4 → 1, 3 (the largest fraction), 4. Rates with these:
/// 1,170 ÷ 20,000 = 5.8 %, 3,510 ÷ 40,000 = 8.7 %, (1,168 + 4,680) ÷ 60,000 = 9.7 %. So the ninth box goes to the first (then
/// 11.7 %), the tenth to the second (11.7 %).
#[tokio::test]
async fn three_municipalities_order_and_each_sees_what_it_gets_and_why() {
    let (central, clock) = central();
    let mut nation = nation(&central).await;
    let mut one = officer(&central, "chiyoda-1", "131016").await;
    let mut two = officer(&central, "chuo-1", "131024").await;
    let mut three = officer(&central, "shibuya-1", "131130").await;
    assert!(nation.get(NATION).await.body.contains("配分の回はまだありません"));
    assert!(one.get(OWN).await.body.contains("配分の回はまだありません"));
    books(&central, &mut three).await;
    let taken_in = upload(&mut nation, NATION, &format!("{NATION}/populations"), POPULATIONS).await;
    assert_eq!(taken_in.status, StatusCode::SEE_OTHER, "{}", taken_in.body);
    assert!(nation.get(NATION).await.body.contains("3市区町村の人口を取り込み済み"));
    let page = opened(&mut nation, "10").await;
    let own = page.replace(NATION, OWN);

    assert!(one.get(OWN).await.body.contains("要望を受付中"));
    assert_eq!(send(&mut one, &own, &[("boxes", "5")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        send(&mut one, &own, &[("boxes", "９")]).await.status,
        StatusCode::SEE_OTHER,
        "the last counts"
    );
    let by_file = "市区町村コード,箱数\r\n131024,9\r\n";
    let file = upload(&mut two, &own, &format!("{own}/file"), by_file).await;
    assert_eq!(file.status, StatusCode::SEE_OTHER, "{}", file.body);
    let wrong = upload(&mut two, &own, &format!("{own}/file"), "市区町村コード,箱数\r\n131016,9\r\n").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("2行目「市区町村コード」: ほかの市区町村の行です"), "{}", wrong.body);
    // What the file of populations says counts before what is typed.
    assert_eq!(
        send(&mut three, &own, &[("boxes", "9"), ("people", "99")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(rows(&one.get(&own).await.body, "orders"), ["東京都千代田区 9箱 人口ファイルの数"]);
    assert_eq!(rows(&one.get(&own).await.body, "history").len(), 2);
    let early = send(&mut nation, &page, &[("what", "compute")]).await;
    assert!(early.body.contains("まだ要望の締切前です"), "{}", early.body);

    clock.put(LATER);
    let late = send(&mut one, &own, &[]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let word = one.get("/municipality/stock").await.word();
    let late = one.post(&own, &[("word", word.as_str()), ("boxes", "3")]).await;
    assert!(late.body.contains("要望の受付は終わっている"), "{}", late.body);
    assert_eq!(send(&mut nation, &page, &[("what", "compute")]).await.status, StatusCode::SEE_OTHER);
    let result = rows(&nation.get(&page).await.body, "result");
    let said = [
        (
            "東京都千代田区 131016 9箱 2箱 2,340回分 人口による分: 8箱 × 10,000人 ÷ 60,000人 = 1.33 → 端数を切り捨てて 1箱 在庫率が低い順に1箱ずつ: 1箱",
            "0.0% → 11.7%",
        ),
        (
            "東京都中央区 131024 9箱 4箱 4,680回分 人口による分: 8箱 × 20,000人 ÷ 60,000人 = 2.66 → 端数が大きいため切り上げて 3箱 在庫率が低い順に1箱ずつ: 1箱",
            "0.0% → 11.7%",
        ),
        (
            "東京都渋谷区 131130 9箱 4箱 4,680回分 人口による分: 8箱 × 30,000人 ÷ 60,000人 = 4箱",
            "1.9% → 9.7%",
        ),
    ];
    for (row, (begins, ends)) in result.iter().zip(said) {
        assert!(row.starts_with(begins) && row.ends_with(ends), "{row}");
    }
    assert_eq!(result.len(), 3);
    assert!(result[2].contains("計算に使った数: 12歳以上 30,000人、納入 1,170回、記録 2回"), "{}", result[2]);

    // Before it is published a municipality learns nothing of it.
    let waiting = three.get(&own).await.body;
    assert!(
        waiting.contains("公表待ち") && !waiting.contains("4,680") && rows(&waiting, "result").is_empty()
    );
    let moved = [("what", "move"), ("from", "131024"), ("to", "131130"), ("reason", "離島の分を先に送る")];
    let much = [moved.as_slice(), &[("boxes", "6")]].concat();
    let refused = send(&mut nation, &page, &much).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("それだけの箱がありません") && refused.body.contains("離島の分を先に送る"));
    let nobody = [("what", "move"), ("to", "131130"), ("boxes", "1"), ("reason", "x")];
    assert!(send(&mut nation, &page, &nobody).await.body.contains("供給量を超えます"));
    for times in 0..2 {
        let one_box = [moved.as_slice(), &[("boxes", "1")]].concat();
        assert_eq!(send(&mut nation, &page, &one_box).await.status, StatusCode::SEE_OTHER, "{times}");
    }
    assert_eq!(send(&mut nation, &page, &[("what", "undo")]).await.status, StatusCode::SEE_OTHER);
    let result = rows(&nation.get(&page).await.body, "result");
    assert!(result[1].contains("3箱 3,510回分") && result[1].ends_with("0.0% → 8.7%"), "{}", result[1]);
    assert!(result[2].contains("手での調整: +1箱(理由: 離島の分を先に送る)"), "{}", result[2]);
    assert!(send(&mut nation, &page, &[("what", "publish")]).await.body.contains("確定してよい"));
    assert_eq!(
        send(&mut nation, &page, &[("what", "publish"), ("sure", "yes")]).await.status,
        StatusCode::SEE_OTHER
    );
    let published = nation.get(&page).await.body;
    assert!(published.contains("公表済み") && !published.contains("value=\"move\""));
    assert_eq!(rows(&published, "history").len(), 6);

    let seen = rows(&three.get(&own).await.body, "result");
    assert_eq!(seen.len(), 1, "its own line alone");
    assert!(seen[0].contains("5箱 5,850回分") && seen[0].ends_with("1.9% → 11.6%"), "{}", seen[0]);
    let list = three.get(OWN).await.body;
    assert_eq!(rows(&list, "expected"), ["東京都渋谷区 第1回 コミナティ筋注 5箱 5,850回分 2021-11-22 14:00"]);
    let stock = three.get(&format!("/municipality/stock/facilities/{}", day().site.facility_code)).await.body;
    assert_eq!(rows(&stock, "ledger").len(), 2, "nothing is in the books before it is delivered");
    let audit = three.get("/municipality/audit?of=stock").await.body;
    assert!(audit.contains("第1回の配分の要望を入力(1件)"), "{audit}");
    saved(&mut nation, &page).await;
    assert_never_changes(&central, &clock, &mut nation, &page).await;
}

/// The result as files.
async fn saved(nation: &mut Visitor, page: &str) {
    let csv = String::from_utf8(nation.bytes(&format!("{page}/file?form=csv")).await).unwrap();
    let rows: Vec<&str> = csv.trim_end().split("\r\n").collect();
    assert!(rows[0].contains("市区町村コード,施設コード,要望箱数"), "{csv}");
    assert_eq!(rows[3], "131130,,9,30000,1170,2,4,0,1,5,5850,19,116,離島の分を先に送る");
    let json = nation.bytes(&format!("{page}/file?form=json")).await;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&json[0]["municipality"], &json[0]["boxes"]), (&"131016".into(), &"2".into()));
}

async fn assert_never_changes(
    central: &CentralProcess,
    clock: &StandingClock,
    nation: &mut Visitor,
    page: &str,
) {
    let before = rows(&nation.get(page).await.body, "result");
    clock.put(LATER.plus_ms(1_000));
    let word = nation.get(NATION).await.word();
    let moved = ("131024", "131130", "1");
    for what in ["compute", "undo", "move", "publish", "call_off"] {
        let fields = [
            ("word", word.as_str()),
            ("seen", "5"),
            ("what", what),
            ("from", moved.0),
            ("to", moved.1),
            ("boxes", moved.2),
            ("reason", "x"),
            ("sure", "yes"),
        ];
        let refused = nation.post(page, &fields).await;
        assert!(refused.body.contains("公表済みのため、変えられません"), "{what}: {}", refused.body);
    }
    assert_eq!(rows(&nation.get(page).await.body, "result"), before);
    let checked = process::run(&["check", "--data", process::path(&central.data())], "");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[tokio::test]
async fn what_cannot_be_opened_or_ordered_is_said_in_a_sentence_and_what_was_typed_stays() {
    let (central, clock) = central();
    let mut nation = nation(&central).await;
    let mut one = officer(&central, "chiyoda-1", "131016").await;
    let good = [
        ("product", "見本一号"),
        ("boxes", "10"),
        ("doses", "1170"),
        ("percent", "80"),
        ("until", "2021-11-22T13:00"),
    ];
    for (name, value, said) in [
        ("product", " ", "製品名は1〜40文字"),
        ("boxes", "0", "箱数は0以上の整数"),
        ("boxes", "10000001", "箱数は0以上の整数"),
        ("doses", "0", "1箱の回数は1以上"),
        ("percent", "101", "割合は0から100"),
        ("until", "2021-11-22T12:00", "締切は、今より後"),
    ] {
        let fields: Vec<_> =
            good.iter().map(|(key, old)| (*key, if *key == name { value } else { old })).collect();
        let refused = send(&mut nation, NATION, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(
            refused.body.contains(said) && refused.body.contains("value=\"見本一号\"") == (name != "product")
        );
    }
    let page = opened(&mut nation, "10").await;
    let own = page.replace(NATION, OWN);
    for (fields, said) in [
        (vec![("boxes", "x")], "箱数は0以上の整数"),
        (vec![("boxes", "3")], "12歳以上人口を入力してください"),
        (vec![("boxes", "3"), ("people", "-1")], "人口は0以上"),
        (vec![("boxes", "3"), ("people", "9"), ("facility", "1310100001")], "登録されていません"),
        (vec![("boxes", "3"), ("people", "9"), ("facility", "1")], "施設コードは数字10桁"),
    ] {
        let refused = send(&mut one, &own, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    assert_eq!(one.get(&format!("{OWN}/9")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(nation.get(&format!("{NATION}/nine")).await.status, StatusCode::NOT_FOUND);
    let wrong = upload(
        &mut nation,
        NATION,
        &format!("{NATION}/populations"),
        "市区町村コード,12歳以上人口\r\n131017,x\r\n",
    )
    .await;
    for said in ["2行目「市区町村コード」", "2行目「12歳以上人口」", "何も取り込んでいません"]
    {
        assert!(wrong.body.contains(said), "{}", wrong.body);
    }
    assert!(nation.get(NATION).await.body.contains("まだ取り込んでいません"));

    clock.put(LATER);
    assert!(
        send(&mut nation, &page, &[("what", "compute")]).await.body.contains("要望がないため計算できません")
    );
    let revised = [("what", "revise"), ("boxes", "12"), ("reason", "供給量の見直し")];
    let over = [revised.as_slice(), &[("until", "2021-11-22T14:00")]].concat();
    assert!(send(&mut nation, &page, &over).await.body.contains("今より後の年月日と時刻にするか"));
    let later = [revised.as_slice(), &[("until", "2021-11-22T15:00")]].concat();
    assert_eq!(send(&mut nation, &page, &later).await.status, StatusCode::SEE_OTHER);
    let again = one.get(&own).await.body;
    assert!(again.contains("変更の理由: 供給量の見直し") && again.contains("12箱(1箱1,170回"), "{again}");
    let ordered = send(&mut one, &own, &[("boxes", "3"), ("people", "10000")]).await;
    assert_eq!(ordered.status, StatusCode::SEE_OTHER, "orders are taken again");
    let off = send(&mut nation, &page, &[("what", "call_off"), ("reason", "供給の延期")]).await;
    assert_eq!(off.status, StatusCode::SEE_OTHER);
    assert!(one.get(&own).await.body.contains("取りやめの理由: 供給の延期"));
    let stale = nation.post(&page, &[("word", "x"), ("seen", "0"), ("what", "compute")]).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn orders_come_in_and_go_out_as_files_by_commands_and_a_wrong_row_takes_nothing_in() {
    let (central, _clock) = central();
    let mut nation = nation(&central).await;
    let product = day().vaccine.product.to_string();
    let fields = [
        ("product", product.as_str()),
        ("boxes", "10"),
        ("doses", "1170"),
        ("percent", "80"),
        // The command goes by the machine's own clock.
        ("until", "2099-12-31T13:00"),
    ];
    assert_eq!(send(&mut nation, NATION, &fields).await.header("location"), format!("{NATION}/1"));
    let (data, files) = (central.data(), tempfile::tempdir().unwrap());
    let data = process::path(&data);
    let path = files.path().join("orders.csv");
    let order = |rows: &str| {
        std::fs::write(&path, format!("市区町村コード,施設コード,箱数,12歳以上人口\r\n{rows}")).unwrap();
        let file = process::path(&path);
        let done = process::run(&["stock", "orders", "--data", data, "--cycle", "1", "--import", file], "");
        let said = [done.stdout.clone(), done.stderr.clone()].concat();
        (done.status.success(), String::from_utf8(said).unwrap())
    };
    for (rows, said) in [
        ("131016,,9,100\r\n131025,,9,100\r\n", "3行目「市区町村コード」"),
        (
            "131016,,9,100\r\n131130,1311300001,2,100\r\n",
            "施設コード1311300001は、この市区町村に登録されていません",
        ),
        ("131016,,9,100\r\n131130,,2,\r\n", "12歳以上人口が分かりません"),
    ] {
        let (is_done, words) = order(rows);
        assert!(!is_done && words.contains(said), "{words}");
    }
    let written = || {
        let output = process::run(&["stock", "orders", "--data", data, "--cycle", "1"], "");
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(written().lines().count(), 1, "nothing was taken in");
    let rows = "131016,,9,100\r\n131130,,2,300\r\n";
    let (is_done, words) = order(rows);
    assert!(is_done && words.contains("2市区町村の要望2件を取り込みました"), "{words}");
    assert!(written().ends_with(rows), "what comes in goes out: {}", written());
    let page = nation.get(&format!("{NATION}/1")).await.body;
    assert_eq!(rows_of_orders(&page), ["東京都千代田区 9箱 100人", "東京都渋谷区 2箱 300人"]);
    let result = process::run(&["stock", "allocation", "--data", data, "--cycle", "1"], "");
    assert!(!result.status.success(), "it is not computed yet");
}

/// Without the time of the machine.
fn rows_of_orders(body: &str) -> Vec<String> {
    let without_time = |row: String| {
        row.rsplit_once(' ')
            .and_then(|(row, _)| row.rsplit_once(' ').map(|(row, _)| row.to_owned()))
            .unwrap_or(row)
    };
    rows(body, "orders").into_iter().map(without_time).collect()
}
