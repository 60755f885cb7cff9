//! How fast queued entries are taken in: tablets that were offline deliver at once, each over a TLS connection of its
//! own, with signed batches, to a central on this machine that keeps them in SQLite with full sync.
//! `cargo bench -p central [-- TABLETS ENTRIES_EACH AT_ONCE]`
//!
//! Must not: leave a receipt unverified, or count an entry that was not kept.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement: it prints, and stops at what fails"
)]

#[path = "../../tests/src/central_process.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod central_process;
#[path = "../../tests/src/entries.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod entries;
#[path = "../../tests/src/protocol_tablet.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod protocol_tablet;

use std::{sync::Arc, time::Instant};

use central::clock::Clock;
use central_process::CentralProcess;
use protocol_tablet::ProtocolTablet;
use record::{Epoch, Outcome};
use tokio::sync::Semaphore;

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|word| word.parse::<usize>().ok());
    let (tablets, each, at_once) =
        (numbers.next().unwrap_or(100), numbers.next().unwrap_or(400), numbers.next().unwrap_or(32));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for batch in [200, 50] {
        runtime.block_on(drain(tablets, each, at_once, batch));
    }
}

#[expect(clippy::disallowed_methods, reason = "it measures")]
async fn drain(tablets: usize, each: usize, at_once: usize, batch: usize) {
    let central = CentralProcess::start(Clock::system());
    let mut ready = Vec::new();
    for number in 1..=tablets {
        let mut tablet = central.enrolled_tablet(&format!("131130-{number:04}")).await;
        tablet.record_day(each);
        tablet.go_through(central.url()); // a fresh connection: the handshake is part of what is measured
        ready.push(tablet);
    }
    let permits = Arc::new(Semaphore::new(at_once));
    let began = Instant::now();
    let tasks: Vec<_> = ready
        .into_iter()
        .map(|tablet| {
            let permits = Arc::clone(&permits);
            tokio::spawn(async move {
                let _permit = permits.acquire().await.unwrap();
                deliver(tablet, batch).await
            })
        })
        .collect();
    let mut delivered = 0;
    let mut done = Vec::new();
    for task in tasks {
        let (tablet, count) = task.await.unwrap();
        delivered += count;
        done.push(tablet);
    }
    let seconds = began.elapsed().as_secs_f64();
    for tablet in done {
        let kept = central.storage().kept(tablet.tablet_id, Epoch::FIRST).await.unwrap();
        assert_eq!(kept.len(), each);
    }
    println!(
        "{tablets} tablets x {each} entries, batches of {batch}, {at_once} at once: {delivered} delivered in \
         {seconds:.2} s, {:.0} entries/s",
        delivered as f64 / seconds
    );
}

async fn deliver(tablet: ProtocolTablet, batch: usize) -> (ProtocolTablet, usize) {
    let mut delivered = 0;
    for entries in tablet.entries.chunks(batch) {
        let outcomes = tablet.outcomes(entries).await.unwrap();
        delivered += outcomes.iter().filter(|outcome| **outcome == Outcome::Delivered).count();
    }
    (tablet, delivered)
}
