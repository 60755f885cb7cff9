//! タブレットと設定ファイル: a municipality's officer revokes a bundle, replaces a broken tablet and gives up what never comes.
//!
//! Must not: act through the storage; whoever acts has a page.

use central::roles::Role;
use reqwest::StatusCode;

use super::{
    central,
    central_process::CentralProcess,
    visitor::{Page, Visitor},
};

const LIST: &str = "/municipality/tablets";
const BROKEN: &str = "/municipality/tablets/131130-0017";

async fn officer_of(central: &CentralProcess, name: &str, municipality: &str) -> Visitor {
    let role = Role::MunicipalityApprover(municipality.parse().unwrap());
    let password = central.add_account_as(name, role);
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(name, &password).await;
    visitor
}

async fn act(visitor: &mut Visitor, page: &Page, what: &str, spare: &str, reason: &str) -> Page {
    let word = page.word();
    let fields = [("word", word.as_str()), ("what", what), ("spare", spare), ("reason", reason)];
    visitor.post(BROKEN, &fields).await
}

#[tokio::test]
async fn a_broken_tablet_is_replaced_and_what_never_comes_is_given_up_by_name() {
    let (central, _clock) = central();
    let mut broken = central.enrolled_tablet("131130-0017").await;
    central.enrolled_tablet("131130-0900").await;
    central.enrolled_tablet("131016-0001").await;
    broken.record_day(10);
    broken.send(&broken.entries[..4]).await.unwrap();
    broken.beat(&broken.heartbeat()).await;
    let mut officer = officer_of(&central, "approver-1", "131130").await;
    let list = officer.get(LIST).await;
    assert!(list.body.contains("131130-0017") && list.body.contains("131130-0900"), "{}", list.body);
    assert!(!list.body.contains("131016-0001"), "another municipality's");

    let page = officer.get(BROKEN).await;
    assert!(page.body.contains("value=\"131130-0900\"") && page.body.contains("使用済み"), "{}", page.body);
    assert!(!page.body.contains("131016-0001") && !page.body.contains("id=\"lost\""));
    for (spare, reason, said) in [
        ("", "画面が割れた", "予備機が選ばれていません"),
        ("131130-0900", " ", "理由が必要です"),
        ("131016-0001", "画面が割れた", "この予備機には置き換えられません"),
    ] {
        let refused = act(&mut officer, &page, "replace", spare, reason).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    let done = act(&mut officer, &page, "replace", "131130-0900", "画面が割れた").await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, BROKEN));
    let page = officer.get(BROKEN).await;
    for text in ["予備機 131130-0900 が代わりに使われています", "6件が届いていません", "id=\"lost\""]
    {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("id=\"replace\""), "once");
    let again = act(&mut officer, &page, "replace", "131130-0900", "もう一度").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("先に置き換えられていました"));

    broken.send(&broken.entries[4..7]).await.unwrap();
    let page = officer.get(BROKEN).await;
    assert!(page.body.contains("3件が届いていません"), "it may still bring them: {}", page.body);
    assert_eq!(act(&mut officer, &page, "lost", "", "水没").await.status, StatusCode::SEE_OTHER);
    let page = officer.get(BROKEN).await;
    assert!(!page.body.contains("届いていません") && !page.body.contains("id=\"lost\""), "{}", page.body);
}

#[tokio::test]
async fn a_bundle_that_went_astray_is_revoked_and_nobody_else_reaches_it() {
    let (central, _clock) = central();
    central.invited_tablet("131130-0017");
    let mut officer = officer_of(&central, "approver-1", "131130").await;
    let mut stranger = officer_of(&central, "approver-2", "131016").await;
    let page = officer.get(BROKEN).await;
    assert!(page.body.contains("設定待ち") && page.body.contains("使えます"), "{}", page.body);

    assert_eq!(stranger.get(BROKEN).await.status, StatusCode::NOT_FOUND);
    let theirs = stranger.get(LIST).await;
    assert!(theirs.body.contains("まだありません") && !theirs.body.contains("131130-0017"));
    assert_eq!(act(&mut stranger, &theirs, "revoke", "", "理由").await.status, StatusCode::NOT_FOUND);
    let forged = [("word", "A"), ("what", "revoke"), ("reason", "理由")];
    assert_eq!(officer.post(BROKEN, &forged).await.status, StatusCode::FORBIDDEN);
    assert!(officer.get(BROKEN).await.body.contains("使えます"), "nothing changed");

    let done = act(&mut officer, &page, "revoke", "", "<b>送り先の間違い</b>").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = officer.get(BROKEN).await;
    assert!(page.body.contains("無効にしました") && page.body.contains("approver-1"), "{}", page.body);
    assert!(!page.body.contains("<b>送り先") && !page.body.contains("id=\"revoke\""));
    assert_eq!(act(&mut officer, &page, "revoke", "", "理由").await.status, StatusCode::CONFLICT);
    for unknown in ["131130-0999", "x", "131016-0001"] {
        assert_eq!(officer.get(&format!("{LIST}/{unknown}")).await.status, StatusCode::NOT_FOUND);
    }
}
