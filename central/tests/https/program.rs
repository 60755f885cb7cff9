//! The program itself, `vrs-central`, as an administrator runs it.
//!
//! Must not: test what the library's own tests do.

use std::fs;

use super::process::{CANARIES, codes_of, path, run, said, spec, tablet_of};

#[test]
fn nothing_is_made_twice_and_mistakes_are_named_in_one_line() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central").display().to_string();
    let made = said(&run(&["init", "--data", &data, "--host", "central.example", "--host", "127.0.0.1"], ""));
    assert!(made.contains("確認番号"), "{made}");
    let again = run(&["init", "--data", &data, "--host", "central.example"], "");
    assert_eq!(again.status.code(), Some(1));
    let error = String::from_utf8(again.stderr).unwrap();
    assert!(error.ends_with("is there already and is not overwritten\n"), "{error}");
    assert_eq!(error.lines().count(), 1);

    let account = ["staff", "add", "--data", &data, "--name", "support-1"];
    let added = said(&run(&account, ""));
    assert!(added.contains("initial password: "), "{added}");
    assert_eq!(run(&account, "").status.code(), Some(1), "the name is taken");
    let chosen = ["staff", "add", "--data", &data, "--name", "support-2", "--password-stdin"];
    assert_eq!(run(&chosen, "too short\n").status.code(), Some(1));
    let added = said(&run(&chosen, "a password long enough\n"));
    assert!(!added.contains("long enough"), "{added}");

    let (spec_path, out) = (files.path().join("spec.json"), files.path().join("17.bundle"));
    let make = ["bundle", "make", "--data", &data, "--spec", path(&spec_path), "--out", path(&out)];
    for (wrong, why) in [
        (spec("https://other.example"), "with a host of this central"),
        (spec("https://central.example").replace("\"97531086\"", "\"975\""), "a pin is not 4 to 12 digits"),
        (
            spec("https://central.example").replace("\"tablet_number\":17", "\"tablet_number\":0"),
            "1 to 999999",
        ),
        (spec("https://central.example").replace("[\"1\",\"2\"]", "[]"), "doses is empty"),
        (spec("https://central.example").replace("valid_days", "days"), "line 1, column"),
    ] {
        fs::write(&spec_path, wrong).unwrap();
        let refused = run(&make, "");
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(error.contains(why) && error.lines().count() == 1, "{error}");
        assert!(!out.exists());
        for canary in CANARIES {
            assert!(!error.contains(canary), "{error}");
        }
    }
    fs::write(&spec_path, spec("https://central.example:8443")).unwrap();
    let made = said(&run(&make, ""));
    let (_, number) = tablet_of(&made, &fs::read(&out).unwrap(), "https://central.example:8443");
    assert!(made.contains(&number), "{made}");
    assert_eq!(run(&make, "").status.code(), Some(1), "a bundle is not overwritten");
}

#[test]
fn a_bundle_is_shown_in_words_and_revoked_by_a_person_with_an_account() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central").display().to_string();
    said(&run(&["init", "--data", &data, "--host", "central.example"], ""));
    said(&run(&["staff", "add", "--data", &data, "--name", "support-1"], ""));
    let (spec_path, out) = (files.path().join("spec.json"), files.path().join("17.bundle"));
    fs::write(&spec_path, spec("https://central.example:8443")).unwrap();
    let made =
        said(&run(&["bundle", "make", "--data", &data, "--spec", path(&spec_path), "--out", path(&out)], ""));
    let (tablet, number) = tablet_of(&made, &fs::read(&out).unwrap(), "https://central.example:8443");
    let tablet = tablet.tablet_id.to_string();

    let inspect = ["bundle", "inspect", "--data", &data, "--bundle", path(&out)];
    let told = said(&run(&inspect, ""));
    for line in [&format!("17号機（{tablet}）"), &format!("{tablet}: lets its tablet in"), &number] {
        assert!(told.contains(line), "{line}: {told}");
    }
    for canary in CANARIES {
        assert!(!told.contains(canary), "without its code the file shows {canary}: {told}");
    }
    let (_, code) = codes_of(&made).remove(0);
    let opened = said(&run(&[&inspect[..], &["--open", &tablet]].concat(), &code.in_groups()));
    for line in ["会場 (Sites): 金糸雀会場", "KANARIA-LOT", "金糸雀 職員男（職員）", "recovery-1"]
    {
        assert!(opened.contains(line), "{line}: {opened}");
    }
    assert!(!opened.contains("97531086"), "a PIN: {opened}");
    let wrong = run(&[&inspect[..], &["--open", &tablet]].concat(), "1234 5678 9012 3452");
    assert_eq!(wrong.status.code(), Some(1));

    let revoke = |account: &str| {
        let why = ["--account", account, "--reason", "送り先の間違い"];
        run(&[&["bundle", "revoke", "--data", &data, "--tablet", &tablet][..], &why].concat(), "")
    };
    let nobody = revoke("nobody-1");
    assert_eq!(nobody.status.code(), Some(1));
    assert!(String::from_utf8(nobody.stderr).unwrap().contains("there is no account nobody-1"));
    assert!(said(&run(&inspect, "")).contains("lets its tablet in"), "nothing changed");
    assert!(said(&revoke("support-1")).contains("1 bundle(s) of tablet"));
    let told = said(&run(&inspect, ""));
    assert!(told.contains(": revoked by support-1") && told.contains("送り先の間違い"), "{told}");

    let mut altered = fs::read(&out).unwrap();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    fs::write(&out, altered).unwrap();
    assert_eq!(run(&inspect, "").status.code(), Some(1));
    let why = ["--account", "support-1", "--reason", "割れた"];
    let spare = ["tablet", "replace", "--data", &data, "--tablet", &tablet, "--by", "131130-0900"];
    let refused = run(&[&spare[..], &why].concat(), "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("cannot take the place"));
}
