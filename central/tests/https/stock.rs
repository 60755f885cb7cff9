//! 在庫と移送 over HTTPS: officers register facilities, write into their books, and pass stock on, each side its own steps.
//!
//! Must not: act through the storage; whoever acts has a page.

use central::roles::Role;
use reqwest::StatusCode;

use super::{
    central,
    central_process::CentralProcess,
    visitor::{Page, Visitor},
};

const LIST: &str = "/municipality/stock";
const TRANSFERS: &str = "/municipality/stock/transfers";
const X: &str = "1311300001";
const Y: &str = "1310100001";
pub(crate) const PRODUCT: &str = "コミナティ筋注";

pub(super) async fn signed_in(central: &CentralProcess, name: &str, role: Role) -> Visitor {
    let password = central.add_account_as(name, role);
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(name, &password).await;
    visitor
}

pub(crate) async fn officer(central: &CentralProcess, name: &str, municipality: &str) -> Visitor {
    signed_in(central, name, Role::MunicipalityStaff(municipality.parse().unwrap())).await
}

pub(super) async fn approver(central: &CentralProcess, name: &str, municipality: &str) -> Visitor {
    signed_in(central, name, Role::MunicipalityApprover(municipality.parse().unwrap())).await
}

/// Sends a form of one page to another address, with the word of the page.
pub(crate) async fn send(officer: &mut Visitor, page: &str, to: &str, fields: &[(&str, &str)]) -> Page {
    let word = officer.get(page).await.word();
    let mut all = vec![("word", word.as_str())];
    all.extend_from_slice(fields);
    officer.post(to, &all).await
}

pub(crate) async fn register(officer: &mut Visitor, code: &str, name: &str) -> Page {
    let fields = [
        ("code", code),
        ("name", name),
        ("freezer", "1000"),
        ("per_day", "300"),
        ("begins", "2021-11-22"),
        ("position", "35.68, 139.76"),
    ];
    send(officer, LIST, LIST, &fields).await
}

pub(crate) fn facility(code: &str) -> String {
    format!("{LIST}/facilities/{code}")
}

pub(crate) async fn write(officer: &mut Visitor, code: &str, what: &str, more: &[(&str, &str)]) -> Page {
    let mut fields = vec![("what", what), ("product", PRODUCT), ("lot", "FF3620")];
    fields.extend_from_slice(more);
    let page = facility(code);
    send(officer, &page, &page, &fields).await
}

async fn become_(officer: &mut Visitor, code: &str, kind: &str) {
    let page = write(officer, code, "kind", &[("kind", kind), ("reason", "供給の見込み")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

pub(crate) async fn deliver(officer: &mut Visitor, code: &str, vials: &str, doses: &str) {
    let more = [("storage", "frozen"), ("vials", vials), ("doses", doses)];
    let page = write(officer, code, "delivered", &more).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

/// The rows of the table of that id, each as its words.
pub(crate) fn rows(body: &str, id: &str) -> Vec<String> {
    let Some((_, after)) = body.split_once(&format!("id=\"{id}\"")) else { return Vec::new() };
    let (table, _) = after.split_once("</table>").unwrap();
    let (_, rows) = table.split_once("<tbody").unwrap();
    let words = |row: &str| {
        let texts = row.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text.trim());
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    rows.split("<tr").skip(1).map(words).collect()
}

#[tokio::test]
async fn what_is_written_of_stock_is_shown_and_what_cannot_be_is_said_in_a_sentence() {
    let (central, _clock) = central();
    let mut officer = officer(&central, "shibuya-1", "131130").await;
    assert!(officer.get(LIST).await.body.contains("施設はまだ登録されていません"));
    assert_eq!(register(&mut officer, X, "見本診療所").await.header("location"), facility(X));
    assert_eq!(register(&mut officer, "123", "見本診療所").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    deliver(&mut officer, X, "3", "18").await;
    let refused = write(&mut officer, X, "delivered", &[("storage", "frozen"), ("vials", "3")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("回数も入力してください"), "{}", refused.body);
    let thawed = write(&mut officer, X, "thawed", &[("vials", "1"), ("doses", "6")]).await;
    assert_eq!(thawed.status, StatusCode::SEE_OTHER);
    let much = [("storage", "thawed"), ("vials", "2"), ("doses", "12"), ("discarded", "broken")];
    let refused = write(&mut officer, X, "discarded", &much).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("在庫がその数より少ない"));
    assert!(refused.body.contains("value=\"12\""), "what was typed stays");
    let future = [("storage", "frozen"), ("vials", "1"), ("doses", "6"), ("at", "2030-01-01T10:00")];
    assert!(write(&mut officer, X, "delivered", &future).await.body.contains("これから先の日時"));
    let counted = [("storage", "thawed"), ("vials", "1"), ("doses", "5")];
    assert!(write(&mut officer, X, "counted", &counted).await.body.contains("理由を1〜200文字"));
    let counted = [counted.as_slice(), &[("reason", "1回分をこぼした")]].concat();
    assert_eq!(write(&mut officer, X, "counted", &counted).await.status, StatusCode::SEE_OTHER);
    let page = officer.get(&facility(X)).await.body;
    let books = rows(&page, "books");
    assert!(
        books[0].contains("冷凍 2バイアル・12回分") && books[1].contains("解凍後 1バイアル・5回分"),
        "{books:?}"
    );
    let ledger = rows(&page, "ledger");
    assert_eq!(ledger.len(), 3);
    assert!(
        ledger[0].contains("棚卸し 1バイアル・5回分") && ledger[0].contains("1回分をこぼした"),
        "{ledger:?}"
    );
    let lot = format!(
        "{LIST}/lot?product=%E3%82%B3%E3%83%9F%E3%83%8A%E3%83%86%E3%82%A3%E7%AD%8B%E6%B3%A8&lot=FF3620"
    );
    assert!(officer.get(&lot).await.body.contains("合計: 3バイアル・17回分"));
    assert!(officer.get(&format!("{LIST}?search=1311300")).await.body.contains(&facility(X)));
    assert!(officer.get(&format!("{LIST}?search=zzz")).await.body.contains("この条件に合う施設はありません"));
    let audit = officer.get("/municipality/audit?of=stock").await.body;
    for part in ["施設 1311300001 を登録", "在庫元帳に記入(納入)", "在庫元帳に記入(棚卸し)"]
    {
        assert!(audit.contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_dose_that_the_books_do_not_have_is_a_shortfall_until_a_person_explains_it() {
    let (central, _clock) = central();
    let mut officer = officer(&central, "shibuya-1", "131130").await;
    let site = super::entries::day().site.facility_code.to_string();
    register(&mut officer, &site, "見本体育館").await;
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    for _ in 0..2 {
        let entry = tablet.maker.vaccination();
        tablet.record(entry.to_bytes());
    }
    tablet.send(&tablet.entries).await.unwrap();
    let output =
        super::process::run(&["stock", "derive", "--data", super::process::path(&central.data())], "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = officer.get(&facility(&site)).await.body;
    assert!(page.contains("帳簿にない接種があります"), "{page}");
    assert!(rows(&page, "ledger")[0].contains("接種 2回"));
    assert!(rows(&page, "ledger")[0].contains("接種記録から自動"));
    assert!(officer.get(LIST).await.body.contains("0バイアル・2回分"));
    let more = [("storage", "thawed"), ("vials", "0"), ("doses", "2"), ("reason", "納入の入力漏れ")];
    let explained = write(&mut officer, &site, "explained", &more).await;
    assert_eq!(explained.status, StatusCode::SEE_OTHER, "{}", explained.body);
    assert!(!officer.get(&facility(&site)).await.body.contains("帳簿にない接種があります"));
}

async fn plan(officer: &mut Visitor, from: &str, to: &str, vials: &str, doses: &str) -> Page {
    let fields = [
        ("from", from),
        ("to", to),
        ("product", PRODUCT),
        ("lot", "FF3620"),
        ("storage", "frozen"),
        ("vials", vials),
        ("doses", doses),
    ];
    send(officer, &format!("{TRANSFERS}/new"), TRANSFERS, &fields).await
}

/// The value of a field of the page's first form that has it.
fn field(body: &str, name: &str) -> String {
    let (_, after) = body.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    after.split_once('"').unwrap().0.to_owned()
}

pub(super) async fn step(
    officer: &mut Visitor,
    page: &str,
    end: &str,
    what: &str,
    more: &[(&str, &str)],
) -> Page {
    let shown = officer.get(page).await;
    let (word, seen) = (shown.word(), rows(&shown.body, "history").len().to_string());
    let mut fields = vec![("word", word.as_str()), ("seen", seen.as_str()), ("what", what)];
    fields.extend_from_slice(more);
    officer.post(&format!("{page}{end}"), &fields).await
}

const HANDOVER: [(&str, &str); 4] = [
    ("cold_chain", "freezer"),
    ("good_until", "2022-02-28T23:59"),
    ("carrier", "見本運送"),
    ("logger", "L-1"),
];

/// Two vials of the usual lot leave one facility of the municipality for another.
pub(crate) async fn sent(central: &CentralProcess, own: &mut Visitor, from: &str, to: &str) {
    let mut second = approver(central, "shibuya-9", "131130").await;
    become_(own, from, "core").await;
    become_(own, to, "satellite").await;
    let page = plan(own, from, to, "2", "12").await.header("location").to_owned();
    assert_eq!(step(&mut second, &page, "/approve", "", &[]).await.status, StatusCode::SEE_OTHER);
    let more = [HANDOVER.as_slice(), &[("vials", "2"), ("doses", "12")]].concat();
    let sent = step(own, &page, "", "send", &more).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
}

/// The governors' second case through the pages: X, a 基本型, is lent out as 連携型 and receives from Y of another
/// municipality; with stock on hand it becomes 基本型 again and takes direct delivery.
#[tokio::test]
async fn a_core_facility_that_was_lent_becomes_core_again_with_stock_on_hand() {
    let (central, clock) = central();
    let mut x = officer(&central, "shibuya-1", "131130").await;
    let mut y = officer(&central, "chiyoda-1", "131016").await;
    let mut y_approver = approver(&central, "chiyoda-2", "131016").await;
    let mut nation = signed_in(&central, "nation-1", Role::NationalAdministrator).await;
    register(&mut x, X, "見本診療所").await;
    register(&mut y, Y, "見本病院").await;
    assert_eq!(register(&mut y, X, "見本病院").await.status, StatusCode::CONFLICT, "it is another's");
    become_(&mut x, X, "core").await;
    deliver(&mut x, X, "1", "6").await;
    deliver(&mut y, Y, "10", "60").await;
    let before = rows(&x.get(&facility(X)).await.body, "ledger");
    let kinds_before = rows(&x.get(&facility(X)).await.body, "kinds");
    clock.put(clock.now().plus_ms(1_000));
    become_(&mut x, X, "linked").await;
    let refused = plan(&mut y, Y, X, "4", "24").await;
    assert!(refused.body.contains("先に型を決めてください"), "{}", refused.body);
    become_(&mut y, Y, "core").await;
    let page = plan(&mut y, Y, X, "4", "24").await.header("location").to_owned();
    assert!(page.starts_with(&format!("{TRANSFERS}/131016/")), "{page}");

    // Staff cannot approve, the other side cannot, and it is not sent before everybody approved.
    assert_eq!(step(&mut y, &page, "/approve", "", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(step(&mut y, &page, "", "approve", &[]).await.status, StatusCode::FORBIDDEN);
    let early = [HANDOVER.as_slice(), &[("vials", "4"), ("doses", "24")]].concat();
    assert_eq!(step(&mut y, &page, "", "send", &early).await.status, StatusCode::CONFLICT);
    assert_eq!(step(&mut y_approver, &page, "/approve", "", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(y.get(&page).await.body.contains("都道府県(国の管理者)の承認を待っています"));
    let waiting = nation.get("/console/transfers").await;
    assert_eq!(rows(&waiting.body, "to-approve").len(), 1);
    let (word, id) = (waiting.word(), field(&waiting.body, "id"));
    let fields = [("word", word.as_str()), ("from", "131016"), ("id", &id), ("seen", "1")];
    assert_eq!(nation.post("/console/transfers", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(nation.get("/console/transfers").await.body.contains("承認を待つ移送はありません"));

    assert_eq!(step(&mut x, &page, "", "send", &early).await.status, StatusCode::FORBIDDEN, "Y hands over");
    let sent = step(&mut y, &page, "", "send", &early).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert!(rows(&y.get(&facility(Y)).await.body, "books")[0].contains("6バイアル・36回分"));
    // X sees of Y its code and name, and no more.
    let seen = x.get(&page).await.body;
    assert!(seen.contains("見本病院 1310100001") && seen.contains("L-1"));
    assert_eq!(x.get(&facility(Y)).await.status, StatusCode::NOT_FOUND);
    let arrived = [("storage", "frozen"), ("vials", "3"), ("doses", "18")];
    assert_eq!(step(&mut x, &page, "", "receive", &arrived).await.status, StatusCode::SEE_OTHER);
    assert!(x.get(&page).await.body.contains("相違あり"));
    let lost = [("vials", "1"), ("doses", "6"), ("reason", "運搬中に破損")];
    assert_eq!(step(&mut x, &page, "", "lost", &lost).await.status, StatusCode::FORBIDDEN, "Y says why");
    assert_eq!(step(&mut y, &page, "", "lost", &lost).await.status, StatusCode::SEE_OTHER);
    assert!(y.get(&page).await.body.contains("完了"));

    clock.put(clock.now().plus_ms(1_000));
    become_(&mut x, X, "core").await;
    deliver(&mut x, X, "195", "1170").await;
    let after = x.get(&facility(X)).await.body;
    assert!(rows(&after, "books")[0].contains("199バイアル・1,194回分"), "{:?}", rows(&after, "books"));
    let ledger = rows(&after, "ledger");
    assert_eq!(ledger[ledger.len() - before.len()..], before[..], "no row from before reads differently");
    let kinds = rows(&after, "kinds");
    assert_eq!(kinds.len(), 3);
    let said = |row: &str| row.replace("以前", "").replace("今の型", "");
    assert_eq!(said(&kinds[2]), said(&kinds_before[0]));
    let checked = super::process::run(&["check", "--data", super::process::path(&central.data())], "");
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && said.contains("ledger of stock       : 6 lines"), "{said}");
}

#[tokio::test]
async fn what_was_planned_can_be_called_off_and_nothing_moved() {
    let (central, _clock) = central();
    let mut officer = officer(&central, "shibuya-1", "131130").await;
    register(&mut officer, X, "見本診療所").await;
    register(&mut officer, "1311300002", "見本医院").await;
    for code in [X, "1311300002"] {
        become_(&mut officer, code, "core").await;
    }
    deliver(&mut officer, X, "2", "12").await;
    assert!(plan(&mut officer, X, X, "1", "6").await.body.contains("同じ施設には移送できません"));
    assert!(plan(&mut officer, X, "9999999999", "1", "6").await.body.contains("登録されていません"));
    let page = plan(&mut officer, X, "1311300002", "1", "6").await.header("location").to_owned();
    let cancelled = step(&mut officer, &page, "", "cancel", &[("reason", "予定の変更")]).await;
    assert_eq!(cancelled.status, StatusCode::SEE_OTHER);
    assert!(officer.get(TRANSFERS).await.body.contains("進行中の移送はありません"));
    assert_eq!(rows(&officer.get(&format!("{TRANSFERS}?which=ended")).await.body, "transfers").len(), 1);
    assert!(rows(&officer.get(&facility(X)).await.body, "books")[0].contains("2バイアル・12回分"));
    // What an approver planned another one approves.
    let mut planner = approver(&central, "shibuya-2", "131130").await;
    let page = plan(&mut planner, X, "1311300002", "1", "6").await.header("location").to_owned();
    let refused = step(&mut planner, &page, "/approve", "", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let refused = step(&mut officer, &page, "", "send", &[("vials", "1"), ("doses", "6")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "the cold chain is not chosen");
}
