//! The contract on SQLite, and what only it can do wrong.
//!
//! Must not: share a register between tests.

use super::*;
use crate::storage::contract::{
    contract_suite, reference::lists_that_were_harmed_are_found_and_made_anew, sample,
};

struct Fresh {
    storage: SqliteStorage,
    directory: tempfile::TempDir,
}

#[expect(clippy::unused_async, reason = "the contract's other implementations wait for a server")]
async fn register() -> Fresh {
    let directory = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(&directory.path().join("register.sqlite")).unwrap();
    Fresh { storage, directory }
}
impl std::ops::Deref for Fresh {
    type Target = SqliteStorage;
    fn deref(&self) -> &SqliteStorage {
        &self.storage
    }
}

contract_suite!(register);

#[tokio::test]
async fn what_was_kept_is_there_after_the_register_is_opened_again() {
    let Fresh { storage, directory } = register().await;
    let tablet = sample::enrolled(&storage).await;
    let outcomes = storage.keep(tablet.batch(&tablet.chain(&tablet.vaccinations(3)))).await.unwrap();
    drop(storage);
    let again = SqliteStorage::open(&directory.path().join("register.sqlite")).unwrap();
    let kept = again.kept(tablet.tablet_id, Epoch::FIRST).await.unwrap();
    assert_eq!(kept.into_iter().map(|entry| entry.outcome).collect::<Vec<_>>(), outcomes);
}

#[tokio::test]
async fn a_full_disk_keeps_nothing_and_says_so() {
    let Fresh { storage, directory } = register().await;
    let tablet = sample::enrolled(&storage).await;
    let pages = |connection: &Connection| -> Result<i64, StorageError> {
        Ok(connection.query_row("PRAGMA page_count", [], |row| row.get(0))?)
    };
    let now = read(&storage.requests, pages).await.unwrap();
    let limit = move |transaction: &Connection| {
        transaction.pragma_update(None, "max_page_count", now + 2).map_err(StorageError::from)
    };
    storage.writer.write(limit).await.unwrap();
    let refused = storage.keep(tablet.batch(&tablet.chain(&tablet.vaccinations(200)))).await;
    assert!(matches!(refused, Err(StorageError::Database(_))), "{refused:?}");
    assert_eq!(storage.kept(tablet.tablet_id, Epoch::FIRST).await.unwrap(), []);
    drop(storage);
    let again = SqliteStorage::open(&directory.path().join("register.sqlite")).unwrap();
    let outcomes = again.keep(tablet.batch(&tablet.chain(&tablet.vaccinations(200)))).await.unwrap();
    assert_eq!(outcomes, vec![Outcome::Delivered; 200]);
}

#[tokio::test]
async fn a_register_that_was_altered_is_found_and_made_again() {
    let Fresh { storage, directory } = register().await;
    let tablet = sample::enrolled(&storage).await;
    tablet.send(&storage, &tablet.chain(&tablet.vaccinations(6))).await;
    let other = connect(&directory.path().join("register.sqlite"), OpenFlags::default()).unwrap();
    other
        .execute_batch("DELETE FROM doses WHERE coupon_number LIKE '%3'; UPDATE epochs SET stored = 2")
        .unwrap();
    let compared = storage.derive(Derivation::Compare).await.unwrap();
    assert_ne!(compared.before, compared.after);
    assert_ne!(tablet.row(&storage).await.stored(), 6, "comparing mends nothing");
    storage.derive(Derivation::Keep).await.unwrap();
    let compared = storage.derive(Derivation::Compare).await.unwrap();
    assert_eq!(compared.before, compared.after);
    assert_eq!(tablet.row(&storage).await.stored(), 6);
}

#[tokio::test]
async fn lists_for_tablets_that_were_harmed_are_found_and_made_anew() {
    let Fresh { storage, directory } = register().await;
    let other = connect(&directory.path().join("register.sqlite"), OpenFlags::default()).unwrap();
    let harm = async |sql: &'static str| other.execute_batch(sql).unwrap();
    lists_that_were_harmed_are_found_and_made_anew(&storage, harm).await;
}

#[tokio::test]
async fn an_entry_that_rotted_on_the_disk_is_named_by_its_place() {
    let Fresh { storage, directory } = register().await;
    let tablet = sample::enrolled(&storage).await;
    tablet.send(&storage, &tablet.chain(&tablet.vaccinations(3))).await;
    assert!(crate::check::check(&storage, None, &mut |_| {}).await.unwrap().is_good());
    let other = connect(&directory.path().join("register.sqlite"), OpenFlags::default()).unwrap();
    // Still an entry, but another than came.
    other
        .execute_batch(
            "UPDATE entries SET entry = CAST(replace(CAST(entry AS TEXT), 'FF3620', 'FF3621') AS BLOB)
             WHERE position = 2",
        )
        .unwrap();
    let checked = crate::check::check(&storage, None, &mut |_| {}).await.unwrap();
    assert!(!checked.is_good());
    assert_eq!((checked.entries, checked.damaged), (3, 1));
    assert_eq!(checked.places, ["tablet 131130-0017 epoch 1 position 2"]);
}

#[tokio::test]
async fn a_decision_cannot_be_changed_or_deleted() {
    let Fresh { storage, .. } = register().await;
    for sql in [
        "INSERT INTO accounts (name, password_hash, created_at) VALUES ('staff-1', '', 0)",
        "INSERT INTO decisions VALUES ('131130', '0000004711', 1, 1, NULL, NULL, NULL, NULL, 'a', 'staff-1', 0)",
        "INSERT INTO considered_entries VALUES ('131130', '0000004711', 1, x'00', 1)",
    ] {
        storage.writer.write(|connection| Ok(connection.execute_batch(sql)?)).await.unwrap();
    }
    for sql in [
        "UPDATE decisions SET reason = 'b'",
        "DELETE FROM decisions",
        "UPDATE considered_entries SET number = 2",
        "DELETE FROM considered_entries",
    ] {
        let refused = storage.writer.write(|connection| Ok(connection.execute_batch(sql)?)).await;
        assert!(matches!(refused, Err(StorageError::Database(_))), "{sql}");
    }
}

#[tokio::test]
async fn a_line_of_the_audit_cannot_be_changed_or_deleted_and_shows_if_it_was() {
    use crate::{audit::Act, storage::contract::entries::MORNING};

    let Fresh { storage, directory } = register().await;
    for owner in ["131016", "131130"] {
        let line = Act::PersonShown.line(owner.parse().unwrap(), "staff-1", MORNING);
        storage.record(vec![line.clone(), line.clone(), line], None).await.unwrap();
    }
    for sql in ["UPDATE audit SET account = 'staff-2'", "DELETE FROM audit"] {
        let refused = storage.writer.write(|connection| Ok(connection.execute_batch(sql)?)).await;
        assert!(matches!(refused, Err(StorageError::Database(_))), "{sql}");
    }
    assert!(crate::check::check(&storage, None, &mut |_| {}).await.unwrap().is_good());
    // Whoever has the file takes the triggers away.
    let other = connect(&directory.path().join("register.sqlite"), OpenFlags::default()).unwrap();
    other
        .execute_batch(
            "DROP TRIGGER audit_stays; DROP TRIGGER audit_is_kept;
             UPDATE audit SET account = 'staff-2' WHERE municipality = '131130' AND position = 2;
             DELETE FROM audit WHERE municipality = '131016' AND position = 1",
        )
        .unwrap();
    let checked = crate::check::check(&storage, None, &mut |_| {}).await.unwrap();
    assert!(!checked.is_good());
    assert_eq!(checked.chains.broken, ["municipality 131016 line 1", "municipality 131130 line 2"]);
}

#[tokio::test]
async fn what_was_written_of_stock_cannot_be_changed_or_deleted_and_shows_if_it_was() {
    use crate::storage::contract::{stock, transfers};

    let Fresh { storage, directory } = register().await;
    let tablet = sample::enrolled(&storage).await;
    tablet.send(&storage, &tablet.chain(&tablet.vaccinations(3))).await;
    transfers::something_on_its_way(&storage).await;
    for table in ["kind_changes", "stock_lines", "transfers", "transfer_steps"] {
        for sql in [format!("UPDATE {table} SET municipality = '131016'"), format!("DELETE FROM {table}")] {
            let asked = sql.clone();
            let refused = storage.writer.write(move |connection| Ok(connection.execute_batch(&asked)?)).await;
            assert!(matches!(refused, Err(StorageError::Database(_))), "{sql}");
        }
    }
    assert!(stock::checked(&storage).await.is_good());
    // Whoever has the file takes the trigger away.
    let other = connect(&directory.path().join("register.sqlite"), OpenFlags::default()).unwrap();
    other
        .execute_batch(
            "DROP TRIGGER stock_lines_stay;
             UPDATE stock_lines SET line = replace(line, '\"vials\":5', '\"vials\":6') WHERE number = 1",
        )
        .unwrap();
    let checked = stock::checked(&storage).await;
    assert!(checked.wrong_count > 0 && checked.unbalanced.is_empty(), "{checked:?}");
    other
        .execute_batch(
            "UPDATE stock_doses SET booked = 2 WHERE coupon_number = (SELECT max(coupon_number) FROM stock_doses)",
        )
        .unwrap();
    let further = stock::checked(&storage).await;
    assert_eq!(further.wrong_count, checked.wrong_count + 1, "{further:?}");
}

#[tokio::test]
async fn a_published_cycle_of_allocation_and_its_orders_cannot_be_changed_deleted_or_added_to() {
    use crate::{
        stock::allocating::checking,
        storage::contract::cycles::{forbidden, published},
    };

    let fresh = register().await;
    let cycle = published(&fresh.storage).await;
    let before = fresh.storage.cycle(cycle).await.unwrap();
    for sql in forbidden() {
        let asked = sql.clone();
        let refused =
            fresh.storage.writer.write(move |connection| Ok(connection.execute_batch(&asked)?)).await;
        assert!(matches!(refused, Err(StorageError::Database(_))), "{sql}");
    }
    assert_eq!(fresh.storage.cycle(cycle).await.unwrap(), before);
    // Whoever has the file takes the triggers away.
    let wrong = async || checking::check(&fresh.storage).await.unwrap().wrong;
    assert_eq!(wrong().await, Vec::<String>::new());
    let other = connect(&fresh.directory.path().join("register.sqlite"), OpenFlags::default()).unwrap();
    let alter = |from: &str, to: &str| {
        let sql = format!("UPDATE allocation_shares SET share = replace(share, '{from}', '{to}')");
        other.execute_batch(&sql).unwrap();
    };
    other.execute_batch("DROP TRIGGER allocation_shares_stay; DROP TRIGGER allocation_orders_stay").unwrap();
    alter("\"by_stock_rate\":0", "\"by_stock_rate\":1");
    assert_eq!(wrong().await, ["cycle 1 step 1: its shares"]);
    alter("\"by_stock_rate\":1", "\"by_stock_rate\":0");
    assert_eq!(wrong().await, Vec::<String>::new());
    other.execute_batch("UPDATE allocation_orders SET boxes = 7").unwrap();
    assert_eq!(wrong().await, ["cycle 1 step 1: its shares"], "they rest on what was ordered");
}
