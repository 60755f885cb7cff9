//! Stock in the central at a nation's size: a facility's page, whether all of it adds up, and the last vials wanted by many
//! at once, each beside what the database alone does: writes its part of `docs/benchmarks/vsys.md`.
//! `cargo xtask bench vsys [-- --quick] [--out FILE]`
//!
//! Must not: compare figures of different runs, or count a transfer that did not move what it says.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement: it reads the clock, prints, and stops at what fails"
)]

#[path = "../../../tests/src/authenticator.rs"]
#[expect(unreachable_pub, reason = "shared with the whole-system tests, where it is public")]
mod authenticator;
#[path = "../../../tests/src/entries.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod entries;
#[path = "../central/http.rs"]
#[expect(dead_code, reason = "shared with the measurement of the central, where all is used")]
mod http;
#[path = "../../../vsys/benches/vsys/page.rs"]
mod page;
#[path = "../../../tests/src/private_postgres.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod private_postgres;
#[path = "../../../tests/src/protocol_tablet.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "shared with the whole-system tests, where it is public and all used"
)]
mod protocol_tablet;
#[path = "../central/served.rs"]
#[expect(dead_code, reason = "shared with the measurement of the central, where all is used")]
mod served;
#[path = "../../tests/https/visitor.rs"]
#[expect(dead_code, reason = "shared with the tests over HTTPS, where all is used")]
mod visitor;

mod check;
mod fill;
mod last_vials;
mod pages;
mod report;

use private_postgres::PrivatePostgres;
use report::Report;
use served::Central;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_quick = words.iter().any(|word| word == "--quick");
    let out = words.iter().position(|word| word == "--out").and_then(|at| words.get(at + 1));
    let size = if is_quick { fill::QUICK } else { fill::WHOLE };
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut report = Report::new(is_quick);
    runtime.block_on(async {
        let server = PrivatePostgres::start_on_disk(&["shared_buffers=1GB", "max_wal_size=4GB"]);
        let settings = format!("[database]\nurl = \"{}\"\n", server.url());
        let mut central = Central::make(Some(&settings));
        let storage = central.storage().await;
        let url = server.url();
        let filled = fill::fill(&url, size).await;
        report.note(format!(
            "{} facilities, {} products, {} lots, {} lines, {} accounts and {} doses of the register, written into the \
             tables at once; that they are what lines make is checked below",
            size.facilities, fill::PRODUCTS, size.lots, filled.lines, filled.accounts, filled.doses,
        ));
        pages::rows(&mut central, &storage, &url, size, &mut report).await;
        check::row(&*storage, &url, &filled, &mut report).await;
        last_vials::row(&*storage, &url, &mut report).await;
    });
    let section = report.section();
    println!("{section}");
    if let Some(out) = out {
        page::put(out, &section);
    }
}
