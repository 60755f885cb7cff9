//! The whole way of a stick between two municipalities.
//!
//! Must not: use a real person's data.

use std::fs;

use crate::desk::{Computer, SUZUKI, TANAKA};

const CSV: &str = "券番号,接種日\r\n0000000001,20211122\r\n0000000002,20211122\r\n";

#[test]
fn what_two_people_sealed_arrives_once_and_is_proven_to_have_arrived() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    sender.trusts(&recipient);
    recipient.trusts(&sender);
    let plain = sender.file("平文の接種記録.csv", CSV);
    let number = sender.asks("271004", &[&plain]);

    // Neither alone nor early.
    let early = ["make", "--as", "suzuki", "--out", &sender.word("early.vrsenv"), &number];
    assert!(sender.refused(3, &early, &[SUZUKI]).contains("まだ許可されていません"));
    let alone = sender.refused(3, &["allow", "--as", "suzuki", &number], &["はい", SUZUKI]);
    assert!(alone.contains("申請した人と許可した人が同じです"));
    sender.refused(3, &["allow", "--as", "tanaka", &number], &["いいえ"]);
    sender.allows(&number);
    let envelope = sender.word("stick.vrsenv");
    sender.done(&["make", "--as", "tanaka", "--out", &envelope, &number], &[TANAKA]);
    // One approval is good for one envelope.
    let again = ["make", "--as", "suzuki", "--out", &sender.word("again.vrsenv"), &number];
    assert!(sender.refused(3, &again, &[SUZUKI]).contains("すでに作られています"));

    // Whoever finds it reads what it is, and nothing of a person or of a computer's names.
    let bytes = fs::read(&envelope).unwrap();
    for hidden in ["0000000001", "平文", "20211122"] {
        assert!(!bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes()), "{hidden}");
    }
    let looked = recipient.done(&["look", &envelope], &[]);
    for shown in [
        "渋谷区",
        "大阪市",
        "予防接種台帳の更新",
        "3健第123号",
        "doses-1.csv  3 行",
        "欠けや書き換えはありません",
    ] {
        assert!(looked.contains(shown), "{shown} in {looked}");
    }

    let (into, receipt) = (recipient.word("opened"), recipient.word("back.vrsreceipt"));
    let open =
        ["open", "--as", "tanaka", "--into", &into, "--receipt", &receipt, "--place-is-fixed", &envelope];
    recipient.done(&open, &[TANAKA]);
    let folder = format!("doses-{number}");
    assert_eq!(recipient.names("opened"), [folder.as_str()]);
    assert_eq!(fs::read(recipient.path("opened").join(&folder).join("doses-1.csv")).unwrap(), CSV.as_bytes());

    // Once is once, also after what came out is gone.
    fs::remove_dir_all(recipient.path("opened")).unwrap();
    assert!(recipient.refused(3, &open, &[TANAKA]).contains("一度しか開けません"));
    assert_eq!(recipient.names("opened"), [""; 0]);

    let checked = sender.done(&["receipt", &receipt], &[]);
    assert!(checked.contains("届いたことを確かめました") && checked.contains("3 行"), "{checked}");
    let (here, there) = (sender.done(&["ledger"], &[]), recipient.done(&["ledger"], &[]));
    for said in
        ["suzuki が申請", "拒否: 申請と許可が同じ人", "tanaka が許可", "tanaka が封緘(3 行", "受領書を確認"]
    {
        assert!(here.contains(said), "{said} in {here}");
    }
    for said in ["tanaka が開封を開始", "tanaka が開封(送付元", "拒否: 2度目の開封"] {
        assert!(there.contains(said), "{said} in {there}");
    }
}

#[test]
fn the_receipt_can_be_written_again_and_the_work_record_printed() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    sender.trusts(&recipient);
    recipient.trusts(&sender);
    let envelope = sender.seals("271004", &[&sender.file("a.csv", CSV), &sender.file("b.csv", "x")]);
    assert_eq!(recipient.opens(&envelope).code, 0);
    let number = envelope.rsplit('/').next().unwrap().trim_end_matches(".vrsenv").to_owned();
    let receipt = recipient.word("again.vrsreceipt");
    recipient.done(&["receipt", "--of", &number, "--out", &receipt], &[]);
    sender.done(&["receipt", &receipt], &[]);
    let sheet = sender.word("sheet.html");
    sender.done(&["ledger", "--sheet", &number, "--out", &sheet], &[]);
    let page = fs::read_to_string(&sheet).unwrap();
    for shown in ["作業記録票", "渋谷区", "doses-2.csv", "suzuki が申請", "tanaka が許可", "媒体の持ち出し"]
    {
        assert!(page.contains(shown), "{shown}");
    }
    sender.refused(3, &["ledger", "--sheet", &number, "--out", &sheet], &[]);
    sender.done(&["ledger", "--lost", &number], &[]);
    assert!(sender.done(&["ledger"], &[]).contains("媒体を紛失"));
}

#[test]
fn an_envelope_is_erased_and_a_plain_file_only_when_it_is_called_so() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    sender.trusts(&recipient);
    let plain = sender.file("a.csv", CSV);
    let envelope = sender.seals("271004", &[&plain]);
    sender.refused(3, &["erase", &envelope], &["いいえ"]);
    let said = sender.done(&["erase", &envelope], &["はい"]);
    assert!(said.contains("確かめたこと") && said.contains("確かめられないこと"), "{said}");
    assert!(!sender.path(&envelope).exists());
    assert!(sender.refused(3, &["erase", &plain], &["はい"]).contains("--plain"));
    assert!(sender.path("a.csv").exists());
    sender.done(&["erase", "--plain", &plain], &["はい"]);
    assert!(!sender.path("a.csv").exists());
    assert!(sender.done(&["ledger"], &[]).contains("上書きして消去"));
}

#[test]
fn it_speaks_english_when_it_is_asked_to() {
    let computer = Computer::bare();
    assert!(computer.done(&["--help"], &[]).contains("封緘"));
    assert!(computer.done(&["--help", "--lang", "en"], &[]).contains("seals data"));
    assert!(computer.refused(3, &["keys", "list", "--lang", "en"], &[]).contains("No keys were made"));
    assert!(computer.refused(2, &["fly", "--lang", "en"], &[]).contains("cannot be understood"));
    let asked = Computer::of("131130");
    let menu = ["ask", "--as", "suzuki", "--to", "131130", "--lang", "en", "x"];
    assert!(asked.refused(3, &menu, &[]).contains("no key card of that office"));
}
