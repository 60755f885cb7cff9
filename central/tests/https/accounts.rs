//! アカウントの管理: what the national administrator does on the page, and what `vrs-central staff` does on the server.
//!
//! Must not: look into the register.

use central::roles::Role;
use reqwest::StatusCode;

use super::{
    central,
    central_process::CentralProcess,
    process::{run, said},
    visitor::{Page, SET_UP, Visitor},
};

const ACCOUNTS: &str = "/console/accounts";

fn visitor(central: &CentralProcess) -> Visitor {
    Visitor::new(&central.route().authority_pem, central.url())
}

async fn administrator(central: &CentralProcess) -> Visitor {
    let password = central.add_account_as("nation-1", Role::NationalAdministrator);
    let mut visitor = visitor(central);
    visitor.sign_in("nation-1", &password).await;
    visitor
}

async fn post(visitor: &mut Visitor, path: &str, fields: &[(&str, &str)]) -> Page {
    let word = visitor.get(ACCOUNTS).await.word();
    let fields: Vec<_> = fields.iter().copied().chain([("word", word.as_str())]).collect();
    visitor.post(path, &fields).await
}

/// The password that a page shows once.
fn shown_password(page: &Page) -> String {
    let (_, after) = page.body.split_once("<code id=\"password\">").unwrap();
    after.split_once('<').unwrap().0.to_owned()
}

#[tokio::test]
async fn an_account_is_added_disabled_and_reset_on_the_page() {
    let (central, _) = central();
    let mut nation = administrator(&central).await;
    let fields = [("name", "shibuya-1"), ("role", "municipality_staff"), ("municipality", "131130")];
    let added = post(&mut nation, ACCOUNTS, &fields).await;
    let password = shown_password(&added);
    let page = nation.get(ACCOUNTS).await;
    assert!(!page.body.contains(&password), "it is shown once");
    for text in
        ["shibuya-1", "市区町村の担当者", "131130 東京都渋谷区", "初回ログイン待ち", "自分のアカウント"]
    {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    let mut officer = visitor(&central);
    officer.sign_in("shibuya-1", &password).await;
    assert_eq!(officer.get("/municipality/reviews").await.status, StatusCode::OK);

    let named = [("name", "shibuya-1")];
    let disabled = post(&mut nation, "/console/accounts/disable", &named).await;
    assert_eq!(disabled.status, StatusCode::SEE_OTHER);
    assert_eq!(officer.get("/municipality/reviews").await.header("location"), "/console/sign-in");
    assert_eq!(officer.enter_password("shibuya-1", &password).await.status, StatusCode::FORBIDDEN);

    let renewed = shown_password(&post(&mut nation, "/console/accounts/reset", &named).await);
    assert_eq!(officer.enter_password("shibuya-1", &password).await.status, StatusCode::FORBIDDEN);
    assert_eq!(officer.enter_password("shibuya-1", &renewed).await.header("location"), SET_UP);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_account_is_said_plainly_and_nothing_is_lost() {
    let (central, _) = central();
    let mut nation = administrator(&central).await;
    for (name, role, municipality, said) in [
        ("見本", "support", "", "アカウント名に使えない文字"),
        ("nation-1", "support", "", "同じ名前のアカウントがあります"),
        ("a", "", "", "役割を選んでください"),
        ("a", "municipality_staff", "", "実在する市区町村の6桁のコードが必要です"),
        ("a", "municipality_staff", "131131", "実在する市区町村の6桁のコードが必要です"),
        ("a", "municipality_staff", "131997", "実在する市区町村の6桁のコードが必要です"),
        ("a", "support", "131130", "市区町村コードを空にしてください"),
    ] {
        let fields = [("name", name), ("role", role), ("municipality", municipality)];
        let page = post(&mut nation, ACCOUNTS, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {role} {municipality}");
        assert!(page.body.contains(said), "{said} in {}", page.body);
        assert!(page.body.contains(&format!("name=\"name\" type=\"text\" required maxlength=\"40\" autocapitalize=\"none\" spellcheck=\"false\" value=\"{name}\"")));
    }
    for path in ["/console/accounts/disable", "/console/accounts/reset"] {
        let own = post(&mut nation, path, &[("name", "nation-1")]).await;
        assert!(own.body.contains("自分のアカウントは"), "{}", own.body);
        let unknown = post(&mut nation, path, &[("name", "nobody")]).await;
        assert!(unknown.body.contains("そのアカウントはありません"));
        let forged = nation.post(path, &[("name", "nation-1"), ("word", "A")]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(nation.get(ACCOUNTS).await.body.matches("id=\"account-").count(), 1);
}

#[tokio::test]
async fn accounts_are_found_by_name_and_municipality() {
    let (central, _) = central();
    let mut nation = administrator(&central).await;
    for (name, code) in [("shibuya-1", "131130"), ("chiyoda-1", "131016")] {
        central.add_account_as(name, Role::MunicipalityApprover(code.parse().unwrap()));
    }
    for search in ["shibuya", "131130", "%E6%B8%8B%E8%B0%B7%E5%8C%BA"] {
        let page = nation.get(&format!("{ACCOUNTS}?search={search}")).await;
        assert!(page.body.contains("id=\"account-shibuya-1\""), "{search}");
        assert_eq!(page.body.matches("id=\"account-").count(), 1, "{search}");
    }
    assert!(
        nation.get(&format!("{ACCOUNTS}?search=xyz")).await.body.contains("条件に合うアカウントはありません")
    );
}

#[test]
fn the_server_keeps_accounts_too() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central").display().to_string();
    said(&run(&["init", "--data", &data, "--host", "127.0.0.1"], ""));
    let staff =
        |arguments: &[&str]| run(&[&["staff", arguments[0], "--data", &data], &arguments[1..]].concat(), "");
    let officer = ["add", "--name", "shibuya-1", "--role", "municipality_staff"];
    let refused = staff(&officer);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("needs the code of its municipality"));
    let refused = staff(&[&officer[..], &["--municipality", "131997"]].concat());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("no municipality has the code 131997"));
    said(&staff(&[&officer[..], &["--municipality", "131130"]].concat()));
    said(&staff(&["add", "--name", "support-1"]));
    let listed = said(&staff(&["list"]));
    assert_eq!(
        listed,
        "shibuya-1\tmunicipality_staff\t131130\tsecond factor not set up\n\
         support-1\tsupport\t-\tsecond factor not set up\n"
    );
    said(&staff(&["disable", "--name", "support-1"]));
    assert!(said(&staff(&["list"])).ends_with("support-1\tsupport\t-\tdisabled\n"));
    assert!(said(&staff(&["reset", "--name", "support-1"])).contains("initial password: "));
    for command in ["disable", "reset"] {
        let refused = staff(&[command, "--name", "nobody"]);
        assert!(String::from_utf8(refused.stderr).unwrap().contains("there is no account of that name"));
    }
}
