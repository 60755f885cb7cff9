//! The central killed while it reads a sealed file, while an import takes effect or is undone, and while it makes a file: nothing
//! is half done, and each can be done again. Where somebody stops it, the same.
//!
//! Must not: stop it in an orderly way.

use std::{fs, path::Path, time::Duration};

use central::directory::DataDirectory;
use reqwest::StatusCode;

use super::{
    desk::{Desk, Made},
    media::{ask, bring, central_card, press, register_card, rows, settled},
    process::{Server, run, said},
    visitor::Visitor,
};

const PEOPLE: u32 = 40_000;

fn add_account(data: &str, name: &str, role: &str) {
    let words = [
        "staff",
        "add",
        "--data",
        data,
        "--name",
        name,
        "--role",
        role,
        "--municipality",
        "131130",
        "--password-stdin",
    ];
    said(&run(&words, "a password long enough"));
}

fn history(data: &str) -> String {
    said(&run(&["people", "history", "--data", data, "--municipality", "131130"], ""))
}

/// Waits until so much of the work is done that it is well under way.
async fn under_way(visitor: &mut Visitor, page: &str, what: &str) {
    for _ in 0..2_000 {
        let shown = visitor.get(&format!("{page}/progress")).await.body;
        if shown.contains(what) && !shown.contains("。0 / ") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it never got under way");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_an_import_its_effect_its_undoing_or_of_making_nothing_is_half_done() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central").display().to_string();
    said(&run(&["init", "--data", &data, "--host", "127.0.0.1"], ""));
    add_account(&data, "officer-1", "municipality_staff");
    add_account(&data, "approver-1", "municipality_approver");
    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.url.strip_prefix("https://").unwrap().to_owned();
    let pem = DataDirectory::open(Path::new(&data)).unwrap().authority_pem().unwrap();
    let mut officer = Visitor::new(&pem, server.url.clone());
    let mut approver = Visitor::new(&pem, server.url.clone());
    officer.sign_in("officer-1", "a password long enough").await;
    approver.sign_in("approver-1", "a password long enough").await;

    let now = officer.central_now().await;
    let (desk, card) = (Desk::of("131130", now), central_card(&mut officer).await);
    register_card(&mut officer, &desk).await;
    let file = desk.sealed(&card, rows(PEOPLE).as_bytes(), now, Made::Well);
    let page = bring(&mut officer, file.clone()).await.header("location").to_owned();
    under_way(&mut officer, &page, "読み込んでいます").await;
    server.signal("-KILL");
    let left = history(&data);
    assert!(left.contains("1 reading") && left.contains("people: 0"), "it was in the middle: {left}");

    let mut server = Server::start(&data, &address);
    let shown = officer.get(&page).await;
    assert!(
        shown.body.contains("途中で終了したため") && shown.body.contains("開けませんでした"),
        "{}",
        shown.body
    );
    let left = history(&data);
    assert!(left.contains("1 discarded") && left.contains("people: 0"), "{left}");
    assert_eq!(fs::read_dir(Path::new(&data).join("media")).unwrap().count(), 0);
    // Nothing was opened, so the same file may come once more.
    assert_eq!(bring(&mut officer, file).await.header("location"), page);
    let shown = settled(&mut officer, &page).await;
    assert!(shown.body.contains("反映待ち") && shown.body.contains("40,000"), "{}", shown.body);
    // Killed while it takes effect.
    assert_eq!(press(&mut approver, &page, "/decide", "take-effect").await.status, StatusCode::SEE_OTHER);
    under_way(&mut officer, &page, "反映しています").await;
    server.signal("-KILL");
    let left = history(&data);
    assert!(left.contains("2 waiting") && left.contains("people: 0"), "it was in the middle: {left}");
    let mut server = Server::start(&data, &address);
    assert!(officer.get(&page).await.body.contains("反映待ち"));
    // Stopped while it does.
    press(&mut approver, &page, "/decide", "take-effect").await;
    assert_eq!(press(&mut officer, &page, "", "stop").await.status, StatusCode::SEE_OTHER);
    let shown = settled(&mut officer, &page).await;
    assert!(shown.body.contains("反映待ち") && shown.body.contains("中止しました"), "{}", shown.body);
    assert!(history(&data).contains("people: 0"));
    press(&mut approver, &page, "/decide", "take-effect").await;
    assert!(settled(&mut officer, &page).await.body.contains("反映済み"));
    assert!(history(&data).contains("people: 40000"));
    // Too late to stop: that is said.
    let late = press(&mut officer, &page, "", "stop").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("中止する前に終わったか"), "{}", late.body);
    // Killed while it is undone.
    press(&mut approver, &page, "/decide", "undo").await;
    under_way(&mut officer, &page, "取り消しています").await;
    server.signal("-KILL");
    let left = history(&data);
    assert!(left.contains("2 effective") && left.contains("people: 40000"), "it was in the middle: {left}");
    let mut server = Server::start(&data, &address);
    assert!(officer.get(&page).await.body.contains("反映済み"));

    let asked = ask(&mut officer, "register").await.header("location").to_owned();
    press(&mut approver, &asked, "/decide", "allow").await;
    server.signal("-KILL");
    let server = Server::start(&data, &address);
    let shown = officer.get(&asked).await;
    assert!(shown.body.contains("途中で終了したため") && shown.body.contains("許可済み"), "{}", shown.body);
    assert_eq!(fs::read_dir(Path::new(&data).join("media")).unwrap().count(), 0);
    // It was allowed, so it can be made again; somebody stops it, and makes it once more.
    press(&mut officer, &asked, "", "make").await;
    press(&mut officer, &asked, "", "stop").await;
    let shown = settled(&mut officer, &asked).await;
    assert!(shown.body.contains("中止しました") && shown.body.contains("許可済み"), "{}", shown.body);
    assert_eq!(fs::read_dir(Path::new(&data).join("media")).unwrap().count(), 0);
    press(&mut officer, &asked, "", "make").await;
    let shown = settled(&mut officer, &asked).await;
    let sealed = officer.form_bytes(&format!("{asked}/file"), &[("word", &shown.word())]).await;
    assert_eq!(desk.opened(&card, &sealed, now.plus_ms(60_000)).0.lines().count(), 40_001);
    let checked = said(&run(&["check", "--data", &data], ""));
    assert!(
        checked.contains("ledgers of sealed files") && checked.contains("everything is as it came"),
        "{checked}"
    );
    drop(server);
}
