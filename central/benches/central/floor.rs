//! What the database does with the same rows and nothing else: multi-row inserts of 50, each committed, into tables of
//! the same columns and indexes, on the same server in the same minute.
//!
//! Must not: do anything the central does beyond the inserts.

use std::time::Instant;

use tokio_postgres::{Client, NoTls};

/// Connections at once: as many as the central writes with.
const CONNECTIONS: usize = 4;
const EACH: usize = 50;

const TABLES: &str = "
    DROP TABLE IF EXISTS floor_entries, floor_doses;
    CREATE TABLE floor_entries (LIKE entries INCLUDING ALL) PARTITION BY HASH (municipality);
    CREATE TABLE floor_doses (LIKE doses INCLUDING ALL) PARTITION BY HASH (coupon_municipality);";

const ENTRIES: &str = "
    INSERT INTO floor_entries (municipality, tablet_number, epoch, position, hash, previous_link, link, entry_id,
        outcome, received_at, entry)
    SELECT $1, $2, 1, given.position, given.hash, given.previous, given.link, given.id, 'delivered', 0, given.entry
    FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[])
        AS given (position, hash, previous, link, id, entry)";

const DOSES: &str = "
    INSERT INTO floor_doses (coupon_municipality, coupon_number, dose, municipality, entry_id)
    SELECT $1, number, 1, $1, id FROM unnest($2::text[], $3::bytea[]) AS given (number, id)";

/// Entries a second: into the entries' table alone, and with a row in the doses' table for each.
pub(crate) struct Floor {
    pub(crate) entries: f64,
    pub(crate) entries_and_doses: f64,
}

/// Measures with that many statements of 50 rows.
pub(crate) async fn floor(url: &str, statements: usize, entry_bytes: usize) -> Floor {
    let client = connect(url).await;
    client.batch_execute(TABLES).await.unwrap();
    for part in 0..8 {
        for table in ["floor_entries", "floor_doses"] {
            let sql = format!(
                "CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS 8, REMAINDER {part})"
            );
            client.batch_execute(&sql).await.unwrap();
        }
    }
    let entries = insert(url, 0, statements, entry_bytes, false).await;
    let entries_and_doses = insert(url, 1, statements, entry_bytes, true).await;
    client.batch_execute("DROP TABLE floor_entries, floor_doses").await.unwrap();
    Floor { entries, entries_and_doses }
}

async fn insert(url: &str, round: usize, statements: usize, entry_bytes: usize, with_doses: bool) -> f64 {
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        clients.push(connect(url).await);
    }
    let began = Instant::now();
    let share = statements / CONNECTIONS;
    let work = clients.into_iter().enumerate().map(|(number, client)| {
        tokio::spawn(async move {
            let statement = client.prepare(ENTRIES).await.unwrap();
            let doses = client.prepare(DOSES).await.unwrap();
            for index in 0..share {
                let municipality = format!("{:06}", (number * 16 + index % 16) * 37);
                let unique = |row: usize, kind: u8| {
                    let mut bytes = vec![kind; 32];
                    let place = ((round * CONNECTIONS + number) * share + index) * EACH + row;
                    // As hashes are: no two near each other.
                    let mixed = (place as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                    bytes[..8].copy_from_slice(&mixed.to_be_bytes());
                    bytes
                };
                let of = |kind: u8| (0..EACH).map(|row| unique(row, kind)).collect::<Vec<_>>();
                let ids: Vec<Vec<u8>> = of(4).into_iter().map(|id| id[..16].to_vec()).collect();
                let positions: Vec<i64> = (0..EACH).map(|row| (index * EACH + row) as i64).collect();
                let tablet = (round * 1_000 + number) as i64;
                let entry: Vec<Vec<u8>> = (0..EACH).map(|row| vec![row as u8; entry_bytes]).collect();
                let rows: [&(dyn tokio_postgres::types::ToSql + Sync); 8] =
                    [&municipality, &tablet, &positions, &of(1), &of(2), &of(3), &ids, &entry];
                if with_doses {
                    let place = (number * share + index) * EACH;
                    let numbers: Vec<String> = (0..EACH).map(|row| format!("{:010}", place + row)).collect();
                    client.batch_execute("BEGIN").await.unwrap();
                    client.execute(&statement, &rows).await.unwrap();
                    client.execute(&doses, &[&municipality, &numbers, &ids]).await.unwrap();
                    client.batch_execute("COMMIT").await.unwrap();
                } else {
                    client.execute(&statement, &rows).await.unwrap();
                }
            }
        })
    });
    for one in work.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    (share * CONNECTIONS * EACH) as f64 / began.elapsed().as_secs_f64()
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
