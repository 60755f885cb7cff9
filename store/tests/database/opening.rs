//! What happens when the database does not open: never a deletion, always a report.

use std::fs;

use crate::support::*;
use record::{Epoch, Position};
use seal::{device::SigningKey, vault::StoreKey};
use store::{KnownHead, ListFilter, OpenError, Opened, Owner, Store};

fn files(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_readable_lies_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    for number in 1..=20 {
        store.append(&shot(number), moment(number)).unwrap();
    }
    for file in files(folder.path()) {
        let bytes = fs::read(folder.path().join(&file)).unwrap();
        for secret in ["131016", "見本", "FF3620", "SQLite format", "CREATE TABLE"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} stands readable in {file}");
        }
    }
}

#[test]
fn a_damaged_database_is_set_aside_under_a_dated_name_and_a_new_epoch_begins() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&shot(1), moment(1)).unwrap();
    store.append(&shot(2), moment(2)).unwrap();
    drop(store);
    let file = folder.path().join("records.db");
    let mut bytes = fs::read(&file).unwrap();
    for byte in &mut bytes[..100] {
        *byte ^= 0x55;
    }
    fs::write(&file, &bytes).unwrap();

    let Opened { mut store, set_aside } = Store::open(folder.path(), &key(), owner(), moment(7)).unwrap();
    let set_aside = set_aside.expect("the damaged file is reported");
    assert_eq!(set_aside.file_name, "records.db.damaged-20211122T1040070900");
    assert_eq!(set_aside.known_head, Some(KnownHead { epoch: Epoch::FIRST, last: Position::new(2) }));
    assert_eq!(fs::read(folder.path().join(&set_aside.file_name)).unwrap(), bytes, "kept to the byte");
    assert_eq!(store.epoch(), Epoch::FIRST.next());
    let first = KnownHead { epoch: Epoch::FIRST, last: Position::new(2) };
    assert_eq!(store.set_aside(), [first], "what is at stake is remembered");
    assert_eq!(store.append(&shot(3), moment(8)).unwrap().position, Position::FIRST);
    assert!(store.audit_counts().unwrap().contains(&("database_set_aside".to_owned(), 1)));

    drop(store);
    fs::write(&file, b"no database at all").unwrap();
    let Opened { store, .. } = Store::open(folder.path(), &key(), owner(), moment(9)).unwrap();
    let second = KnownHead { epoch: Epoch::FIRST.next(), last: Some(Position::FIRST) };
    assert_eq!(store.set_aside(), [first, second], "also of those before");

    drop(store);
    fs::write(&file, b"no database at all").unwrap();
    fs::remove_file(folder.path().join("records.head")).unwrap();
    let Opened { store, set_aside } = Store::open(folder.path(), &key(), owner(), moment(7)).unwrap();
    assert!(set_aside.unwrap().file_name.ends_with("-1"), "never over a file that is there");
    assert_eq!(store.epoch().number(), 4, "past every one the folder knows of");
}

#[test]
fn a_page_damaged_in_the_middle_is_found_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    for number in 1..=50 {
        store.append(&shot(number), moment(number)).unwrap();
    }
    drop(store);
    let file = folder.path().join("records.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let Opened { set_aside, .. } = Store::open(folder.path(), &key(), owner(), moment(60)).unwrap();
    assert!(set_aside.is_some());
}

#[test]
fn a_database_under_another_key_is_set_aside_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).append(&shot(1), moment(1)).unwrap();
    let other = StoreKey::from_bytes([43; 32]);
    let Opened { set_aside, store } = Store::open(folder.path(), &other, owner(), moment(2)).unwrap();
    let name = set_aside.unwrap().file_name;
    drop(store);
    fs::remove_file(folder.path().join("records.db")).unwrap();
    fs::rename(folder.path().join(&name), folder.path().join("records.db")).unwrap();
    assert_eq!(
        open(folder.path()).counts("").unwrap().entries,
        1,
        "what was set aside still opens with its key"
    );
}

#[test]
fn another_tablets_database_and_a_newer_one_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let stranger = Owner { device_key: SigningKey::from_seed([9; 32]).unwrap().public(), ..owner() };
    assert_eq!(Store::open(folder.path(), &key(), stranger, moment(1)).err(), Some(OpenError::OtherOwner));
    let raw = rusqlite::Connection::open(folder.path().join("records.db")).unwrap();
    raw.pragma_update(None, "key", key().to_sqlcipher().as_str()).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let before = files(folder.path());
    let refused = Store::open(folder.path(), &key(), owner(), moment(1)).err();
    assert_eq!(refused, Some(OpenError::Newer { found: 99, known: 5 }));
    assert_eq!(files(folder.path()), before);
}

/// The files of a program that was ended in the middle of its work: its database with its write-ahead log.
fn as_if_killed() -> tempfile::TempDir {
    let (working, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = open(working.path());
    store.append(&shot(1), moment(1)).unwrap();
    store.append(&shot(2), moment(2)).unwrap();
    for file in files(working.path()) {
        fs::copy(working.path().join(&file), left.path().join(&file)).unwrap();
    }
    left
}

#[test]
fn setting_a_database_aside_is_finished_wherever_it_was_cut_short() {
    let first = KnownHead { epoch: Epoch::FIRST, last: Position::new(2) };
    let name = "records.db.damaged-20211122T1040070900";
    let beside = |name: &str, end: &str| format!("{name}{end}");
    for steps in 1..=3 {
        let folder = as_if_killed();
        let rename =
            |from: &str, to: &str| fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
        rename("records.db-wal", &beside(name, "-wal"));
        if steps > 1 {
            rename("records.db-shm", &beside(name, "-shm"));
        }
        if steps > 2 {
            rename("records.db", name);
            // The new database was begun, and has no owner yet.
            let raw = rusqlite::Connection::open(folder.path().join("records.db")).unwrap();
            raw.pragma_update(None, "key", key().to_sqlcipher().as_str()).unwrap();
            raw.execute_batch("CREATE TABLE empty (empty); DROP TABLE empty").unwrap();
        }
        let Opened { mut store, set_aside } = Store::open(folder.path(), &key(), owner(), moment(7)).unwrap();
        let set_aside = set_aside.expect("it is told, although another start began it");
        assert_eq!((set_aside.file_name.as_str(), set_aside.known_head), (name, Some(first)), "{steps}");
        assert_eq!(store.epoch(), Epoch::FIRST.next(), "no place is given out twice");
        assert_eq!(store.set_aside(), [first]);
        store.append(&shot(3), moment(8)).unwrap();
        drop(store);

        let Opened { set_aside, .. } = Store::open(folder.path(), &key(), owner(), moment(9)).unwrap();
        assert_eq!(set_aside, None, "told once");
        for end in ["", "-wal", "-shm"] {
            let name = beside("records.db", end);
            let _ = fs::remove_file(folder.path().join(&name));
            let _ = fs::rename(
                folder.path().join(name.replace("records.db", "records.db.damaged-20211122T1040070900")),
                folder.path().join(name),
            );
        }
        assert_eq!(open(folder.path()).counts("").unwrap().entries, 2, "and all of it is still there");
    }
}

/// Databases as they were released, with entries in them: `released/<version>`.
#[test]
fn a_database_of_an_earlier_version_is_opened_with_all_that_is_in_it() {
    for version in [1, 2, 3] {
        let folder = tempfile::tempdir().unwrap();
        for file in ["records.db", "records.head"] {
            let released = format!("{}/tests/database/released/{version}/{file}", env!("CARGO_MANIFEST_DIR"));
            fs::copy(released, folder.path().join(file)).unwrap();
        }
        let mut store = open(folder.path());
        let rows = store.list(ListFilter::All, 0, 10).unwrap();
        let kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
        assert_eq!(kinds, ["cancellation", "correction", "vaccination", "vaccination", "vaccination"]);
        assert_eq!(store.list(ListFilter::Ending("0003".parse().unwrap()), 0, 10).unwrap().len(), 1);
        assert_eq!(store.append(&shot(6), moment(6)).unwrap().position.number(), 6, "its chain goes on");
    }
}
