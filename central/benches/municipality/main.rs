//! A million people into the register and a million rows out of it, on each kind of database, beside what reading the
//! file and the database alone do in the same run: writes `docs/benchmarks/municipality.md`.
//! `cargo xtask bench municipality [-- --people N] [--out FILE]`
//!
//! Must not: compare figures of different runs, or leave a row uncounted.

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

mod floor;
mod memory;
mod report;
mod sample;

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    ops::ControlFlow,
    path::Path,
    sync::Arc,
    time::Instant,
};

use central::{
    csv::writer::Reader,
    people::{
        importing::{Importing, preview},
        open_data::OpenData,
        outgoing::{Ledger, OutgoingError},
        outgoing_profile::OutgoingProfile,
        profile::Profile,
        sealing::MunicipalKeys,
        walk::{Walked, walk},
    },
    storage::{
        Storage, TookEffect, Undone,
        postgres::{Connection, PostgresStorage},
        sqlite::SqliteStorage,
        unwatched,
    },
};
use entries::MORNING;
use private_postgres::PrivatePostgres;
use report::Report;
use seal::{kept::KeepingKey, random::SystemRandom};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    let people: u32 = word("--people").map_or(1_000_000, |number| number.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let files = tempfile::tempdir().unwrap();
    let csv = files.path().join("people.csv");
    sample::write(&csv, people);
    let mut report = Report::new(people);
    let parse = floor::parse(&csv);
    runtime.block_on(async {
        let storage = SqliteStorage::open(&files.path().join("register.sqlite")).unwrap();
        let floor = floor::sqlite(&csv, &files.path().join("floor.sqlite"));
        measured("SQLite", &storage, &csv, people, parse, floor, &mut report).await;
    });
    runtime.block_on(async {
        let server = PrivatePostgres::start_on_disk(&[]);
        let storage = PostgresStorage::open(&Connection::local(&server.url())).await.unwrap();
        let floor = floor::postgres(&csv, &server.url()).await;
        measured("PostgreSQL", &storage, &csv, people, parse, floor, &mut report).await;
    });
    let table = report.table();
    println!("{table}");
    if let Some(out) = word("--out") {
        // Cargo runs it in the package's own folder; a path is meant from the workspace.
        let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        std::fs::write(workspace.join(out), table).unwrap();
    }
}

/// In, the same again, out, and undone.
async fn measured(
    kind: &str,
    storage: &dyn Storage,
    csv: &Path,
    people: u32,
    parse: f64,
    floor: floor::Floor,
    report: &mut Report,
) {
    let mut random = SystemRandom::default();
    let keeping = KeepingKey::from_bytes(&[7; 32]).unwrap();
    let keys = MunicipalKeys::of(storage, &keeping, sample::town(), MORNING, &mut random).await.unwrap();
    let keys = Arc::new(keys);
    let profile = Arc::new(Profile::shipped().unwrap());
    let importing = Importing { keys: Arc::clone(&keys), profile, by: "bench".to_owned(), now: MORNING };
    let read = async || {
        let file = BufReader::new(File::open(csv).unwrap());
        let go_on = &mut |_| ControlFlow::Continue(());
        preview(storage, &importing, file, std::io::sink(), go_on).await.unwrap().0
    };
    memory::forget_peak();
    let began = Instant::now();
    let first = read().await;
    let previewed = began.elapsed().as_secs_f64();
    assert_eq!((first.counts.new, first.counts.faulty), (u64::from(people), 0));
    let took = storage
        .take_effect(sample::town(), first.import, "bench".to_owned(), MORNING, unwatched())
        .await
        .unwrap();
    assert_eq!(took, TookEffect::Done);
    let seconds = began.elapsed().as_secs_f64();
    report.time(&format!("{kind}: people in, previewed and in effect"), seconds, people);
    report.memory(&format!("{kind}: the same, peak memory of the program"), memory::peak_mib());
    let bare = parse + floor.insert;
    report.note(format!(
        "{kind}, in: preview {previewed:.1} s, taking effect {:.1} s; reading the file with the crate csv and putting its \
         plain rows into one table took {parse:.1} + {:.1} s, {:.2} of our time",
        seconds - previewed,
        floor.insert,
        bare / seconds
    ));
    let began = Instant::now();
    let again = read().await;
    assert_eq!(again.counts.unchanged, u64::from(people));
    report
        .note(format!("{kind}: the same file again, all unchanged: {:.1} s", began.elapsed().as_secs_f64()));
    assert!(storage.discard_import(sample::town(), again.import, MORNING).await.unwrap());

    let doses = sample::doses(storage, people / 5).await;
    memory::forget_peak();
    let began = Instant::now();
    let (rows, written) = out(storage, &keys).await;
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!((rows, written), (u64::from(people), u64::from(doses)));
    report.time(&format!("{kind}: rows of 予防接種台帳向け出力 and open data out"), seconds, people);
    report.memory(&format!("{kind}: the same, peak memory of the program"), memory::peak_mib());
    report.note(format!(
        "{kind}, out: {doses} of the people have a dose; reading the plain rows in order and writing them with the crate csv \
         took {:.1} s, {:.2} of our time",
        floor.read,
        floor.read / seconds
    ));
    let began = Instant::now();
    let undone = storage
        .undo_import(sample::town(), first.import, "bench".to_owned(), MORNING, unwatched())
        .await
        .unwrap();
    assert_eq!(undone, Undone::Done);
    assert_eq!(storage.count_people(sample::town()).await.unwrap(), 0);
    report.note(format!("{kind}: the import undone in {:.1} s", began.elapsed().as_secs_f64()));
}

/// How many rows were written, and how many doses were counted.
async fn out(storage: &dyn Storage, keys: &MunicipalKeys) -> (u64, u64) {
    let profile = OutgoingProfile::shipped().unwrap();
    let file = BufWriter::new(tempfile::tempfile().unwrap());
    let mut ledger = Ledger::begin(file, &profile, Reader::Program).unwrap();
    let mut open_data = OpenData::default();
    let mut doses = 0;
    let take = &mut |walked: Walked| -> Result<(), OutgoingError> {
        doses += walked.doses.len() as u64;
        open_data.take(&walked);
        ledger.take(&walked)
    };
    let rows = walk(storage, keys, take, &mut |_| ControlFlow::Continue(())).await.unwrap();
    open_data.write(std::io::sink()).unwrap();
    ledger.finish().unwrap();
    (rows, doses)
}
