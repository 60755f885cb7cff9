//! The server killed under load, again and again: what was acknowledged is there, each entry once.
//!
//! Must not: wait for a quiet moment before it kills.

use std::{sync::Arc, time::Duration};

use record::Epoch;

use crate::{
    Size,
    http::Connection,
    private_postgres::PrivatePostgres,
    report::Report,
    rows::EACH,
    served::Central,
    simulated::{enrol, tablets},
};

const CLIENTS: usize = 16;

pub(crate) async fn rows(size: Size, report: &mut Report) {
    let server = PrivatePostgres::start_on_disk(&[]);
    let settings = format!("[database]\nurl = \"{}\"\n", server.url());
    row(Central::make(Some(&settings)), "PostgreSQL", size, report).await;
    row(Central::make(None), "SQLite", size, report).await;
}

async fn row(mut central: Central, what: &str, size: Size, report: &mut Report) {
    // Far more than is sent between the kills; a tablet that has sent all goes on from its first batch.
    let tablets = tablets(0, CLIENTS, 40, EACH);
    let storage = central.storage().await;
    enrol(&*storage, &tablets).await;
    drop(storage);
    central.serve();
    let stop = tokio::sync::watch::channel(false);
    let work: Vec<_> = tablets
        .iter()
        .map(|tablet| {
            let (tablet, tls, address) = (Arc::clone(tablet), central.tls.clone(), central.address);
            let (stopped, keys) = (stop.1.clone(), central.receipt_keys.clone());
            tokio::spawn(async move {
                let authority = address.to_string();
                let (mut acknowledged, mut broken, mut next) = (0, 0_u64, 0);
                while !*stopped.borrow() {
                    let batch = &tablet.batches[next % tablet.batches.len()];
                    let head = tablet.head(&authority, &batch.body);
                    let answer = match Connection::open(&tls, address).await {
                        Ok(mut connection) => connection.send(&head, &batch.body).await,
                        Err(error) => Err(error),
                    };
                    match answer {
                        Ok(answer) if answer.status == 200 => {
                            assert!(tablet.is_received(batch, &answer.body, &keys));
                            next += 1;
                            acknowledged = acknowledged.max(next.min(tablet.batches.len()));
                        }
                        _ => {
                            broken += 1;
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                    }
                }
                (acknowledged, broken)
            })
        })
        .collect();
    for kill in 0..size.kills {
        tokio::time::sleep(Duration::from_millis(60 + (kill as u64 * 37) % 160)).await;
        central.kill();
        central.serve();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.0.send_replace(true);
    let (mut acknowledged, mut broken) = (Vec::new(), 0);
    for one in work {
        let (batches, breaks) = one.await.unwrap();
        acknowledged.push(batches);
        broken += breaks;
    }
    central.kill();
    let storage = central.storage().await;
    let (mut told, mut lost, mut double) = (0, 0, 0);
    for (tablet, batches) in tablets.iter().zip(acknowledged) {
        let kept = storage.kept(tablet.tablet_id, Epoch::FIRST).await.unwrap();
        let mut places: Vec<u64> = kept.iter().map(|entry| entry.position.number()).collect();
        let rows = places.len();
        places.dedup();
        double += rows - places.len();
        told += batches * EACH;
        lost += (1..=(batches * EACH) as u64).filter(|place| places.binary_search(place).is_err()).count();
    }
    report.row(
        &format!(
            "{what}: the server killed {} times under load: acknowledged entries missing, entries twice",
            size.kills
        ),
        format!("{lost}, {double}"),
        "0, 0",
        lost == 0 && double == 0,
    );
    report.note(format!("{what}: {told} different entries were acknowledged between the kills; {broken} requests found no answer"));
}
