//! What reading the file and the database do alone: the crate csv, and plain rows in one table with one key.
//!
//! Must not: encrypt, look up, count or check anything.

use std::{
    io::{Cursor, sink},
    path::Path,
    pin::pin,
    time::Instant,
};

use futures_util::{SinkExt as _, TryStreamExt as _};
use rusqlite::{Connection, params_from_iter};
use tokio_postgres::{NoTls, Row, types::ToSql};

/// Seconds.
pub(crate) struct Floor {
    /// To put every row in.
    pub(crate) insert: f64,
    /// To read every row in order and write it as CSV.
    pub(crate) read: f64,
}

const COLUMNS: usize = 9;

fn rows(csv: &Path) -> impl Iterator<Item = csv::StringRecord> {
    csv::Reader::from_path(csv).unwrap().into_records().map(Result::unwrap)
}

/// Seconds to read the file.
pub(crate) fn parse(csv: &Path) -> f64 {
    let began = Instant::now();
    let mut reader = csv::Reader::from_path(csv).unwrap();
    let (mut record, mut count) = (csv::StringRecord::new(), 0_u64);
    while reader.read_record(&mut record).unwrap() {
        count += record.len() as u64;
    }
    assert!(count > 0);
    began.elapsed().as_secs_f64()
}

fn table() -> String {
    let columns: Vec<String> = (0..COLUMNS).map(|column| format!("c{column} text NOT NULL")).collect();
    format!("CREATE TABLE floor (place bigint PRIMARY KEY, {})", columns.join(", "))
}

pub(crate) fn sqlite(csv: &Path, path: &Path) -> Floor {
    let mut connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = full;").unwrap();
    connection.execute_batch(&table()).unwrap();
    let parsed = parse(csv);
    let began = Instant::now();
    let transaction = connection.transaction().unwrap();
    {
        let mut insert = transaction
            .prepare("INSERT INTO floor VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
            .unwrap();
        for (place, record) in rows(csv).enumerate() {
            let place = place.to_string();
            insert.execute(params_from_iter(std::iter::once(place.as_str()).chain(record.iter()))).unwrap();
        }
    }
    transaction.commit().unwrap();
    let insert = (began.elapsed().as_secs_f64() - parsed).max(0.0);
    let began = Instant::now();
    let mut out = csv::Writer::from_writer(sink());
    let mut select = connection.prepare("SELECT * FROM floor ORDER BY place").unwrap();
    let mut found = select.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        out.write_record((1..=COLUMNS).map(|column| row.get_ref(column).unwrap().as_bytes().unwrap()))
            .unwrap();
    }
    Floor { insert, read: began.elapsed().as_secs_f64() }
}

pub(crate) async fn postgres(csv: &Path, url: &str) -> Floor {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&table()).await.unwrap();
    let parsed = parse(csv);
    let began = Instant::now();
    let mut copy =
        pin!(client.copy_in::<_, Cursor<Vec<u8>>>("COPY floor FROM STDIN (FORMAT csv)").await.unwrap());
    let mut lines = Vec::new();
    for (place, record) in rows(csv).enumerate() {
        lines.extend_from_slice(format!("{place}").as_bytes());
        for field in &record {
            lines.extend_from_slice(b",\"");
            lines.extend_from_slice(field.as_bytes());
            lines.push(b'"');
        }
        lines.push(b'\n');
        if lines.len() > 1 << 18 {
            copy.send(Cursor::new(std::mem::take(&mut lines))).await.unwrap();
        }
    }
    copy.send(Cursor::new(lines)).await.unwrap();
    copy.finish().await.unwrap();
    let insert = (began.elapsed().as_secs_f64() - parsed).max(0.0);
    let began = Instant::now();
    let mut out = csv::Writer::from_writer(sink());
    let none: [&(dyn ToSql + Sync); 0] = [];
    let mut found = pin!(client.query_raw("SELECT * FROM floor ORDER BY place", none).await.unwrap());
    while let Some(row) = found.try_next().await.unwrap() {
        let field = |row: &Row, column: usize| row.get::<_, &str>(column).to_owned();
        out.write_record((1..=COLUMNS).map(|column| field(&row, column))).unwrap();
    }
    let read = began.elapsed().as_secs_f64();
    client.batch_execute("DROP TABLE floor").await.unwrap();
    Floor { insert, read }
}
