//! 封緘ファイル over HTTPS: two people for what goes out, another person for what comes in, each refusal with its reason, all of it
//! in the ledger.
//!
//! Must not: act through the storage where an officer has a page.

use std::time::Duration;

use central::{media::event::About, roles::Role};
use record::envelope::{Card, EnvelopeId};
use reqwest::StatusCode;

use super::{
    NOON, central,
    central_process::CentralProcess,
    desk::{Desk, Made},
    people::OF_THE_PERSON,
    visitor::{Page, Visitor},
};

const MEDIA: &str = "/municipality/media";
const HEADER: &str = "宛名番号,個人番号,接種券番号,氏名,氏名カナ,生年月日,性別,住所";

pub(crate) async fn signed_in(central: &CentralProcess, name: &str, role: Role) -> Visitor {
    let password = central.add_account_as(name, role);
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(name, &password).await;
    visitor
}

/// An officer who asks and brings, and one who allows.
pub(crate) async fn officers(central: &CentralProcess, municipality: &str) -> (Visitor, Visitor) {
    let code = municipality.parse().unwrap();
    let (staff, approver) = (Role::MunicipalityStaff(code), Role::MunicipalityApprover(code));
    let name = |kind: &str| format!("{kind}-{municipality}");
    (signed_in(central, &name("officer"), staff).await, signed_in(central, &name("approver"), approver).await)
}

/// Rows of invented people (見本).
pub(crate) fn rows(count: u32) -> String {
    let mut text = format!("{HEADER}\r\n");
    for number in 1..=count {
        text.push_str(&format!("A{number},,{number:010},見本 {number}子,ミホン,19500401,2,見本町\r\n"));
    }
    text
}

/// The central's card, as an officer fetches it.
pub(crate) async fn central_card(officer: &mut Visitor) -> Card {
    let file = officer.bytes(&format!("{MEDIA}/cards/central")).await;
    seal::envelope::read_card(&file).unwrap()
}

pub(crate) async fn register_card(officer: &mut Visitor, desk: &Desk) -> Page {
    let (card, number) = desk.card_file();
    let word = officer.get(&format!("{MEDIA}/cards")).await.word();
    let fields = [("word", word.as_str()), ("check_number", number.as_str())];
    officer.upload(&format!("{MEDIA}/cards"), &fields, ("131130.vrscard", card)).await
}

pub(crate) async fn bring(officer: &mut Visitor, file: Vec<u8>) -> Page {
    let word = officer.get(&format!("{MEDIA}/bring")).await.word();
    officer.upload(&format!("{MEDIA}/bring"), &[("word", &word)], ("people.vrsenv", file)).await
}

pub(crate) async fn press(visitor: &mut Visitor, page: &str, place: &str, what: &str) -> Page {
    let word = visitor.get(page).await.word();
    visitor.post(&format!("{page}{place}"), &[("word", &word), ("what", what)]).await
}

/// Waits until what goes on with a file has ended; its page.
pub(crate) async fn settled(visitor: &mut Visitor, page: &str) -> Page {
    for _ in 0..600 {
        let shown = visitor.get(page).await;
        if !shown.body.contains("id=\"progress\"") {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it goes on and on");
}

pub(crate) async fn ask(officer: &mut Visitor, content: &str) -> Page {
    let word = officer.get(&format!("{MEDIA}/ask")).await.word();
    let fields = [
        ("word", word.as_str()),
        ("content", content),
        ("purpose", "update_register"),
        ("method", "carried_by_two"),
        ("document_number", "3健第456号"),
        ("days", "3"),
    ];
    officer.post(&format!("{MEDIA}/ask"), &fields).await
}

/// Asks, has it allowed and made; the file's page and its bytes.
pub(crate) async fn made(officer: &mut Visitor, approver: &mut Visitor, content: &str) -> (String, Vec<u8>) {
    let asked = ask(officer, content).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let page = asked.header("location").to_owned();
    assert_eq!(press(approver, &page, "/decide", "allow").await.status, StatusCode::SEE_OTHER);
    let shown = settled(officer, &page).await;
    assert!(shown.body.contains("受け取れます"), "{}", shown.body);
    let file = officer.form_bytes(&format!("{page}/file"), &[("word", &shown.word())]).await;
    (page, file)
}

fn id_of(page: &str) -> EnvelopeId {
    page.rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_takes_effect_by_another_person_goes_out_and_is_undone() {
    let (central, _) = central();
    let (mut officer, mut approver) = officers(&central, "131130").await;
    let desk = Desk::of("131130", NOON);
    let card = central_card(&mut officer).await;
    assert_eq!(register_card(&mut officer, &desk).await.status, StatusCode::SEE_OTHER);

    let mut csv = rows(3);
    csv.push_str("A9,,0000000009,見本 誤子,ミホン,20210231,2,見本町\r\n");
    let file = desk.sealed(&card, csv.as_bytes(), NOON, Made::Well);
    let brought = bring(&mut officer, file.clone()).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    let page = brought.header("location").to_owned();
    let shown = settled(&mut officer, &page).await;
    for text in
        ["反映待ち", "<dt>新しく加わる人</dt><dd>3</dd>", "<dt>取り込めない行</dt><dd>1</dd>", "生年月日"]
    {
        assert!(shown.body.contains(text), "{text}: {}", shown.body);
    }
    assert!(!shown.body.contains("見本 誤子") && !shown.body.contains("id=\"take-effect\""));
    let people = |expected: u64| {
        let storage = central.storage();
        let count =
            central.wait(async move { storage.count_people("131130".parse().unwrap()).await.unwrap() });
        assert_eq!(count, expected);
    };
    people(0);
    assert_eq!(press(&mut officer, &page, "/decide", "take-effect").await.status, StatusCode::FORBIDDEN);
    assert_eq!(press(&mut approver, &page, "/decide", "take-effect").await.status, StatusCode::SEE_OTHER);
    assert!(settled(&mut officer, &page).await.body.contains("反映済み"));
    people(3);

    // The receipt proves to the sender that it arrived.
    let receipt = officer.bytes(&format!("{page}/receipt")).await;
    let receipt = seal::envelope::read_receipt(&receipt, std::slice::from_ref(&card)).unwrap();
    assert_eq!((receipt.envelope_id, receipt.rows), (id_of(&page), 5));

    // The same people go out again, and the faulty row.
    let (sent_page, sealed) = made(&mut officer, &mut approver, "register").await;
    let (text, receipt) = desk.opened(&card, &sealed, NOON);
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.contains("A1,") && !text.contains("見本"), "{text}");
    let (_, sealed) = made(&mut officer, &mut approver, &format!("faulty-{}", id_of(&page))).await;
    let (text, other_receipt) = desk.opened(&card, &sealed, NOON);
    assert!(text.contains("見本 誤子") && text.contains("5行目") && text.lines().count() == 2, "{text}");

    // A receipt of another file proves nothing; the right one does, and the file goes.
    let take = async |officer: &mut Visitor, receipt: Vec<u8>| {
        let word = officer.get(&sent_page).await.word();
        officer.upload(&format!("{sent_page}/receipt"), &[("word", &word)], ("a.vrsreceipt", receipt)).await
    };
    let refused = take(&mut officer, other_receipt).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("この封緘ファイルの受領書ではありません"), "{}", refused.body);
    assert_eq!(take(&mut officer, receipt).await.status, StatusCode::SEE_OTHER);
    assert!(officer.get(&sent_page).await.body.contains("届きました"));

    assert_eq!(press(&mut approver, &page, "/decide", "undo").await.status, StatusCode::SEE_OTHER);
    assert!(settled(&mut officer, &page).await.body.contains("取消し済み"));
    people(0);
    // A second time it is refused, and the ledger says so.
    let again = bring(&mut officer, file).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("取込み済みです"), "{}", again.body);
    let ledger = officer.get(&format!("{MEDIA}/ledger")).await;
    for text in [
        "鍵カードを登録",
        "申請(予防接種台帳向け出力",
        "許可",
        "作成(4行",
        "受け取り",
        "受領書を確認",
        "受領書を拒否",
        "開封して読込み",
        "反映",
        "取込みを取消し",
        "拒否: この封緘ファイルは取込み済み",
    ] {
        assert!(ledger.body.contains(text), "{text}: {}", ledger.body);
    }
    // The municipality's audit tells of the same steps.
    let short = &page[page.len() - 32..][..8];
    let audit = officer.get("/municipality/audit?of=files").await.body;
    for text in ["取り込むために送信", "開封して読込み", "拒否"] {
        assert!(audit.contains(&format!("封緘ファイル {short}: {text}")), "{text}: {audit}");
    }
    for text in ["出力を申請", "許可", "作成", "受け取り", "受領書を登録", "鍵カードを登録"]
    {
        assert!(audit.contains(text), "{text}: {audit}");
    }
    let audit = officer.get("/municipality/audit?of=imports").await.body;
    assert!(audit.contains("取込み1を反映") && audit.contains("取込み1を取り消し"), "{audit}");
    let sheet = officer.get(&format!("{page}/sheet?lang=en")).await;
    assert!(sheet.body.contains("Work record") && sheet.body.contains("undid it"), "{}", sheet.body);
    let storage = central.storage();
    let checked = central.wait(async move { central::media::checking::check(&*storage).await.unwrap() });
    assert!(checked.places.is_empty() && checked.lines > 15, "{checked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_its_reason_in_two_languages_and_a_line_in_the_ledger() {
    let (central, _) = central();
    let (mut officer, _) = officers(&central, "131130").await;
    let desk = Desk::of("131130", NOON);
    let card = central_card(&mut officer).await;
    let unknown = bring(&mut officer, desk.sealed(&card, rows(1).as_bytes(), NOON, Made::Well)).await;
    assert!(unknown.body.contains("登録されていません"), "{}", unknown.body);
    register_card(&mut officer, &desk).await;
    let sealed = |made| desk.sealed(&card, rows(1).as_bytes(), NOON, made);
    let altered_at = |at: usize| {
        let mut file = sealed(Made::Well);
        let at = if at == 0 { file.len() - 40 } else { at };
        file[at] ^= 1;
        file
    };
    let cut = {
        let mut file = sealed(Made::Well);
        file.truncate(file.len() - 10);
        file
    };
    let more = [sealed(Made::Well), vec![0]].concat();
    for (file, japanese, english) in [
        (sealed(Made::Expired), "期限が切れています", "It has expired"),
        (sealed(Made::BySomebodyElse), "登録されていません", "not registered for this municipality"),
        (sealed(Made::ForAnother), "宛てたものではありません", "not sealed to this central"),
        (sealed(Made::OfDoses), "接種対象者の封緘ファイルではありません", "not an envelope of people"),
        (altered_at(60), "書き換えられています", "was altered"),
        (altered_at(0), "書き換えられています", "was altered"),
        (cut, "途中で切れています", "cut short"),
        (more, "余分なもの", "does not belong"),
        (b"no envelope".to_vec(), "この種類のファイルではありません", "another kind"),
        (Vec::new(), "ファイルが選ばれていません", "No file was chosen"),
    ] {
        let is_empty = file.is_empty();
        let mut said = bring(&mut officer, file).await;
        if said.status == StatusCode::SEE_OTHER {
            let page = said.header("location").to_owned();
            said = settled(&mut officer, &page).await;
            assert!(said.body.contains("開けませんでした"), "{}", said.body);
        } else {
            assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert!(said.body.contains(japanese), "{japanese}: {}", said.body);
        if !is_empty {
            let ledger = officer.get(&format!("{MEDIA}/ledger?lang=en")).await;
            let newest =
                ledger.body.split_once("<tbody").unwrap().1.split_once("</tr>").unwrap().0.to_owned();
            assert!(newest.contains(english), "{english}: {newest}");
            officer.get(&format!("{MEDIA}?lang=ja")).await;
        }
    }
    let storage = central.storage();
    let (people, imports) = central.wait(async move {
        let shibuya = "131130".parse().unwrap();
        (storage.count_people(shibuya).await.unwrap(), storage.imports(shibuya, 9).await.unwrap())
    });
    assert_eq!(people, 0);
    assert!(imports.iter().all(|import| import.state == central::storage::ImportState::Discarded));
    let spool = std::fs::read_dir(central.data().join("media")).unwrap();
    assert_eq!(spool.count(), 0, "nothing of a refused file is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_out_needs_another_person_and_each_municipality_sees_its_own() {
    let (central, clock) = central();
    let (mut officer, mut approver) = officers(&central, "131130").await;
    let (mut stranger, mut strange_approver) = officers(&central, "131016").await;
    let desk = Desk::of("131130", NOON);
    assert!(ask(&mut officer, "register").await.body.contains("鍵カードが登録されていません"));
    register_card(&mut officer, &desk).await;
    for (field, value, said) in [
        ("document_number", "山田", "数字を含めて"),
        ("days", "32", "1〜31日"),
        ("content", "faulty-00000000000000000000000000000000", "選ばれていない項目"),
        ("purpose", "", "選ばれていない項目"),
        ("word", "old", "画面が古く"),
    ] {
        let word = officer.get(&format!("{MEDIA}/ask")).await.word();
        let mut fields = vec![
            ("word", word.as_str()),
            ("content", "register"),
            ("purpose", "update_register"),
            ("method", "carried_by_two"),
            ("document_number", "3健第456号"),
            ("days", "3"),
        ];
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|entry| entry.1 = value);
        let refused = officer.post(&format!("{MEDIA}/ask"), &fields).await;
        assert!(refused.status.is_client_error() && refused.body.contains(said), "{field}: {}", refused.body);
    }
    // An approver who asks cannot allow it.
    let own = ask(&mut approver, "waiting").await.header("location").to_owned();
    let refused = press(&mut approver, &own, "/decide", "allow").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("別の人が行ってください"), "{}", refused.body);
    let asked = ask(&mut officer, "waiting-spreadsheet").await.header("location").to_owned();
    let shown = approver.get(&asked).await;
    for text in [
        "表計算ソフト用",
        "予防接種台帳の更新",
        "職員2名で持参",
        "3健第456号",
        "officer-131130",
        "id=\"allow\"",
    ] {
        assert!(shown.body.contains(text), "{text}: {}", shown.body);
    }
    // Nobody of another municipality sees, allows or fetches it.
    for visitor in [&mut stranger, &mut strange_approver] {
        assert_eq!(visitor.get(&asked).await.status, StatusCode::NOT_FOUND);
        assert_eq!(visitor.get(&format!("{asked}/sheet")).await.status, StatusCode::NOT_FOUND);
        assert!(!visitor.get(MEDIA).await.body.contains("waiting"));
        let word = visitor.get(&format!("{MEDIA}/ask")).await.body;
        assert!(word.contains("鍵カードが登録されていません"));
    }
    let word = strange_approver.get(&format!("{MEDIA}/bring")).await.word();
    let tried =
        strange_approver.post(&format!("{asked}/decide"), &[("word", &word), ("what", "allow")]).await;
    assert_eq!(tried.status, StatusCode::NOT_FOUND);
    assert_eq!(press(&mut approver, &asked, "/decide", "allow").await.status, StatusCode::SEE_OTHER);
    let shown = settled(&mut officer, &asked).await;
    assert!(shown.body.contains("受け取れます"), "{}", shown.body);
    assert!(shown.body.contains(&desk.card_file().1), "the recipient's check number");
    let twice = press(&mut approver, &asked, "/decide", "decline").await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    // Where the card was withdrawn since, it goes out no more.
    press(&mut officer, &format!("{MEDIA}/cards"), "/withdraw", "").await;
    let word = officer.get(&asked).await.word();
    let withdrawn = officer.post(&format!("{asked}/file"), &[("word", &word)]).await;
    assert!(withdrawn.body.contains("鍵カードが解除されたため"), "{}", withdrawn.body);
    register_card(&mut officer, &desk).await;
    // Once its time is over it cannot be fetched.
    clock.put(NOON.plus_ms(4 * 86_400_000));
    let (mut officer, _) = {
        let password =
            central.add_account_as("officer-9", Role::MunicipalityStaff("131130".parse().unwrap()));
        let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
        visitor.sign_in("officer-9", &password).await;
        (visitor, ())
    };
    let word = officer.get(&asked).await.word();
    let late = officer.post(&format!("{asked}/file"), &[("word", &word)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("期限が切れています"), "{}", late.body);
    let lines = {
        let storage = central.storage();
        let about = About::File(id_of(&asked)).to_string();
        central
            .wait(async move { storage.media_lines_about("131130".parse().unwrap(), about).await.unwrap() })
    };
    let text: String = lines.iter().map(|line| line.line.as_str()).collect();
    assert!(!OF_THE_PERSON.iter().any(|one| text.contains(one)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_compared_once_who_joins_is_confirmed_and_another_key_never_taken() {
    let (central, _) = central();
    let (mut officer, _) = officers(&central, "131130").await;
    let desk = Desk::of("131130", NOON);
    let cards = format!("{MEDIA}/cards");
    let take = async |officer: &mut Visitor, card: Vec<u8>, number: &str, confirmed: &str| {
        let word = officer.get(&cards).await.word();
        let fields = [("word", word.as_str()), ("check_number", number), ("confirmed", confirmed)];
        officer.upload(&cards, &fields, ("a.vrscard", card)).await
    };
    let (card, number) = desk.card_file();
    let wide: String = number
        .chars()
        .map(|sign| sign.to_digit(10).map_or('-', |digit| char::from_u32('０' as u32 + digit).unwrap()))
        .collect();
    let wrong = take(&mut officer, card.clone(), "0000 0000 0000 0000 0000", "").await;
    assert!(wrong.body.contains("確認番号が違います"), "{}", wrong.body);
    let (foreign, foreign_number) = Desk::of("131016", NOON).card_file();
    assert!(
        take(&mut officer, foreign, &foreign_number, "")
            .await
            .body
            .contains("この市区町村の鍵カードではありません")
    );
    assert_eq!(take(&mut officer, card.clone(), &wide, "").await.status, StatusCode::SEE_OTHER);
    assert!(officer.get(&cards).await.body.contains("suzuki, tanaka"));

    let (other, other_number) = Desk::of("131130", NOON).card_file();
    assert!(take(&mut officer, other, &other_number, "").await.body.contains("登録済みの鍵と違う"));
    let mut later = Desk::of("131130", NOON);
    (later.keys, later.card) = (desk.keys, desk.card);
    later.card.issued_at = NOON.plus_ms(1);
    if let record::envelope::Approvers::Signed { people } = &mut later.card.approvers {
        let mut joined = people[0].clone();
        joined.account = "sato".parse().unwrap();
        joined.key = later.keys.signing.public();
        people.push(joined);
    }
    let (later, _) = later.card_file();
    let asked = take(&mut officer, later.clone(), "", "").await;
    assert!(asked.body.contains("新しく加わった人: sato"), "{}", asked.body);
    assert!(!officer.get(&cards).await.body.contains("sato"));
    assert_eq!(take(&mut officer, later, "", "yes").await.status, StatusCode::SEE_OTHER);
    assert!(officer.get(&cards).await.body.contains("suzuki, tanaka, sato"));
    assert!(take(&mut officer, card, "", "").await.body.contains("登録済みのカードより古い"));
}
