//! How many bytes an entry costs on the line.

use super::{central, protocol_tablet::ZSTD_LEVEL};
use record::wire::batch;

/// What the issue allows a full batch to cost for each entry.
const MOST_BYTES_AN_ENTRY: f64 = 120.0;

#[tokio::test]
async fn an_entry_of_a_full_batch_costs_at_most_120_bytes() {
    let (central, _) = central();
    let mut tablet = central.invited_tablet("131130-0017");
    tablet.record_day(batch::MOST_ENTRIES);
    let plain = batch::encode(
        &tablet.header(&tablet.entries),
        tablet.entries.iter().map(|entry| entry.bytes.as_slice()),
    );
    let an_entry = |bytes: usize| bytes as f64 / batch::MOST_ENTRIES as f64;
    println!("plain: {:.1} bytes an entry", an_entry(plain.len()));
    for level in 3..=19 {
        let packed = zstd::bulk::compress(&plain, level).unwrap();
        println!("level {level}: {:.1} bytes an entry", an_entry(packed.len()));
    }
    let packed = tablet.pack(&tablet.header(&tablet.entries), &tablet.entries);
    assert!(an_entry(packed.len()) <= MOST_BYTES_AN_ENTRY, "{} bytes at level {ZSTD_LEVEL}", packed.len());
}
