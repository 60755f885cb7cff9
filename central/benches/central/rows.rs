//! The rows of the table: connections that stay, connections of their own, everybody at once, a full register.
//!
//! Must not: mix two kinds of database in one figure.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use central::storage::{CouponKey, Storage};
use tokio::sync::Semaphore;

use crate::{
    Size,
    floor::{self, Floor},
    http::Connection,
    pages,
    private_postgres::PrivatePostgres,
    report::{Report, quantile},
    served::Central,
    simulated::{self, Tablet, enrol, tablets},
    storm,
};

/// Entries of a batch.
pub(crate) const EACH: usize = 50;
/// Clients at once.
const CLIENTS: usize = 64;

/// Everything on PostgreSQL.
pub(crate) async fn on_postgres(size: Size, report: &mut Report) {
    let server = PrivatePostgres::start_on_disk(&[
        "shared_buffers=1GB",
        "max_wal_size=4GB",
        "checkpoint_timeout=15min",
    ]);
    let settings = format!("[database]\nurl = \"{}\"\n", server.url());
    let mut central = Central::make(Some(&settings));
    let storage = central.storage().await;
    let mut next = 0;
    let mut take = |count: usize, batches: usize| {
        let made = tablets(next, count, batches, EACH);
        next += count;
        made
    };

    let batches = size.kept_alive / CLIENTS;
    let (warm, alive) = (take(CLIENTS, 4), take(CLIENTS, batches));
    let fresh = take(size.fresh, 1);
    for some in [&warm, &alive, &fresh] {
        enrol(&*storage, some).await;
    }
    central.serve();
    kept_alive(&central, &warm).await;
    let before = floor::floor(&server.url(), size.kept_alive, 620).await;
    let rate = kept_alive(&central, &alive).await;
    let after = floor::floor(&server.url(), size.kept_alive, 620).await;
    let floor = Floor {
        entries: (before.entries + after.entries) / 2.0,
        entries_and_doses: (before.entries_and_doses + after.entries_and_doses) / 2.0,
    };
    let ratio = rate.entries_a_second / floor.entries;
    report.row(
        "PostgreSQL, 50 a batch, connections that stay: entries with receipts a second",
        format!("{:.0}", rate.entries_a_second),
        "30,000",
        rate.entries_a_second >= 30_000.0,
    );
    report.row(
        "the same beside raw inserts of such rows into the entries' table alone, mean of before and after",
        format!("{ratio:.2} of {:.0}", floor.entries),
        "0.6",
        ratio >= 0.6,
    );
    report.note(format!(
        "raw inserts that also write a dose for each entry, as the central must: {:.0} a second; the central reaches {:.2} of that. Its own processor time was {:.2} s for {} entries",
        floor.entries_and_doses,
        rate.entries_a_second / floor.entries_and_doses,
        rate.cpu_s,
        alive.len() * batches * EACH,
    ));

    connections(&central, &fresh, "PostgreSQL", 450.0, report).await;
    storm::row(&mut central, &*storage, size, &mut take, report).await;
    full(&central, &storage, size, &mut take, rate.entries_a_second, report).await;
}

/// What SQLite must do.
pub(crate) async fn on_sqlite(size: Size, report: &mut Report) {
    let mut central = Central::make(None);
    let fresh = tablets(0, size.fresh, 1, EACH);
    let storage = central.storage().await;
    enrol(&*storage, &fresh).await;
    drop(storage);
    central.serve();
    connections(&central, &fresh, "SQLite, full sync", 350.0, report).await;
}

pub(crate) struct Rate {
    pub(crate) entries_a_second: f64,
    pub(crate) cpu_s: f64,
}

/// Each tablet sends its batches one after the other over one connection. Receipts are verified afterwards, so that
/// the tablets' work does not count as the central's.
pub(crate) async fn kept_alive(central: &Central, tablets: &[Arc<Tablet>]) -> Rate {
    let authority = central.address.to_string();
    let cpu = central.cpu_s();
    let began = Instant::now();
    let work: Vec<_> = tablets
        .iter()
        .map(|tablet| {
            let (tablet, tls, address) = (Arc::clone(tablet), central.tls.clone(), central.address);
            let authority = authority.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(&tls, address).await.unwrap();
                let mut answers = Vec::with_capacity(tablet.batches.len());
                for batch in &tablet.batches {
                    let head = tablet.head(&authority, &batch.body);
                    let answer = connection.send(&head, &batch.body).await.unwrap();
                    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
                    answers.push(answer.body);
                }
                answers
            })
        })
        .collect();
    let mut answers = Vec::new();
    for one in work {
        answers.push(one.await.unwrap());
    }
    let elapsed = began.elapsed().as_secs_f64();
    let cpu_s = central.cpu_s() - cpu;
    let mut entries = 0;
    for (tablet, answers) in tablets.iter().zip(&answers) {
        for (batch, answer) in tablet.batches.iter().zip(answers) {
            assert!(tablet.is_received(batch, answer, &central.receipt_keys), "{:?}", tablet.tablet_id);
            entries += EACH;
        }
    }
    Rate { entries_a_second: entries as f64 / elapsed, cpu_s }
}

/// A new connection and a signed request for each tablet.
async fn connections(
    central: &Central,
    tablets: &[Arc<Tablet>],
    what: &str,
    asked: f64,
    report: &mut Report,
) {
    let authority = central.address.to_string();
    let at_once = Arc::new(Semaphore::new(CLIENTS));
    let began = Instant::now();
    let mut work = Vec::with_capacity(tablets.len());
    for tablet in tablets {
        let permit = Arc::clone(&at_once).acquire_owned().await.unwrap();
        let (tablet, tls, address) = (Arc::clone(tablet), central.tls.clone(), central.address);
        let authority = authority.clone();
        work.push(tokio::spawn(async move {
            let began = Instant::now();
            let mut connection = Connection::open(&tls, address).await.unwrap();
            let batch = &tablet.batches[0];
            let answer = connection.send(&tablet.head(&authority, &batch.body), &batch.body).await.unwrap();
            assert_eq!(answer.status, 200);
            drop(permit);
            (began.elapsed().as_secs_f64() * 1e3, answer.body)
        }));
    }
    let mut answers = Vec::with_capacity(tablets.len());
    for one in work {
        answers.push(one.await.unwrap());
    }
    let rate = tablets.len() as f64 / began.elapsed().as_secs_f64();
    for (tablet, (_, answer)) in tablets.iter().zip(&answers) {
        assert!(tablet.is_received(&tablet.batches[0], answer, &central.receipt_keys));
    }
    let mut times: Vec<f64> = answers.iter().map(|(ms, _)| *ms).collect();
    let p99 = quantile(&mut times, 0.99);
    report.row(
        &format!("{what}: tablets a second, each with a new TLS connection and 50 entries, 64 at once"),
        format!("{rate:.0}"),
        &format!("{asked:.0}"),
        rate >= asked,
    );
    report.row(
        &format!("{what}: the same, p99 from connecting to the receipt, ms"),
        format!("{p99:.0}"),
        "500",
        p99 <= 500.0,
    );
}

/// The same rate, look-ups and the fleet page once the register is full.
async fn full(
    central: &Central,
    storage: &Arc<dyn Storage>,
    size: Size,
    take: &mut impl FnMut(usize, usize) -> Vec<Arc<Tablet>>,
    fresh_rate: f64,
    report: &mut Report,
) {
    let mut entries = (size.storm + size.fresh) as u64 * EACH as u64 + size.kept_alive as u64 * EACH as u64;
    while entries < size.full {
        let more = take(CLIENTS, 100);
        enrol(&**storage, &more).await;
        kept_alive(central, &more).await;
        entries += (CLIENTS * 100 * EACH) as u64;
    }
    let again = take(CLIENTS, size.kept_alive / CLIENTS);
    enrol(&**storage, &again).await;
    let rate = kept_alive(central, &again).await;
    let ratio = rate.entries_a_second / fresh_rate;
    report.row(
        &format!("after {entries} entries: rate beside the fresh register's"),
        format!("{ratio:.2} ({:.0} a second)", rate.entries_a_second),
        "0.5",
        ratio >= 0.5,
    );
    let mut times = Vec::new();
    for step in 0..2_000_usize {
        let (index, person) = ((step * 7_919) % size.storm, step % EACH);
        let all = simulated::municipalities();
        let place = 2 * CLIENTS + size.fresh + index;
        let coupon = CouponKey {
            municipality: if person % 12 == 11 {
                all[(place + person) % all.len()]
            } else {
                all[place % all.len()]
            },
            number: format!("{:010}", place * 10_000 + person).parse().unwrap(),
        };
        let began = Instant::now();
        let found = storage.standing_doses(coupon).await.unwrap();
        times.push(began.elapsed().as_secs_f64() * 1e3);
        assert_eq!(found.len(), 1, "{step}");
    }
    let p99 = quantile(&mut times, 0.99);
    report.row("a person's doses looked up in it, p99, ms", format!("{p99:.2}"), "20", p99 <= 20.0);

    let tablets = storage.fleet().await.unwrap().len();
    if tablets < size.fleet {
        enrol(&**storage, &take(size.fleet - tablets, 0)).await;
    }
    pages::rows(central, storage, report).await;
}

/// How many of something were done, by many at once.
#[derive(Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}
