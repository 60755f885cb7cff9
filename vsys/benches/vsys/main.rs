//! Who can help whom, for a prefecture and for the nation, and the allocation of one cycle, each beside a greedy answer to the
//! same question in the same run: writes its part of `docs/benchmarks/vsys.md`.
//! `cargo xtask bench vsys [-- --quick] [--out FILE]`
//!
//! Must not: compare figures of different runs, or count as helped who is not.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement: it reads the clock, prints, and stops at what fails"
)]

mod cycle;
mod geography;
mod greedy;
mod page;
mod report;

use std::time::Instant;

use report::Report;
use vsys::proposal::{Answer, Question, propose};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_quick = words.iter().any(|word| word == "--quick");
    let out = words.iter().position(|word| word == "--out").and_then(|at| words.get(at + 1));
    let nation = if is_quick { 7_000 } else { 70_000 };
    let mut report = Report::new(is_quick);
    proposals("proposals, a prefecture", &geography::prefecture(3_000), 2.0, &mut report);
    proposals("proposals, the nation", &geography::nation(nation), 60.0, &mut report);
    cycle::measured(&mut report);
    let section = report.section();
    println!("{section}");
    if let Some(out) = out {
        page::put(out, &section);
    }
}

/// Solved and greedy, and what both leave short.
fn proposals(what: &str, question: &Question, most_seconds: f64, report: &mut Report) {
    let began = Instant::now();
    let solved = propose(question).unwrap();
    let seconds = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let greedy = greedy::helped(question);
    let greedy_seconds = began.elapsed().as_secs_f64();
    let sites = question.sites.len();
    report.at_most(&format!("{what}: {sites} facilities, seconds"), seconds, most_seconds);
    let short = solved.still_short();
    report.no_more(
        &format!("{what}: doses that stay short, beside the greedy answer's"),
        short,
        greedy.short,
    );
    report.note(format!(
        "{what}: {} doses short and {} to spare before; solved in {seconds:.2} s: {} proposals, {short} doses stay short, \
         {} km a dose; greedy in {greedy_seconds:.2} s: {} ways, {} stay short, {} km a dose",
        solved.short,
        solved.spare,
        solved.proposals.len(),
        per_dose(solved.dose_km(), moved(&solved)),
        greedy.ways,
        greedy.short,
        per_dose(greedy.dose_km, greedy.moved),
    ));
}

fn moved(answer: &Answer) -> u64 {
    answer.proposals.iter().map(|proposal| proposal.amount.doses).sum()
}

/// Kilometres for each dose, with a tenth.
fn per_dose(dose_km: u64, doses: u64) -> String {
    let tenths = (dose_km * 10).checked_div(doses).unwrap_or(0);
    format!("{}.{}", tenths / 10, tenths % 10)
}
