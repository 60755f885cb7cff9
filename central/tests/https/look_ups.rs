//! 他の市区町村への照会, from both sides: what is answered, what is refused, what both can read of it afterwards.
//!
//! Must not: look up through the library; whoever looks up has a page.

use std::fs;

use central::roles::Role;
use reqwest::StatusCode;

use super::{
    NOON, central,
    central_process::{CentralProcess, StandingClock},
    entries::{day, day_with_lot},
    people_files::{Sample, register},
    process::{run, said},
    visitor::{Page, Visitor},
};

const ASKS: &str = "131130";
const ASKED: &str = "131016";

/// The person as the asking municipality registered them.
pub(crate) const HERE: Sample<'static> = Sample {
    address_number: "SHIBUYA-1",
    number: "86420975310",
    coupon: "0000004711",
    name: "見本 花子",
    kana: "ミホン ハナコ",
    born_on: "19500401",
    address: "東京都渋谷区見本町一丁目",
};

/// The same person where they lived before.
pub(crate) const THERE: Sample<'static> = Sample {
    address_number: "CHIYODA-9",
    number: "86420975310",
    coupon: "0000009001",
    name: "旧姓 花子",
    kana: "ﾐﾎﾝ ﾊﾅｺ",
    born_on: "19500401",
    address: "東京都千代田区見本町九丁目",
};

/// What of the other municipality an answer never holds.
const NEVER_TOLD: [&str; 6] =
    ["CHIYODA-9", "0000009001", "旧姓 花子", "千代田区見本町", "見本体育館", "見本 太郎"];

/// Fields of the form that are sent otherwise.
type Changed<'a> = &'a [(&'a str, &'a str)];

pub(crate) struct Towns {
    pub(crate) central: CentralProcess,
    pub(crate) clock: StandingClock,
    pub(crate) officer: Visitor,
    pub(crate) other: Visitor,
}

pub(crate) async fn officer_of(central: &CentralProcess, name: &str, municipality: &str) -> Visitor {
    let password = central.add_account_as(name, Role::MunicipalityStaff(municipality.parse().unwrap()));
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(name, &password).await;
    visitor
}

pub(crate) fn people(central: &CentralProcess, municipality: &'static str, people: Vec<Sample<'static>>) {
    let (data, storage) = (central.data(), central.storage());
    central.wait(async move { register(&data, storage, municipality, &people, NOON).await });
}

impl Towns {
    pub(crate) async fn with(there: Vec<Sample<'static>>) -> Self {
        let (central, clock) = central();
        people(&central, ASKS, vec![HERE]);
        people(&central, ASKED, there);
        let mut tablet = central.enrolled_tablet("131016-0001").await;
        for (dose, lot) in [("1", "FF3620"), ("2", "FK0108")] {
            let mut day = if dose == "1" { day() } else { day_with_lot(lot) };
            day.dose = dose.parse().unwrap();
            let coupon = format!("2{dose}131016{}", THERE.coupon).parse().unwrap();
            let entry = tablet.maker.vaccination_of(coupon, day);
            tablet.record(entry.to_bytes());
        }
        tablet.send(&tablet.entries).await.unwrap();
        let officer = officer_of(&central, "shibuya-1", ASKS).await;
        let other = officer_of(&central, "chiyoda-1", ASKED).await;
        Self { central, clock, officer, other }
    }

    /// The address of the form about the person here.
    pub(crate) async fn form(&mut self) -> String {
        let page = self.officer.get("/municipality/people").await;
        let fields =
            [("word", &*page.word()), ("by", "address_number"), ("address_number", HERE.address_number)];
        let found = self.officer.post("/municipality/people", &fields).await;
        assert_eq!(found.status, StatusCode::SEE_OTHER, "{}", found.body);
        format!("{}/look-up", found.header("location"))
    }

    /// Asks with these fields changed or left out.
    pub(crate) async fn ask(&mut self, form: &str, changed: Changed<'_>) -> Page {
        let page = self.officer.get(form).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let (word, ground) = (page.word(), ground(&page));
        let mut fields = vec![
            ("word", word.as_str()),
            ("of", ASKED),
            ("by", "personal_number"),
            ("purpose", "before_vaccination"),
            ("ground", ground.as_str()),
            ("consent", "obtained"),
            ("why", ""),
            ("document", ""),
        ];
        for (name, value) in changed {
            let field = fields.iter_mut().find(|(known, _)| known == name).unwrap();
            field.1 = value;
        }
        self.officer.post(form, &fields).await
    }

    async fn received(&mut self) -> String {
        self.other.get("/municipality/look-ups/received").await.body
    }
}

fn ground(page: &Page) -> String {
    let (_, after) = page.body.split_once("name=\"ground\" value=\"").unwrap();
    after.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_look_up_is_answered_with_the_doses_alone_and_both_sides_read_of_it() {
    let mut towns = Towns::with(vec![THERE]).await;
    let form = towns.form().await;
    let changed = [("consent", "hard"), ("why", "urgent"), ("document", "3健第123号")];
    let answer = towns.ask(&form, &changed).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for text in ["1回目", "2回目", "2021/11/22", "FF3620", "FK0108", "ファイザー", "東京都千代田区"]
    {
        assert!(answer.body.contains(text), "{text} in {}", answer.body);
    }
    for never in NEVER_TOLD.iter().chain(&[&*HERE.personal_number()]) {
        assert!(!answer.body.contains(never), "{never} in {}", answer.body);
    }
    let made = towns.officer.get("/municipality/look-ups").await.body;
    for text in [
        "東京都千代田区",
        "shibuya-1",
        "SHIBUYA-1",
        "急いで対応する",
        "3健第123号",
        "1回目、2回目",
        "第19条第15号",
    ] {
        assert!(made.contains(text), "{text} in {made}");
    }
    let received = towns.received().await;
    for text in ["東京都渋谷区", "shibuya-1", "CHIYODA-9", "急いで対応する", "3健第123号", "1回目、2回目"]
    {
        assert!(received.contains(text), "{text} in {received}");
    }
    assert!(!received.contains("SHIBUYA-1"), "each names the person in its own terms");
    assert!(!made.contains("CHIYODA-9"));
    let audit = towns.other.get("/municipality/audit?lang=en").await.body;
    assert!(audit.contains("Looked up by 東京都渋谷区"), "{audit}");
    // What was recorded is whole, also for whoever keeps the server.
    let data = towns.central.data().display().to_string();
    towns.central.stop();
    let checked = said(&run(&["check", "--data", &data], ""));
    assert!(checked.contains("audit of 131016") && checked.contains("everything is as it came"), "{checked}");
}

#[tokio::test]
async fn without_purpose_ground_and_consent_nothing_is_looked_up() {
    let mut towns = Towns::with(vec![THERE]).await;
    let form = towns.form().await;
    let refusals: [(Changed<'_>, &str); 12] = [
        (&[("purpose", "")], "照会の目的が選ばれていません"),
        (&[("purpose", "curiosity")], "照会の目的が選ばれていません"),
        (&[("ground", "")], "根拠の確認が必要です"),
        (&[("ground", "別の根拠")], "根拠の文が変わりました"),
        (&[("consent", "")], "本人の同意の有無"),
        (&[("consent", "hard")], "本人の同意の有無"),
        (&[("consent", "hard"), ("why", "because")], "本人の同意の有無"),
        (&[("of", "131017")], "照会先の市区町村が分かりません"),
        (&[("of", ASKS)], "照会先が、この市区町村です"),
        (&[("by", "")], "探し方が選ばれていない"),
        (&[("document", "山田太郎")], "文書番号は"),
        (&[("word", "forged")], "画面を開いてから時間がたちました"),
    ];
    for (changed, sentence) in refusals {
        let refused = towns.ask(&form, changed).await;
        assert!(refused.status.is_client_error(), "{changed:?}");
        assert!(refused.body.contains(sentence), "{sentence} in {}", refused.body);
        assert!(!refused.body.contains("FF3620"));
    }
    assert!(towns.officer.get("/municipality/look-ups").await.body.contains("照会は、まだありません"));
    assert!(towns.received().await.contains("照会は、まだありません"));
}

#[tokio::test]
async fn who_is_not_surely_the_person_is_not_shown_and_that_is_recorded_too() {
    let twin = Sample { address_number: "CHIYODA-10", number: "", coupon: "0000009002", ..THERE };
    let nobodys = Sample { number: "", ..THERE };
    let another = Sample { number: "12345678901", ..THERE };
    let younger = Sample { born_on: "19510401", ..THERE };
    let by_name = [("by", "name_and_birth")];
    let cases: [(Vec<Sample<'static>>, Changed<'_>, &str); 5] = [
        (vec![Sample { number: "12345678901", kana: "ベツジン", ..THERE }], &[], "見つかりませんでした"),
        (vec![another], &by_name, "見つかりませんでした"),
        (vec![nobodys, twin], &by_name, "2人以上います"),
        (vec![younger], &[], "生年月日がこの市区町村の登録と違います"),
        (vec![younger], &by_name, "見つかりませんでした"),
    ];
    for (there, changed, sentence) in cases {
        let mut towns = Towns::with(there).await;
        let form = towns.form().await;
        let answer = towns.ask(&form, changed).await;
        assert!(answer.body.contains(sentence), "{sentence} in {}", answer.body);
        for lot in ["FF3620", "FK0108"] {
            assert!(!answer.body.contains(lot), "{sentence}");
        }
        assert!(towns.received().await.contains("回答なし"), "{sentence}");
    }
    // A namesake without a number who is alone is that person, as far as anybody can tell.
    let mut towns = Towns::with(vec![nobodys]).await;
    let form = towns.form().await;
    assert!(towns.ask(&form, &by_name).await.body.contains("FF3620"));
}

#[tokio::test]
async fn an_account_that_asks_too_often_is_told_to_wait() {
    let mut towns = Towns::with(vec![THERE]).await;
    let settings = "[look_ups]\nmost_an_hour = 2\n";
    fs::write(towns.central.data().join("central.toml"), settings).unwrap();
    towns.central.start_again();
    let mut again = Visitor::new(&towns.central.route().authority_pem, towns.central.url());
    again.cookies = std::mem::take(&mut towns.officer.cookies);
    towns.officer = again;
    let form = towns.form().await;
    for _ in 0..2 {
        assert!(towns.ask(&form, &[]).await.body.contains("FF3620"));
    }
    let refused = towns.ask(&form, &[]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("照会の上限に達した") && !refused.body.contains("FF3620"));
    towns.clock.put(NOON.plus_ms(3_600_001));
    assert!(towns.ask(&form, &[]).await.body.contains("FF3620"));
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_shown() {
    let mut towns = Towns::with(vec![THERE]).await;
    let form = towns.form().await;
    let page = towns.officer.get(&form).await;
    let (word, ground) = (page.word(), ground(&page));
    let register = rusqlite::Connection::open(towns.central.data().join("register.sqlite")).unwrap();
    register.execute_batch("ALTER TABLE audit RENAME TO audit_that_was").unwrap();
    let fields = [
        ("word", word.as_str()),
        ("of", ASKED),
        ("by", "personal_number"),
        ("purpose", "before_vaccination"),
        ("ground", &ground),
        ("consent", "obtained"),
    ];
    let mut pages = vec![towns.officer.post(&form, &fields).await];
    pages.push(towns.officer.get(form.trim_end_matches("/look-up")).await);
    let fields = [("word", word.as_str()), ("coupon", HERE.coupon)];
    pages.push(towns.officer.post("/municipality/entries", &fields).await);
    for page in pages {
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        for personal in ["FF3620", HERE.name, HERE.coupon] {
            assert!(!page.body.contains(personal));
        }
    }
}
