//! The central under load, beside what the database alone does: writes the table of `docs/benchmarks/central.md`.
//! `cargo xtask bench central [-- --quick] [--only postgres|sqlite|kill] [--out FILE]`
//!
//! Must not: leave a receipt unverified, count an entry that was not kept, or compare figures of different runs.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement: it reads the clock, prints, and stops at what fails"
)]

#[path = "../../../tests/src/entries.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod entries;
#[path = "../../../tests/src/private_postgres.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod private_postgres;

#[path = "../../../tests/src/authenticator.rs"]
#[expect(unreachable_pub, reason = "shared with the whole-system tests, where it is public")]
mod authenticator;
#[path = "../../../tests/src/protocol_tablet.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod protocol_tablet;
#[path = "../../tests/https/visitor.rs"]
#[expect(dead_code, reason = "shared with the tests over HTTPS, where all is used")]
mod visitor;

mod floor;
mod http;
mod kill;
mod pages;
mod report;
mod rows;
mod served;
mod simulated;
mod storm;

use report::Report;

/// How much is done.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Batches of 50 sent over connections that stay.
    pub(crate) kept_alive: usize,
    /// Tablets that come with a connection of their own.
    pub(crate) fresh: usize,
    /// Tablets that come back at once.
    pub(crate) storm: usize,
    /// Entries before the rows on a full register.
    pub(crate) full: u64,
    /// Tablets on the fleet page.
    pub(crate) fleet: usize,
    /// How often the server is killed.
    pub(crate) kills: usize,
}

const WHOLE: Size =
    Size { kept_alive: 6_000, fresh: 8_000, storm: 50_000, full: 3_000_000, fleet: 54_000, kills: 100 };
const QUICK: Size =
    Size { kept_alive: 3_000, fresh: 800, storm: 1_500, full: 100_000, fleet: 2_000, kills: 5 };

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let size = if words.iter().any(|word| word == "--quick") { QUICK } else { WHOLE };
    let out = words.iter().position(|word| word == "--out").and_then(|at| words.get(at + 1));
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut report = Report::default();
    let only = words.iter().position(|word| word == "--only").and_then(|at| words.get(at + 1));
    let is_asked = |part: &str| only.is_none_or(|only| only == part);
    if is_asked("postgres") {
        runtime.block_on(rows::on_postgres(size, &mut report));
    }
    if is_asked("sqlite") {
        runtime.block_on(rows::on_sqlite(size, &mut report));
    }
    if is_asked("kill") {
        runtime.block_on(kill::rows(size, &mut report));
    }
    let table = report.table(&words);
    println!("{table}");
    if let Some(out) = out {
        // Cargo runs it in the package's own folder; a path is meant from the workspace.
        let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        std::fs::write(workspace.join(out), table).unwrap();
    }
}
