//! How fast the fleet's page is with a nation's tablets: fills a register with them, each with a batch and a heartbeat, and
//! asks for the page as a browser does. `cargo bench -p central --bench fleet [-- TABLETS]`
//!
//! Must not: answer from what was read before without saying so; both are measured.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement: it prints, reads the clock, and stops at what fails"
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

use std::time::{Duration, Instant};

use central::{
    clock::Clock,
    fleet::heartbeat::Heard,
    intake::{ChainedEntry, ReadBatch, read},
    storage::{Enrolment, Invitation, Storage},
};
use central_process::CentralProcess;
use entries::EntryMaker;
use futures_util::{StreamExt as _, stream};
use record::{
    Epoch, MunicipalityTable, Position, TabletId, WallTime,
    bytes::PublicKey,
    wire::heartbeat::{ChainHead, ClockOffset, Count, FreeSpace, Heartbeat, Release, VERSION},
};
use seal::chain;

const TIMES: usize = 20;

fn main() {
    let tablets = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(54_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure(tablets));
}

async fn measure(tablets: usize) {
    let central = CentralProcess::start(Clock::system());
    let (storage, now) = (central.storage(), Clock::system().now());
    let municipalities: Vec<_> = MunicipalityTable::shipped().iter().map(|place| place.code).collect();
    let ids = (0..tablets).map(|index| {
        let place = municipalities[index % municipalities.len()];
        TabletId::new(place, (index / municipalities.len() + 1) as u32).unwrap()
    });
    let began = Instant::now();
    stream::iter(ids.enumerate())
        .for_each_concurrent(128, |(index, id)| fill(&*storage, id, index, now))
        .await;
    println!("{tablets} tablets made in {:.1} s", began.elapsed().as_secs_f64());

    let password = central.add_account("support-1");
    let client = Console::signed_in(&central, &password).await;
    let pages = [
        ("the page, all of them", "/console/fleet"),
        ("the page, one need", "/console/fleet?need=clock"),
        ("the page, one municipality and a text", "/console/fleet?municipality=%E6%B8%8B%E8%B0%B7&text=3"),
        ("the last page", "/console/fleet?page=539"),
        ("the rows after a change", "/console/fleet/rows"),
        ("one tablet", "/console/tablets/131130-0001"),
        ("charts", "/console/charts"),
    ];
    storage.note_hour(now).await.unwrap();
    for (what, path) in pages {
        // As long after the last reading as a page that nobody had open.
        let mut alone = Vec::new();
        for _ in 0..TIMES / 4 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            alone.push(client.time(path).await);
        }
        let mut at_once = Vec::new();
        for _ in 0..TIMES {
            at_once.push(client.time(path).await);
        }
        println!("{what:40} {} | again at once {}", said(alone), said(at_once));
    }
}

fn said(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    format!("median {:6.1} ms, longest {:6.1} ms", at(50), at(100))
}

/// A tablet with a batch and a heartbeat; one in a hundred has a wrong clock.
async fn fill(storage: &dyn Storage, tablet_id: TabletId, index: usize, now: WallTime) {
    let token_digest = [7; 32];
    let device_key = PublicKey([9; 32]);
    let name = format!("{}号機", tablet_id.number()).parse().unwrap();
    let expires_at = now.plus_ms(1_000_000);
    let invitation = Invitation { tablet_id, name, token_digest, issued_at: now, expires_at };
    retried(|| storage.invite(invitation.clone())).await;
    let program = "0.1.0".parse().unwrap();
    let enrolment = Enrolment { tablet_id, token_digest, device_key, program, at: now };
    retried(|| storage.enrol(enrolment.clone())).await;
    let bytes = EntryMaker::new(tablet_id.municipality(), index as u64).vaccination().to_bytes();
    let previous = chain::genesis(tablet_id, Epoch::FIRST, &device_key);
    let hash = chain::entry_hash(&bytes);
    let link = chain::link(&previous, Position::FIRST, &hash);
    let entry = ChainedEntry { position: Position::FIRST, hash, previous, link, bytes };
    let batch = ReadBatch {
        tablet_id,
        device_key,
        epoch: Epoch::FIRST,
        last_position: Position::FIRST,
        set_aside: Vec::new(),
        clock_offset_ms: 0,
        program: "0.1.0".parse().unwrap(),
        received_at: now,
        entries: vec![read(entry)],
    };
    retried(|| storage.keep(batch.clone())).await;
    let heartbeat = Heartbeat {
        version: VERSION,
        tablet_id,
        epoch: Epoch::FIRST,
        head: Some(ChainHead { position: Count::of(1), link }),
        pending: Count::default(),
        delivered: Count::of(1),
        needs_review: Count::default(),
        set_aside: Count::default(),
        clock_offset_s: ClockOffset::of_ms(if index.is_multiple_of(100) { 90_000 } else { 0 }),
        release: Release::of_version("0.1.0"),
        free_mib: Some(FreeSpace::of_bytes(8 << 30)),
    };
    retried(|| storage.keep_heartbeat(Heard { heartbeat, received_at: now })).await;
}

/// The writer's queue may be full for a moment.
async fn retried<'a, T>(work: impl Fn() -> central::storage::Answer<'a, T>) -> T {
    loop {
        match work().await {
            Ok(done) => return done,
            Err(central::storage::StorageError::Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Somebody at a browser.
struct Console {
    client: reqwest::Client,
    url: String,
    cookie: String,
}

impl Console {
    async fn signed_in(central: &CentralProcess, password: &str) -> Self {
        let route = central.route();
        let client = protocol_tablet::client(&route.authority_pem);
        let path = format!("{}/console/sign-in", route.url);
        let form = client.get(&path).send().await.unwrap();
        let cookie = |answer: &reqwest::Response, name: &str| {
            let set = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
            let found = set.filter(|set| set.starts_with(name)).map(|set| set.split(';').next().unwrap());
            found.map(str::to_owned).next().unwrap()
        };
        let visitor = cookie(&form, "__Host-");
        let page = form.text().await.unwrap();
        let word = page.split("name=\"word\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let entered = client
            .post(&path)
            .header("origin", &route.url)
            .header("cookie", visitor)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("name=support-1&password={password}&word={word}"))
            .send()
            .await
            .unwrap();
        let cookie = cookie(&entered, "__Host-vrs-session");
        Self { client, url: route.url, cookie }
    }

    async fn time(&self, path: &str) -> Duration {
        let began = Instant::now();
        let answer = self.client.get(format!("{}{path}", self.url)).header("cookie", &self.cookie);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap();
        began.elapsed()
    }
}
