//! 接種対象者と接種券の記録, as an officer finds and sees them; and the audit of it.
//!
//! Must not: look through the storage; whoever looks has a page.

use central::roles::Role;
use reqwest::StatusCode;

use super::{
    central,
    entries::{day_with_lot, vaccination_in},
    look_ups::{HERE, officer_of, people},
    people_files::Sample,
    visitor::{Page, Visitor},
};

async fn search(officer: &mut Visitor, fields: &[(&str, &str)]) -> Page {
    let word = officer.get("/municipality/people").await.word();
    let mut all = vec![("word", word.as_str())];
    all.extend_from_slice(fields);
    officer.post("/municipality/people", &all).await
}

#[tokio::test]
async fn one_person_is_found_by_any_of_their_numbers_or_their_name_and_shown_without_the_number() {
    let (central, _clock) = central();
    people(&central, "131130", vec![HERE]);
    people(&central, "131130", vec![Sample { coupon: "0000004712", name: "見本 はな", ..HERE }]);
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let coupon = format!("21131130{}", HERE.coupon).parse().unwrap();
    let first = tablet.maker.vaccination_of(coupon, day_with_lot("FF3620"));
    let mut right = vaccination_in(&first);
    right.day = day_with_lot("FK0108");
    let correction = tablet.maker.correction(first.entry_id, right);
    tablet.record(first.to_bytes());
    tablet.record(correction.to_bytes());
    tablet.send(&tablet.entries).await.unwrap();
    let mut officer = officer_of(&central, "shibuya-1", "131130").await;
    let mut places = Vec::new();
    for fields in [
        [
            ("by", "address_number"),
            ("address_number", "ＳＨＩＢＵＹＡ－１"),
            ("coupon", ""),
            ("kana", ""),
            ("born_on", ""),
        ],
        [("by", "coupon"), ("address_number", ""), ("coupon", "0000004711"), ("kana", ""), ("born_on", "")],
        [
            ("by", "coupon"),
            ("address_number", ""),
            ("coupon", "００００００４７１２"),
            ("kana", ""),
            ("born_on", ""),
        ],
        [
            ("by", "name"),
            ("address_number", ""),
            ("coupon", ""),
            ("kana", "みほんはなこ"),
            ("born_on", "1950-04-01"),
        ],
        [
            ("by", "name"),
            ("address_number", ""),
            ("coupon", ""),
            ("kana", "ﾐﾎﾝ ﾊﾅｺ"),
            ("born_on", "19500401"),
        ],
    ] {
        let found = search(&mut officer, &fields).await;
        assert_eq!(found.status, StatusCode::SEE_OTHER, "{fields:?} {}", found.body);
        places.push(found.header("location").to_owned());
    }
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    for personal in [HERE.coupon, HERE.address_number, "86420975310"] {
        assert!(!places[0].contains(personal), "an address names nobody");
    }
    let page = officer.get(&places[0]).await;
    for text in [
        "見本 はな",
        "見本 花子",
        "SHIBUYA-1",
        "1950/04/01",
        "渋谷区見本町一丁目",
        "登録あり",
        "取込み2",
        "取込み1",
        "importer-2",
        "FK0108",
        "訂正済み",
        "現在有効",
        "記録1の訂正",
        "0000004712",
        "0000004711",
    ] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    for language in ["en", "ja"] {
        let page = officer.get(&format!("{}?lang={language}", places[0])).await;
        assert!(!page.body.contains(&HERE.personal_number()), "the number is on no page");
        assert!(!page.body.contains(&HERE.personal_number()[8..]), "nor its end");
    }
    let audit = officer.get("/municipality/audit?of=people").await.body;
    for text in ["接種対象者を検索(1人に定まった)", "接種対象者の記録を表示", "shibuya-1", "SHIBUYA-1"]
    {
        assert!(audit.contains(text), "{text} in {audit}");
    }
    let mark = places[0].rsplit('/').next().unwrap();
    let about = officer.get(&format!("/municipality/audit?person={mark}")).await.body;
    assert!(about.contains("接種対象者の記録を表示") && !about.contains("検索(1人"), "{about}");
}

#[tokio::test]
async fn nobody_is_shown_who_is_not_found_for_sure_or_not_of_this_municipality() {
    let (central, _clock) = central();
    let twin = Sample { address_number: "SHIBUYA-2", number: "", coupon: "0000004799", ..HERE };
    people(&central, "131130", vec![HERE, twin]);
    let mut officer = officer_of(&central, "shibuya-1", "131130").await;
    let mut stranger = officer_of(&central, "chiyoda-1", "131016").await;
    let found = search(&mut officer, &[("by", "coupon"), ("coupon", HERE.coupon)]).await;
    let place = found.header("location").to_owned();
    let name = [("by", "name"), ("kana", "ミホン ハナコ"), ("born_on", "1950-04-01")];
    for (fields, status, sentence) in [
        (&name[..], StatusCode::CONFLICT, "2人以上います"),
        (
            &[("by", "name"), ("kana", "ミホン ハナコ"), ("born_on", "1950-04-02")][..],
            StatusCode::NOT_FOUND,
            "登録されていません",
        ),
        (
            &[("by", "name"), ("kana", "ミホン ハナコ"), ("born_on", "1950-02-31")][..],
            StatusCode::UNPROCESSABLE_ENTITY,
            "実在する今日までの日",
        ),
        (&[("by", "coupon"), ("coupon", "12")][..], StatusCode::UNPROCESSABLE_ENTITY, "10桁の数字"),
        (
            &[("by", "address_number"), ("address_number", " ")][..],
            StatusCode::UNPROCESSABLE_ENTITY,
            "宛名番号は",
        ),
        (&[("by", "everything")][..], StatusCode::FORBIDDEN, "もう一度入力"),
    ] {
        let refused = search(&mut officer, fields).await;
        assert_eq!(refused.status, status, "{fields:?}");
        assert!(refused.body.contains(sentence), "{sentence} in {}", refused.body);
        assert!(!refused.body.contains(HERE.name));
    }
    for fields in [&name[..], &[("by", "coupon"), ("coupon", HERE.coupon)][..]] {
        assert_eq!(search(&mut stranger, fields).await.status, StatusCode::NOT_FOUND);
    }
    for place in [place.as_str(), &format!("{place}/look-up"), "/municipality/people/x"] {
        let page = stranger.get(place).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(!page.body.contains(HERE.name) && page.body.contains("探し直"));
    }
    let about = place.rsplit('/').next().unwrap();
    let page = stranger.get(&format!("/municipality/audit?person={about}")).await;
    assert!(page.body.contains("この条件に合う操作の記録はありません"), "{}", page.body);
}

#[tokio::test]
async fn accounts_and_tablets_stand_in_the_audit_of_their_municipality() {
    let (central, _clock) = central();
    central.invited_tablet("131130-0017");
    let mut officer = officer_of(&central, "shibuya-1", "131130").await;
    assert!(officer.get("/municipality/audit").await.body.contains("操作の記録は、まだありません"));
    let mut keeper = Visitor::new(&central.route().authority_pem, central.url());
    let password = central.add_account_as("nation-1", Role::NationalAdministrator);
    keeper.sign_in("nation-1", &password).await;
    let word = keeper.get("/console/accounts").await.word();
    let added = [
        ("word", word.as_str()),
        ("name", "shibuya-2"),
        ("role", "municipality_approver"),
        ("municipality", "131130"),
    ];
    assert_eq!(keeper.post("/console/accounts", &added).await.status, StatusCode::OK);
    for act in ["reset", "disable"] {
        let named = [("word", word.as_str()), ("name", "shibuya-2")];
        keeper.post(&format!("/console/accounts/{act}"), &named).await;
    }
    let page = officer.get("/municipality/tablets/131130-0017").await;
    let fields = [("word", &*page.word()), ("what", "revoke"), ("reason", "送り先の間違い")];
    officer.post("/municipality/tablets/131130-0017", &fields).await;
    let audit = officer.get("/municipality/audit").await.body;
    for text in [
        "承認者のアカウント shibuya-2 を作成",
        "アカウント shibuya-2 を設定し直し",
        "アカウント shibuya-2 を停止",
        "nation-1",
        "タブレット 131130-0017 の設定ファイルを無効化",
        "id=\"chain-end\"",
    ] {
        assert!(audit.contains(text), "{text} in {audit}");
    }
    let some = officer.get("/municipality/audit?of=accounts&account=nation-1").await.body;
    assert!(some.contains("を停止") && !some.contains("131130-0017"), "{some}");
    for wrong in ["of=x", "account=%2F", "person=1", "before=x"] {
        let page = officer.get(&format!("/municipality/audit?{wrong}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(page.body.contains("条件を選び直してください"));
    }
    let mut stranger = officer_of(&central, "chiyoda-1", "131016").await;
    assert!(stranger.get("/municipality/audit").await.body.contains("操作の記録は、まだありません"));
}
