//! The console's pages over a nation's fleet, asked for as a browser does, by somebody who signed in as people do.
//!
//! Must not: count a page that was made ready for somebody else: before each question nobody asks for a while.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use central::{
    accounts::{self, InitialPassword},
    clock::Clock,
    fleet::{TabletStatus, heartbeat::Heard},
    roles::Role,
    storage::Storage,
};
use futures_util::{StreamExt as _, stream};
use record::{
    Epoch,
    wire::heartbeat::{ClockOffset, Count, FreeSpace, Heartbeat, Release, VERSION},
};
use seal::random::SystemRandom;

use crate::{
    report::{Report, quantile},
    served::Central,
    visitor::Visitor,
};

const TIMES: usize = 9;
/// After a reading nobody reads again for four times as long as it took; this is longer.
const QUIET: Duration = Duration::from_secs(3);

pub(crate) async fn rows(central: &Central, storage: &Arc<dyn Storage>, report: &mut Report) {
    let fleet = storage.fleet().await.unwrap();
    hear_all(&**storage, &fleet).await;
    let (name, initial) = ("support-1", InitialPassword::Generated);
    let (now, mut random) = (Clock::system().now(), SystemRandom::default());
    let account = name.parse().unwrap();
    let password =
        accounts::add(&**storage, account, Role::Support, initial, now, &mut random).await.unwrap();
    let mut visitor = Visitor::new(&central.authority_pem, format!("https://{}", central.address));
    visitor.sign_in(name, &password).await;
    for (what, path) in [
        ("the fleet page", "/console/fleet"),
        ("the fleet page, those whose clock is off", "/console/fleet?need=clock"),
        ("its last page", "/console/fleet?page=539"),
        ("the charts", "/console/charts"),
    ] {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            tokio::time::sleep(QUIET).await;
            let began = Instant::now();
            let page = visitor.get(path).await;
            times.push(began.elapsed().as_secs_f64() * 1e3);
            assert_eq!(page.status, 200, "{path}");
        }
        let (median, longest) = (quantile(&mut times, 0.5), quantile(&mut times, 1.0));
        report.row(
            &format!("{what} of {} tablets, over HTTPS, median and longest, ms", fleet.len()),
            format!("{median:.0}, {longest:.0}"),
            "median 300",
            median <= 300.0,
        );
    }
}

/// Every enrolled tablet tells once how it stands; one in a hundred has a wrong clock.
async fn hear_all(storage: &dyn Storage, fleet: &[TabletStatus]) {
    let now = Clock::system().now();
    stream::iter(fleet.iter().enumerate())
        .for_each_concurrent(16, |(index, status)| async move {
            let offset_ms = if index % 100 == 0 { 7_200_000 } else { 0 };
            let heartbeat = Heartbeat {
                version: VERSION,
                tablet_id: status.tablet_id,
                epoch: Epoch::FIRST,
                head: None,
                pending: Count::of(0),
                delivered: Count::of(50),
                needs_review: Count::of(0),
                set_aside: Count::of(0),
                clock_offset_s: ClockOffset::of_ms(offset_ms),
                release: Release::of_version("0.1.0"),
                free_mib: Some(FreeSpace::of_bytes(8 << 30)),
            };
            storage.keep_heartbeat(Heard { heartbeat, received_at: now }).await.unwrap();
        })
        .await;
}
