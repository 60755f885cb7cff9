//! Everybody at once: tablets that were offline for a day come back in the same moment, each with a connection of its
//! own, and honour what the central asks.
//!
//! Must not: try again sooner than a tablet would, or leave one that was not received.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use central::storage::Storage;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::sync::Semaphore;

use crate::{
    Size,
    http::Connection,
    report::Report,
    rows::{Count, EACH},
    served::Central,
    simulated::{Tablet, enrol},
};

/// Connections that are open at once: beyond them a tablet's handshake waits in the network, as it does where a
/// balancer stands before the central.
const OPEN_AT_ONCE: usize = 1_024;
/// A tablet that finds nobody waits from 2 s on, twice as long each time, anywhere between half and whole
/// (`sync::backoff`).
const FIRST_WAIT_MS: u64 = 2_000;

pub(crate) async fn row(
    central: &mut Central,
    storage: &dyn Storage,
    size: Size,
    take: &mut impl FnMut(usize, usize) -> Vec<Arc<Tablet>>,
    report: &mut Report,
) {
    let tablets = take(size.storm, 1);
    enrol(storage, &tablets).await;
    let (asked_back, broken) = (Arc::new(Count::default()), Arc::new(Count::default()));
    let at_once = Arc::new(Semaphore::new(OPEN_AT_ONCE));
    let began = Instant::now();
    let work: Vec<_> = tablets
        .iter()
        .enumerate()
        .map(|(index, tablet)| {
            let (tablet, tls, address) = (Arc::clone(tablet), central.tls.clone(), central.address);
            let (asked_back, broken) = (Arc::clone(&asked_back), Arc::clone(&broken));
            let at_once = Arc::clone(&at_once);
            tokio::spawn(async move {
                let mut random = ChaCha8Rng::seed_from_u64(index as u64);
                let authority = address.to_string();
                let batch = &tablet.batches[0];
                let mut failures = 0_u32;
                loop {
                    let permit = at_once.acquire().await.unwrap();
                    let answer = match Connection::open(&tls, address).await {
                        Ok(mut connection) => {
                            connection.send(&tablet.head(&authority, &batch.body), &batch.body).await
                        }
                        Err(error) => Err(error),
                    };
                    drop(permit);
                    let asked_ms = match answer {
                        Ok(answer) if answer.status == 200 => return answer.body,
                        Ok(answer) => {
                            assert_eq!(answer.status, 503);
                            asked_back.add();
                            answer.retry_after_s.unwrap_or(0) * 1_000
                        }
                        Err(_) => {
                            broken.add();
                            0
                        }
                    };
                    let whole = (FIRST_WAIT_MS << failures.min(7)).min(300_000).max(asked_ms);
                    failures += 1;
                    tokio::time::sleep(Duration::from_millis(random.random_range(whole / 2..=whole))).await;
                }
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(work.len());
    for one in work {
        answers.push(one.await.unwrap());
    }
    let elapsed = began.elapsed().as_secs_f64();
    let verified = tablets
        .iter()
        .zip(&answers)
        .filter(|(tablet, answer)| tablet.is_received(&tablet.batches[0], answer, &central.receipt_keys))
        .count();
    let mut stored = 0;
    let known: std::collections::BTreeSet<_> = tablets.iter().map(|tablet| tablet.tablet_id).collect();
    for status in storage.fleet().await.unwrap() {
        if let (true, central::fleet::TabletState::Enrolled(tablet)) =
            (known.contains(&status.tablet_id), &status.state)
        {
            assert_eq!(tablet.missing(), 0);
            stored += tablet.stored();
        }
    }
    let expected = (size.storm * EACH) as u64;
    report.row(
        &format!("storm of {} tablets × 50 entries: seconds until all is received", size.storm),
        format!("{elapsed:.0}"),
        "120",
        elapsed <= 120.0,
    );
    report.row(
        "storm: receipts verified, entries stored",
        format!("{verified} of {}, {stored} of {expected}", size.storm),
        "all, each once",
        verified == size.storm && stored == expected,
    );
    report.note(format!(
        "storm: {} times a tablet was asked to come back, {} times a connection broke; at most {OPEN_AT_ONCE} connections were open at once",
        asked_back.get(),
        broken.get()
    ));
}
