//! What the program does not do, each with its reason.
//!
//! Must not: test what `seal` refuses; `forged` shows that the program passes it on.

use std::fs;

use crate::desk::{Computer, SUZUKI, TANAKA};

#[test]
fn a_file_that_changed_since_it_was_allowed_is_not_sealed() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    sender.trusts(&recipient);
    let plain = sender.file("a.csv", "a\nb\n");
    let number = sender.asks("271004", &[&plain]);
    sender.allows(&number);
    sender.file("a.csv", "a\nc\n");
    let make = ["make", "--as", "suzuki", "--out", &sender.word("out.vrsenv"), &number];
    assert!(sender.refused(3, &make, &[SUZUKI]).contains("申請した時とファイルの内容が違います"));
    // Nothing is left of the attempt, neither beside the stick nor in the data folder.
    assert_eq!(sender.names("").iter().filter(|name| name.starts_with("out")).count(), 0);
    assert!(!sender.names("data").iter().any(|name| name.starts_with("sealing")));
    // With the file as it was, the same approval still holds.
    sender.file("a.csv", "a\nb\n");
    sender.done(&make, &[SUZUKI]);
}

#[test]
fn plain_text_does_not_go_where_nobody_knows_what_it_is() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    sender.trusts(&recipient);
    recipient.trusts(&sender);
    let envelope = sender.seals("271004", &[&sender.file("a.csv", "a\n")]);
    // A file system of the kernel's own: neither a disk nor memory.
    let open = ["open", "--as", "suzuki", "--into", "/proc/opened", &envelope];
    assert!(recipient.refused(3, &open, &[SUZUKI]).contains("判別できません"));
    assert_eq!(recipient.opens(&envelope).code, 0, "nothing was used up");
}

#[test]
fn who_does_not_know_the_passphrase_does_nothing() {
    let computer = Computer::of("131130");
    let add = ["keys", "add", "--as", "suzuki", "--with", "tanaka", "--person", "sato"];
    assert!(
        computer
            .refused(3, &add, &[TANAKA, TANAKA, "sato's own words", "sato's own words"])
            .contains("パスフレーズが違います")
    );
    assert!(computer.refused(3, &add, &[SUZUKI, TANAKA, "short", "short"]).contains("12文字以上"));
    assert!(
        computer
            .refused(3, &add, &[SUZUKI, TANAKA, "long enough one", "long enough two"])
            .contains("2回の入力が違います")
    );
    computer.refused(1, &add, &[]);
    assert!(!computer.done(&["keys", "list"], &[]).contains("sato"));
    let unknown = ["keys", "card", "--as", "nobody", "--out", &computer.word("card")];
    assert!(computer.refused(3, &unknown, &[SUZUKI]).contains("登録されていません"));
    let init = ["keys", "init", "--office", "131130", "--as", "sato"];
    assert!(
        computer.refused(3, &init, &["long enough one", "long enough one"]).contains("鍵はすでにあります")
    );
}

#[test]
fn nobody_makes_up_a_third_colleague_alone() {
    let computer = Computer::of("131130");
    let alone = ["keys", "add", "--as", "suzuki", "--person", "sato"];
    let fake = &[SUZUKI, "made up by suzuki", "made up by suzuki"];
    assert!(computer.refused(3, &alone, fake).contains("--with"));
    let with_oneself = [&alone[..], &["--with", "suzuki"]].concat();
    assert!(computer.refused(3, &with_oneself, fake).contains("別の人の同意"));
    // The other one has to be there: their passphrase is asked for, and a wrong one is refused.
    let with_tanaka = [&alone[..], &["--with", "tanaka"]].concat();
    let typed = [SUZUKI, SUZUKI, "made up by suzuki", "made up by suzuki"];
    assert!(computer.refused(3, &with_tanaka, &typed).contains("パスフレーズが違います"));
    assert!(
        computer
            .refused(3, &[&alone[..], &["--with", "nobody"]].concat(), &typed)
            .contains("登録されていません")
    );
    assert!(!computer.done(&["keys", "list"], &[]).contains("sato"));
    computer.done(&with_tanaka, &[SUZUKI, TANAKA, "sato's own words", "sato's own words"]);
    assert!(computer.done(&["keys", "list"], &[]).contains("sato"));
    assert!(computer.done(&["ledger"], &[]).contains("suzuki と tanaka が sato を追加"));
}

#[test]
fn what_is_only_mistaken_is_said_with_the_next_step() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    sender.trusts(&recipient);
    recipient.trusts(&sender);
    // Said before anything is asked.
    let ask = ["ask", "--as", "suzuki", "--to", "271004", "none.csv"];
    assert!(sender.refused(1, &ask, &[]).contains("none.csv が見つかりません"));
    let envelope = sender.seals("271004", &[&sender.file("doses.csv", "見出し\r\n1\r\n")]);
    assert!(sender.done(&["look", &envelope], &[]).contains("このパソコンの機関が封緘したもの"));
    assert_eq!(recipient.opens(&envelope).code, 0);
    let number = &envelope[envelope.rfind('/').unwrap() + 1..][..8];
    let receipt = recipient.word("receipt");
    recipient.done(&["receipt", "--of", number, "--out", &receipt], &[]);
    assert!(recipient.refused(3, &["receipt", &receipt], &[]).contains("送付元に返し"));
    sender.done(&["receipt", &receipt], &[]);
}

#[test]
fn a_passphrase_changes_and_who_left_opens_nothing() {
    let computer = Computer::of("131130");
    let fresh = "another passphrase";
    computer.done(&["keys", "passphrase", "--as", "tanaka"], &[TANAKA, fresh, fresh]);
    let card = |as_who: &str, name: &str, typed: &str| {
        computer.run(&["keys", "card", "--as", as_who, "--out", &computer.word(name)], &[typed]).code
    };
    assert_eq!((card("tanaka", "1", TANAKA), card("tanaka", "2", fresh)), (3, 0));
    computer.done(&["keys", "remove", "--as", "suzuki", "--person", "tanaka"], &[SUZUKI]);
    assert_eq!((card("tanaka", "3", fresh), card("suzuki", "4", SUZUKI)), (3, 0));
    let last = ["keys", "remove", "--as", "suzuki", "--person", "suzuki"];
    assert!(computer.refused(3, &last, &[SUZUKI]).contains("最後の1人"));
}

#[test]
fn a_card_is_compared_once_who_joins_is_asked_about_and_another_key_is_never_taken() {
    let (sender, recipient) = (Computer::of("131130"), Computer::of("271004"));
    let card = |office: &Computer, name: &str| {
        office.done(&["keys", "card", "--as", "suzuki", "--out", &office.word(name)], &[SUZUKI]);
        office.word(name)
    };
    let first = card(&recipient, "first");
    assert!(sender.refused(3, &["keys", "trust", &first], &["いいえ"]).contains("何も行っていません"));
    sender.done(&["keys", "trust", &first], &["はい"]);
    let second = card(&recipient, "second");
    sender.done(&["keys", "trust", &second], &[]);
    assert!(sender.refused(3, &["keys", "trust", &first], &[]).contains("古いカード"));
    let other = Computer::of("271004");
    let impostor = card(&other, "impostor");
    assert!(sender.refused(3, &["keys", "trust", &impostor], &["はい"]).contains("違う鍵のカード"));
    // Somebody who joined is asked about, because one alone could make up a colleague.
    let add = ["keys", "add", "--as", "suzuki", "--with", "tanaka", "--person", "sato"];
    recipient.done(&add, &[SUZUKI, TANAKA, "sato's own words", "sato's own words"]);
    let third = card(&recipient, "third");
    sender.refused(3, &["keys", "trust", &third], &["いいえ"]);
    assert!(!sender.done(&["keys", "list"], &[]).contains("sato"));
    sender.done(&["keys", "trust", &third], &["はい"]);
    assert!(sender.done(&["keys", "list"], &[]).contains("sato"));
    let mut altered = fs::read(&second).unwrap();
    altered[40] ^= 1;
    sender.refused(4, &["keys", "trust", &sender.file("altered", altered)], &["はい"]);
}

#[test]
fn a_receipt_of_something_else_proves_nothing() {
    let (sender, recipient, other) = (Computer::of("131130"), Computer::of("271004"), Computer::of("131016"));
    for (one, two) in
        [(&sender, &recipient), (&recipient, &sender), (&other, &recipient), (&recipient, &other)]
    {
        one.trusts(two);
    }
    let others = other.seals("271004", &[&other.file("a.csv", "a\n")]);
    assert_eq!(recipient.opens(&others).code, 0);
    let number = others.rsplit('/').next().unwrap().trim_end_matches(".vrsenv").to_owned();
    let receipt = recipient.word("of-others.vrsreceipt");
    recipient.done(&["receipt", "--of", &number, "--out", &receipt], &[]);
    assert!(sender.refused(3, &["receipt", &receipt], &[]).contains("届いていないものとして"));
    other.done(&["receipt", &receipt], &[]);
    let mut altered = fs::read(&receipt).unwrap();
    let last = altered.len() - 10;
    altered[last] ^= 1;
    other.refused(4, &["receipt", &other.file("altered", altered)], &[]);
}

#[test]
fn a_ledger_that_lost_a_line_stops_everything() {
    let computer = Computer::of("131130");
    let path = computer.path("data/ledger.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let first = text.split_inclusive('\n').next().unwrap();
    fs::write(&path, first).unwrap();
    assert!(computer.refused(4, &["ledger"], &[]).contains("記録簿が途中で欠けて"));
    let open = ["open", "--as", "suzuki", "--into", &computer.word("x"), "whatever"];
    assert!(computer.refused(4, &open, &[SUZUKI]).contains("開封を止め"));
}
