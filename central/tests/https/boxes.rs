//! 設定ファイルの配布: an officer makes a box of bundles, sees what it holds, hands it out and ends it.
//!
//! Must not: act through the storage; whoever acts has a page.

use central::roles::Role;
use reqwest::StatusCode;

use super::{
    central,
    central_process::CentralProcess,
    visitor::{Page, Visitor},
};

const LIST: &str = "/municipality/boxes";

async fn officer_of(central: &CentralProcess, name: &str, municipality: &str) -> Visitor {
    let role = Role::MunicipalityStaff(municipality.parse().unwrap());
    let password = central.add_account_as(name, role);
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(name, &password).await;
    visitor
}

async fn send(officer: &mut Visitor, what: &str, url: &str, change: (&str, &str)) -> Page {
    let word = officer.get(&format!("{LIST}/new")).await.word();
    let mut fields = vec![
        ("word", word.as_str()),
        ("what", what),
        ("kind", "spares"),
        ("first_number", "900"),
        ("count", "2"),
        ("tablet_name", "予備機"),
        ("central_url", url),
        ("valid_days", "30"),
        ("sites", "1311399999, 金糸雀会場"),
        ("staff", "staff-01, 金糸雀 職員男, 職員, 97531086\nadmin-01, 金糸雀 職員女, 責任者, 97531086"),
        ("physicians", "金糸雀 医師子"),
        ("lots", "ファイザー, コミナティ筋注, KANARIA-LOT, 2022-02-28"),
        ("doses", "1,2"),
        ("municipalities", "131130"),
    ];
    fields.iter_mut().filter(|(name, _)| *name == change.0).for_each(|field| field.1 = change.1);
    officer.post(LIST, &fields).await
}

#[tokio::test]
async fn a_box_is_looked_at_made_downloaded_and_revoked_by_its_own_municipality() {
    let (central, _clock) = central();
    let (mut officer, mut other) = (
        officer_of(&central, "shibuya-1", "131130").await,
        officer_of(&central, "chiyoda-1", "131016").await,
    );
    let url = central.url();
    assert!(officer.get(LIST).await.body.contains("まだ作っていません"));
    let form = officer.get(&format!("{LIST}/new")).await.body;
    assert!(form.contains(&format!("value=\"{url}\"")), "the address is filled in: {form}");
    let looked = send(&mut officer, "look", &url, ("", "")).await;
    assert_eq!(looked.status, StatusCode::OK);
    for part in ["この内容で作りますか", "金糸雀会場", "KANARIA-LOT", "131130-0901", "recovery-1"]
    {
        assert!(looked.body.contains(part), "{part}");
    }
    assert!(officer.get(LIST).await.body.contains("まだ作っていません"), "looking makes nothing");

    let made = send(&mut officer, "make", &url, ("", "")).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let code = made.body.split("<code>").nth(1).unwrap().split("</code>").next().unwrap().to_owned();
    let address = made.body.split("href=\"").find(|part| part.contains("/file\"")).unwrap();
    let address = address.split('"').next().unwrap().to_owned();
    let list = officer.get(LIST).await.body;
    assert!(list.contains("131130-0900") && list.contains("未使用") && list.contains("予備機の箱"));
    assert!(!list.contains(&code), "a code is shown once");
    let file = officer.request(reqwest::Method::GET, &address).send().await.unwrap();
    assert_eq!(file.status(), StatusCode::OK);
    assert!(file.headers()["content-disposition"].to_str().unwrap().contains(".vrsbundle"));
    let bytes = file.bytes().await.unwrap();
    let opened = seal::bundle_box::look(&bytes, None).unwrap();
    let bundle = opened.open("131130-0900".parse().unwrap(), &code.parse().unwrap()).unwrap().bundle;
    assert_eq!(bundle.staff[0].name.as_str(), "金糸雀 職員男");

    // Another municipality sees nothing of it and ends nothing of it.
    assert!(other.get(LIST).await.body.contains("まだ作っていません"));
    assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND);
    let one = address.trim_end_matches("/file");
    let word = other.get(LIST).await.word();
    let ended = other.post(one, &[("word", word.as_str()), ("reason", "間違い")]).await;
    assert_eq!(ended.status, StatusCode::CONFLICT);

    let word = officer.get(LIST).await.word();
    let without = officer.post(one, &[("word", word.as_str()), ("reason", " ")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ended = officer.post(one, &[("word", word.as_str()), ("reason", "紛失")]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(officer.get(LIST).await.body.contains("無効"));
    let audit = officer.get("/municipality/audit?of=tablets").await.body;
    for text in ["設定ファイルを作成(", "、2台分)", "未使用の分を無効化(2台分)", "shibuya-1"]
    {
        assert!(audit.contains(text), "{text}: {audit}");
    }
    assert!(!other.get("/municipality/audit?of=tablets").await.body.contains("設定ファイルを作成"));
}

#[tokio::test]
async fn what_cannot_be_made_is_said_with_its_field_and_line_and_nothing_is_made() {
    let (central, _clock) = central();
    let mut officer = officer_of(&central, "shibuya-1", "131130").await;
    let url = central.url();
    central.enrolled_tablet("131130-0901").await;
    for (change, part) in [
        (("staff", "staff-01, 名前, 職員, 12"), "「職員」の1行目を直してください"),
        (("lots", "x"), "「ワクチンとロット」の1行目"),
        (("count", "0"), "「台数」を直してください"),
        (("count", "2"), "端末番号 131130-0901 は使用中です"),
        (("central_url", "https://elsewhere.example"), "「送信先」は、このサーバーのアドレスではありません"),
        (("staff", "staff-01, 名前, 職員, 1234"), "責任者を1人以上入れてください"),
    ] {
        let answer = send(&mut officer, "make", &url, change).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{part}: {}", answer.body);
        assert!(answer.body.contains(part), "{part}");
    }
    assert!(officer.get(LIST).await.body.contains("まだ作っていません"));
}
