//! The contract on PostgreSQL, and what only it can do wrong.
//!
//! Must not: share a server between tests.

#[path = "../../../../tests/src/private_postgres.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod private_postgres;

use private_postgres::PrivatePostgres;

use super::*;
use crate::storage::contract::{
    contract_suite, reference::lists_that_were_harmed_are_found_and_made_anew, sample,
};

/// Storage first: its connections end before the server does.
struct Fresh {
    storage: PostgresStorage,
    server: PrivatePostgres,
}

async fn register() -> Fresh {
    let server = PrivatePostgres::start();
    let storage = PostgresStorage::open(&Connection::local(&server.url())).await.unwrap();
    Fresh { storage, server }
}
impl std::ops::Deref for Fresh {
    type Target = PostgresStorage;
    fn deref(&self) -> &PostgresStorage {
        &self.storage
    }
}

contract_suite!(register);

/// The statements that Citus gets, on a server that distributes nothing: they are right as far as PostgreSQL is
/// concerned. Whether Citus takes them is asked of a Citus alone.
mod distributed_statements {
    use super::*;

    /// What a plain server lacks: it leaves the tables where they are.
    const NOTHING_IS_DISTRIBUTED: &str = "
        CREATE FUNCTION create_reference_table(text) RETURNS void LANGUAGE sql AS '';
        CREATE FUNCTION create_distributed_table(text, text, colocate_with text) RETURNS void LANGUAGE sql AS '';";

    async fn register() -> Fresh {
        let server = PrivatePostgres::start();
        let connection = Connection { layout: Layout::Distributed, ..Connection::local(&server.url()) };
        let plain = super::super::opening::pool(&connection, 1, "SELECT 1").unwrap().get().await.unwrap();
        plain.batch_execute(NOTHING_IS_DISTRIBUTED).await.unwrap();
        let storage = PostgresStorage::open(&connection).await.unwrap();
        Fresh { storage, server }
    }

    contract_suite!(register);
}

/// `cargo xtask test` runs these where `VRS_TEST_CITUS_URL` names a database of a Citus that may be emptied, one after
/// the other, and says "not run here" where it does not.
mod citus {
    use super::*;

    struct Emptied(PostgresStorage);
    impl std::ops::Deref for Emptied {
        type Target = PostgresStorage;
        fn deref(&self) -> &PostgresStorage {
            &self.0
        }
    }

    async fn register() -> Emptied {
        let url = std::env::var("VRS_TEST_CITUS_URL").expect("VRS_TEST_CITUS_URL names a Citus");
        let authority = std::env::var("VRS_TEST_CITUS_AUTHORITY").ok();
        let authority_pem = authority.map(|file| std::fs::read_to_string(file).unwrap());
        let connection = Connection { layout: Layout::Distributed, authority_pem, ..Connection::local(&url) };
        let plain = super::super::opening::pool(&connection, 1, "SELECT 1").unwrap().get().await.unwrap();
        let empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE EXTENSION IF NOT EXISTS citus";
        plain.batch_execute(empty).await.unwrap();
        Emptied(PostgresStorage::open(&connection).await.unwrap())
    }

    contract_suite!(
        #[ignore = "needs a Citus: VRS_TEST_CITUS_URL"]
        register
    );
}

#[tokio::test]
async fn what_was_kept_is_there_after_the_server_crashed() {
    let Fresh { storage, mut server } = register().await;
    let tablet = sample::enrolled(&storage).await;
    let chain = tablet.chain(&tablet.vaccinations(3));
    let outcomes = storage.keep(tablet.batch(&chain)).await.unwrap();
    server.crash_and_restart();
    let again = PostgresStorage::open(&Connection::local(&server.url())).await.unwrap();
    let kept = again.kept(tablet.tablet_id, Epoch::FIRST).await.unwrap();
    assert_eq!(kept.into_iter().map(|entry| entry.outcome).collect::<Vec<_>>(), outcomes);
    // The first one's connections are gone; it takes new ones.
    let mut answer = storage.keep(tablet.batch(&chain)).await;
    if answer.is_err() {
        answer = storage.keep(tablet.batch(&chain)).await;
    }
    assert_eq!(answer.unwrap(), outcomes);
}

#[tokio::test]
async fn a_server_that_forgets_what_it_commits_is_not_used() {
    let server = PrivatePostgres::start_with(&["fsync=off"]);
    let opened = PostgresStorage::open(&Connection::local(&server.url())).await;
    assert!(matches!(opened.err(), Some(StorageError::Unsafe(_))));
}

#[tokio::test]
async fn a_server_across_the_network_needs_its_authority() {
    for url in ["host=192.0.2.1 user=vrs dbname=vrs", "host=localhost hostaddr=192.0.2.1 user=vrs dbname=vrs"]
    {
        let opened = PostgresStorage::open(&Connection::local(url)).await;
        assert!(matches!(opened.err(), Some(StorageError::Unsafe(_))), "{url}");
    }
}

#[tokio::test]
async fn a_server_without_room_for_the_locks_of_its_lanes_is_not_used() {
    let server = PrivatePostgres::start_with(&["max_locks_per_transaction=10"]);
    let one = Connection { lanes: 1, ..Connection::local(&server.url()) };
    let opened = PostgresStorage::open(&one).await;
    assert!(matches!(opened.err(), Some(StorageError::Unsafe(_))));
}

#[tokio::test]
async fn programs_that_start_at_once_migrate_once_and_yesterdays_survives() {
    let server = PrivatePostgres::start();
    let connection = Connection::local(&server.url());
    let (one, two) = tokio::join!(PostgresStorage::open(&connection), PostgresStorage::open(&connection));
    let (one, _) = (one.unwrap(), two.unwrap());
    let client = one.pool.get().await.unwrap();
    let versions = client.query_one("SELECT count(*) FROM schema_versions", &[]).await.unwrap();
    assert_eq!(versions.get::<_, i64>(0), migrations::known());
    // A program of tomorrow came by: what it left can be worked with from version 1 on.
    let tomorrow = "INSERT INTO schema_versions VALUES (99, 1, now())";
    client.batch_execute(tomorrow).await.unwrap();
    PostgresStorage::open(&connection).await.unwrap();
    client.batch_execute("UPDATE schema_versions SET survives = 98 WHERE version = 99").await.unwrap();
    let refused = PostgresStorage::open(&connection).await.err();
    assert_eq!(refused, Some(StorageError::NewerDatabase { found: 99, known: migrations::known() }));
}

#[tokio::test]
async fn a_register_that_was_altered_is_found_and_made_again() {
    let fresh = register().await;
    let tablet = sample::enrolled(&fresh.storage).await;
    tablet.send(&fresh.storage, &tablet.chain(&tablet.vaccinations(6))).await;
    let client = fresh.pool.get().await.unwrap();
    client
        .batch_execute("DELETE FROM doses WHERE coupon_number LIKE '%3'; UPDATE epochs SET stored = 2")
        .await
        .unwrap();
    let compared = fresh.derive(Derivation::Compare).await.unwrap();
    assert_ne!(compared.before, compared.after);
    assert_ne!(tablet.row(&fresh.storage).await.stored(), 6, "comparing mends nothing");
    fresh.derive(Derivation::Keep).await.unwrap();
    let compared = fresh.derive(Derivation::Compare).await.unwrap();
    assert_eq!(compared.before, compared.after);
    assert_eq!(tablet.row(&fresh.storage).await.stored(), 6);
}

#[tokio::test]
async fn lists_for_tablets_that_were_harmed_are_found_and_made_anew() {
    let fresh = register().await;
    let client = fresh.pool.get().await.unwrap();
    let harm = async |sql: &'static str| client.batch_execute(sql).await.unwrap();
    lists_that_were_harmed_are_found_and_made_anew(&fresh.storage, harm).await;
}

#[tokio::test]
async fn a_decision_cannot_be_changed_or_deleted() {
    let fresh = register().await;
    let client = fresh.pool.get().await.unwrap();
    client
        .batch_execute(
            "INSERT INTO accounts (name, password_hash, created_at) VALUES ('staff-1', '', 0);
             INSERT INTO decisions (coupon_municipality, coupon_number, dose, number, reason, decided_by, decided_at)
                 VALUES ('131130', '0000004711', 1, 1, 'a', 'staff-1', 0);
             INSERT INTO considered_entries VALUES ('131130', '0000004711', 1, 'x', 1)",
        )
        .await
        .unwrap();
    for sql in [
        "UPDATE decisions SET reason = 'b'",
        "DELETE FROM decisions",
        "UPDATE considered_entries SET number = 2",
        "DELETE FROM considered_entries",
    ] {
        let refused = client.batch_execute(sql).await.unwrap_err();
        assert!(refused.as_db_error().unwrap().message().contains("never changed or deleted"), "{sql}");
    }
}

#[tokio::test]
async fn every_table_is_kept_derived_or_left_on_purpose() {
    let fresh = register().await;
    let client = fresh.pool.get().await.unwrap();
    let found = client
        .query(
            "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
             WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition",
            &[],
        )
        .await
        .unwrap();
    for row in found {
        let name: &str = row.get(0);
        let named = crate::storage::KEPT.iter().chain(crate::storage::DERIVED).map(|table| table.name);
        assert!(named.chain(crate::storage::LEFT.iter().copied()).any(|known| known == name), "{name}");
    }
}

#[tokio::test]
async fn a_line_of_the_audit_cannot_be_changed_or_deleted_and_shows_if_it_was() {
    use crate::{audit::Act, storage::contract::entries::MORNING};

    let fresh = register().await;
    let line = Act::PersonShown.line("131130".parse().unwrap(), "staff-1", MORNING);
    fresh.record(vec![line.clone(), line.clone(), line], None).await.unwrap();
    let client = fresh.pool.get().await.unwrap();
    for sql in ["UPDATE audit SET account = 'staff-2'", "DELETE FROM audit", "TRUNCATE audit"] {
        let refused = client.batch_execute(sql).await.unwrap_err();
        assert!(refused.as_db_error().unwrap().message().contains("never changed or deleted"), "{sql}");
    }
    let check = async || crate::check::check(&fresh.storage, None, &mut |_| {}).await.unwrap();
    assert!(check().await.is_good());
    // Whoever owns the database takes the triggers away.
    client
        .batch_execute(
            "ALTER TABLE audit DISABLE TRIGGER ALL;
             UPDATE audit SET content = 'x' WHERE position = 2",
        )
        .await
        .unwrap();
    let checked = check().await;
    assert!(!checked.is_good());
    assert_eq!(checked.chains.broken, ["municipality 131130 line 2"]);
}

#[tokio::test]
async fn what_was_written_of_stock_cannot_be_changed_or_deleted() {
    let fresh = register().await;
    crate::storage::contract::transfers::something_on_its_way(&fresh.storage).await;
    let client = fresh.pool.get().await.unwrap();
    for table in ["kind_changes", "stock_lines", "transfers", "transfer_steps"] {
        for sql in [format!("UPDATE {table} SET municipality = '131016'"), format!("DELETE FROM {table}")] {
            let refused = client.batch_execute(&sql).await.unwrap_err();
            assert!(refused.as_db_error().unwrap().message().contains("never changed or deleted"), "{sql}");
        }
    }
}

#[tokio::test]
async fn no_column_of_any_table_of_the_server_holds_a_person_in_the_clear() {
    use crate::storage::contract::people::{OF_THE_PERSON, take_canary_in};

    let fresh = register().await;
    take_canary_in(&fresh.storage).await;
    let client = fresh.pool.get().await.unwrap();
    let tables = "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE nspname = 'public' AND relkind = 'r'";
    let mut dump = String::new();
    for table in client.query(tables, &[]).await.unwrap() {
        let sql = format!("SELECT t::text FROM {} AS t", table.get::<_, &str>(0));
        for row in client.query(&sql, &[]).await.unwrap() {
            dump.push_str(row.get(0));
        }
    }
    assert!(dump.contains("officer-2"), "the dump holds what was kept");
    for canary in OF_THE_PERSON {
        // Bytes stand as hexadecimal digits.
        let hex = crate::archive::hex(canary.as_bytes());
        assert!(!dump.contains(canary) && !dump.contains(&hex), "{canary}");
    }
}

#[tokio::test]
async fn a_published_cycle_of_allocation_and_its_orders_cannot_be_changed_deleted_or_added_to() {
    use crate::storage::contract::cycles::{forbidden, published};

    let fresh = register().await;
    let cycle = published(&fresh.storage).await;
    let before = fresh.storage.cycle(cycle).await.unwrap();
    let client = fresh.pool.get().await.unwrap();
    for sql in forbidden() {
        let refused = client.batch_execute(&sql).await.unwrap_err();
        assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("P0001"), "{sql}");
    }
    assert_eq!(fresh.storage.cycle(cycle).await.unwrap(), before);
}
