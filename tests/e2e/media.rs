//! 封緘ファイル in real browsers, with the real `vrs-envelope` on a municipality's computer; and pictures of those pages.
//!
//! Must not: go a way that two officers could not.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use central::{clock::Clock, roles::Role};
use tests::{
    browser::Browser, central_process::CentralProcess, console_visit::sign_in_first,
    envelope_computer::EnvelopeComputer,
};

use super::console::{no_complaints, take_pictures};

const ROWS: &str = "宛名番号,接種券番号,氏名,生年月日,性別\r\nA1,0000000001,見本 一子,19500401,2\r\n\
                    A2,0000000002,見本 二郎,19510401,1\r\nA3,0000000003,見本 三子,19520231,2\r\n";

/// A file that a browser saved into a folder, once it is whole.
async fn saved(folder: &Path, end: &str) -> PathBuf {
    for _ in 0..100 {
        let found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        if let Some(file) = found.into_iter().find(|path| path.extension().is_some_and(|found| found == end))
        {
            return file;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no .{end} was saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_officers_and_a_computer_without_a_network_carry_files_both_ways() {
    let central = CentralProcess::start(Clock::system());
    let computer = EnvelopeComputer::of("131130");
    let (officer, approver) = (Browser::start().await, Browser::start().await);
    let (url, code) = (central.url(), "131130".parse().unwrap());
    for (browser, name, role) in [
        (&officer, "shibuya-1", Role::MunicipalityStaff(code)),
        (&approver, "shibuya-2", Role::MunicipalityApprover(code)),
    ] {
        let password = central.add_account_as(name, role);
        sign_in_first(browser, &url, name, &password, central.now()).await;
    }
    let media = format!("{url}/municipality/media");
    take_pictures(&officer, &media, "media-none").await;

    // The cards, once.
    let downloads = tempfile::tempdir().unwrap();
    officer.save_into(downloads.path()).await;
    let cards = format!("{media}/cards?lang=ja");
    officer.goto(&cards).await;
    officer.click("#central-card").await;
    computer.trust(&saved(downloads.path(), "vrscard").await);
    let (card, number) = computer.card();
    officer.fill("#check-number", &number).await;
    officer.fill("#card-file", card.to_str().unwrap()).await;
    officer.click("#take-card button").await;
    officer.wait_for_text("#own-card", "suzuki, tanaka").await;
    take_pictures(&officer, &format!("{media}/cards"), "media-cards").await;

    // A file comes in, is looked at, and takes effect by another.
    let envelope = computer.seal_people(ROWS);
    take_pictures(&officer, &format!("{media}/bring"), "media-bring").await;
    officer.goto(&format!("{media}/bring?lang=ja")).await;
    officer.fill("#file", envelope.to_str().unwrap()).await;
    officer.click("#bring button").await;
    officer.wait_for_text("#stage", "反映待ち").await;
    officer.wait_for_text("#faulty", "4").await;
    officer.wait_for_text("#waits", "別の人").await;
    let brought = officer.client.current_url().await.unwrap().to_string();
    let brought = brought.split('?').next().unwrap().to_owned();
    take_pictures(&officer, &brought, "media-brought").await;
    approver.goto(&format!("{brought}?lang=ja")).await;
    approver.click("#take-effect button").await;
    approver.wait_for_text("#stage", "反映済み").await;
    officer.goto(&format!("{brought}?lang=ja")).await;
    officer.click("#receipt").await;
    let receipt = saved(downloads.path(), "vrsreceipt").await;
    assert!(computer.check_receipt(&receipt).contains("届いたことを確かめました"));

    // A file goes out: one asks, another allows.
    take_pictures(&officer, &format!("{media}/ask"), "media-ask").await;
    officer.goto(&format!("{media}/ask?lang=ja")).await;
    officer.click("#ask input[value=register]").await;
    officer.click("#purpose option[value=update_register]").await;
    officer.click("#method option[value=carried_by_two]").await;
    officer.fill("#document", "3健第456号").await;
    officer.click("#ask button").await;
    officer.wait_for_text("#stage", "許可待ち").await;
    let asked = officer.client.current_url().await.unwrap().to_string();
    approver.goto(&asked).await;
    approver.wait_for_text("#facts", "予防接種台帳の更新").await;
    take_pictures(&approver, &asked, "media-to-allow").await;
    approver.goto(&format!("{asked}?lang=ja")).await;
    approver.click("#allow button.primary").await;
    approver.wait_for_text("#stage", "受け取れます").await;
    officer.goto(&format!("{asked}?lang=ja")).await;
    take_pictures(&officer, &asked, "media-made").await;
    officer.goto(&format!("{asked}?lang=ja")).await;
    officer.click("#download button").await;
    let (text, receipt) = computer.open(&saved(downloads.path(), "vrsenv").await);
    assert!(text.contains("A1,") && text.lines().count() == 3 && !text.contains("見本"), "{text}");
    officer.fill("#receipt-file", receipt.to_str().unwrap()).await;
    officer.click("#take-receipt button").await;
    officer.wait_for_text("#stage", "届きました").await;

    // The import is undone, the ledger tells all of it, and there is a record to print.
    approver.goto(&format!("{brought}?lang=ja")).await;
    approver.click("#undo button").await;
    approver.wait_for_text("#stage", "取消し済み").await;
    approver.goto(&format!("{media}/ledger?lang=ja")).await;
    for said in ["鍵カードを登録", "開封して読込み", "反映", "受領書を確認", "取込みを取消し"]
    {
        approver.wait_for_text("#lines", said).await;
    }
    take_pictures(&officer, &media, "media").await;
    take_pictures(&approver, &format!("{media}/ledger"), "media-ledger").await;
    take_pictures(&officer, &format!("{asked}/sheet"), "media-sheet").await;
    no_complaints(&officer.complaints().await, &[]);
    no_complaints(&approver.complaints().await, &[]);
    officer.close().await;
    approver.close().await;
}
