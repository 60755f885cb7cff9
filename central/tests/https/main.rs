//! The central over real HTTPS on this machine, spoken to as tablets and browsers speak to it.
//!
//! Must not: reach around the network, but to look at what was kept.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/src/authenticator.rs"]
#[expect(unreachable_pub, reason = "shared with the whole-system tests, where it is public")]
mod authenticator;
#[path = "../../../tests/src/central_process.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod central_process;
#[path = "../../../tests/src/entries.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod entries;
#[path = "../../../tests/src/people_files.rs"]
#[expect(unreachable_pub, reason = "shared with the whole-system tests, where it is public")]
mod people_files;
#[path = "../../../tests/src/private_postgres.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod private_postgres;
#[path = "../../../tests/src/protocol_tablet.rs"]
#[expect(unreachable_pub, reason = "shared with the whole-system tests, where it is public")]
mod protocol_tablet;

#[path = "../../../tests/src/provider_process.rs"]
#[expect(unreachable_pub, reason = "shared with the whole-system tests, where it is public")]
mod provider_process;

mod access;
mod accounts;
mod allocation;
mod apart;
mod batches;
mod boxes;
mod canary;
mod carried;
mod clock;
#[cfg(feature = "opentelemetry")]
mod collector;
mod console;
mod desk;
mod enrolment;
mod fleet;
mod handouts;
mod heartbeats;
mod look_ups;
mod lossy_proxy;
mod media;
mod media_killed;
mod municipal_tablets;
mod open_data;
mod operations;
mod people;
mod people_pages;
mod plain_text;
mod process;
mod program;
mod proposals;
mod provider;
mod reference;
mod refusals;
mod release;
mod reviews;
mod second_factor;
mod size;
mod stock;
mod stock_following;
#[cfg(feature = "opentelemetry")]
mod traces;
mod visitor;

use central_process::{CentralProcess, StandingClock};
use record::WallTime;

/// The central's clock in these tests: noon of the day the entries are of.
const NOON: WallTime = entries::MORNING.plus_ms(3 * 3_600_000);

fn central() -> (CentralProcess, StandingClock) {
    let clock = StandingClock::at(NOON);
    (CentralProcess::start(clock.clock()), clock)
}
