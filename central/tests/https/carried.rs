//! バックアップと移行の訓練: a central is lost and made again from its backup; it moves to PostgreSQL; tablets notice
//! neither.
//!
//! Must not: look into the archive but through the program; its lines are the library's own matter.

use std::fs;

use record::Outcome;

use super::{
    private_postgres::PrivatePostgres,
    process::{CANARIES, Server, path, run, said, spec, tablet_of},
    protocol_tablet::ProtocolTablet,
};

/// All 40 entries again, in two batches; each answered as when it first came.
async fn repeats(tablet: &ProtocolTablet) {
    for some in tablet.entries.chunks(20) {
        assert_eq!(tablet.outcomes(some).await.unwrap(), vec![Outcome::Delivered; some.len()]);
    }
}

#[tokio::test]
async fn a_central_is_made_again_from_its_backup_and_moves_to_another_database() {
    let files = tempfile::tempdir().unwrap();
    let at = |name: &str| files.path().join(name).display().to_string();
    let (data, backup, identity) = (at("central"), at("one.backup"), at("backup.key"));
    said(&run(&["init", "--data", &data, "--host", "127.0.0.1"], ""));
    let (spec_path, bundle) = (files.path().join("spec.json"), at("17.bundle"));
    fs::write(&spec_path, spec("https://127.0.0.1:8443")).unwrap();
    let made =
        said(&run(&["bundle", "make", "--data", &data, "--spec", path(&spec_path), "--out", &bundle], ""));

    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.url.strip_prefix("https://").unwrap().to_owned();
    let (mut tablet, _) = tablet_of(&made, &fs::read(&bundle).unwrap(), &server.url);
    assert_eq!(tablet.enrol().await.status(), 200);
    for person in 0..40 {
        let coupon = format!("21131130{:010}", 8_642_097_531_u64 + person).parse().unwrap();
        let entry = tablet.maker.vaccination_of(coupon, super::entries::day()).to_bytes();
        tablet.record(entry);
    }
    repeats(&tablet).await;

    // Beside the running server, to a key that is not on this machine.
    let key = said(&run(&["backup-key", "--out", &identity], ""));
    let to = key.split_whitespace().find(|word| word.starts_with("age1")).unwrap();
    let written = said(&run(&["backup", "--data", &data, "--to", to, "--out", &backup], ""));
    assert!(written.contains("entries: 40"), "{written}");
    let twice = run(&["backup", "--data", &data, "--to", to, "--out", &backup], "");
    assert_eq!(twice.status.code(), Some(1), "a backup is not overwritten");
    let sealed = fs::read(&backup).unwrap();
    for canary in CANARIES {
        assert!(!sealed.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
    }
    assert!(said(&run(&["check", "--data", &data], "")).contains("everything is as it came"));
    server.signal("-TERM");

    // The machine is lost. What the backup makes goes on under the same keys: old receipts and new ones fit.
    fs::remove_dir_all(&data).unwrap();
    let restored = at("restored");
    let restore = ["restore", "--from", &backup, "--identity", &identity, "--data", &restored];
    let told = said(&run(&restore, ""));
    assert!(told.contains("entries: 40") && told.contains("every count and digest fits"), "{told}");
    assert_eq!(run(&restore, "").status.code(), Some(1), "nothing is restored over something");
    let mut server = Server::start(&restored, &address);
    tablet.go_through(server.url.clone());
    repeats(&tablet).await;
    let entry = tablet.maker.vaccination().to_bytes();
    tablet.record(entry);
    assert_eq!(tablet.outcomes(&tablet.entries[40..]).await.unwrap(), [Outcome::Delivered]);
    server.signal("-TERM");

    // To PostgreSQL, and served from there.
    let postgres = PrivatePostgres::start();
    let settings = at("new.toml");
    fs::write(&settings, "[log]\nfilter = \"info\"\n").unwrap();
    let nowhere = run(&["move", "--data", &restored, "--settings", &settings], "");
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("names no database"));
    fs::write(&settings, format!("[database]\nurl = \"{}\"\n", postgres.url())).unwrap();
    let moved = said(&run(&["move", "--data", &restored, "--settings", &settings], ""));
    assert!(moved.contains("entries: 41") && moved.contains("every count and digest fits"), "{moved}");
    assert!(!files.path().join("restored/register.sqlite").exists(), "the old register is put aside");
    let mut server = Server::start(&restored, &address);
    tablet.go_through(server.url.clone());
    repeats(&tablet).await;
    server.signal("-TERM");
    assert!(said(&run(&["check", "--data", &restored], "")).contains("everything is as it came"));
    assert!(said(&run(&["rebuild", "--data", &restored], "")).contains("it was the same"));
    assert!(said(&run(&["migrate", "--data", &restored], "")).contains("up to date"));

    // And from the backup into a database of its own.
    let second = PrivatePostgres::start();
    fs::write(&settings, format!("[database]\nurl = \"{}\"\n", second.url())).unwrap();
    let third = at("third");
    let told = said(&run(
        &["restore", "--from", &backup, "--identity", &identity, "--data", &third, "--settings", &settings],
        "",
    ));
    assert!(told.contains("every count and digest fits"), "{told}");
    assert!(said(&run(&["check", "--data", &third], "")).contains("entries looked at: 40"));
}

#[test]
fn a_backup_that_was_cut_altered_or_sealed_to_others_makes_nothing() {
    let files = tempfile::tempdir().unwrap();
    let at = |name: &str| files.path().join(name).display().to_string();
    let (data, backup, identity, other) = (at("central"), at("one.backup"), at("one.key"), at("other.key"));
    said(&run(&["init", "--data", &data, "--host", "127.0.0.1"], ""));
    let key = said(&run(&["backup-key", "--out", &identity], ""));
    said(&run(&["backup-key", "--out", &other], ""));
    let to = key.split_whitespace().find(|word| word.starts_with("age1")).unwrap();
    said(&run(&["backup", "--data", &data, "--to", to, "--out", &backup], ""));
    let whole = fs::read(&backup).unwrap();
    let restored = at("restored");
    let restore = |from: &str, identity: &str| {
        run(&["restore", "--from", from, "--identity", identity, "--data", &restored], "")
    };
    let bad = at("bad.backup");
    for length in [0, 10, whole.len() / 2, whole.len() - 1] {
        fs::write(&bad, &whole[..length]).unwrap();
        assert_eq!(restore(&bad, &identity).status.code(), Some(1), "cut at {length}");
    }
    let mut altered = whole.clone();
    *altered.last_mut().unwrap() ^= 1;
    fs::write(&bad, &altered).unwrap();
    assert_eq!(restore(&bad, &identity).status.code(), Some(1));
    assert_eq!(restore(&backup, &other).status.code(), Some(1));
    let left: Vec<_> = fs::read_dir(files.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("restored")), "{left:?}");
    said(&restore(&backup, &identity));
}
