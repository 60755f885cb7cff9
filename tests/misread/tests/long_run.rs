//! The long run judges: a reader that lies is found out, no seed counts twice, and a run that is ended goes on.

use std::sync::atomic::{AtomicUsize, Ordering};

use misread::{
    compare::Comparison,
    plan::{self, Plan},
    report,
    run::{self, Goal},
    sums::{BLOCK, Sums},
    tally::Tally,
    trial::{Outcome, Trial},
};
use scanner::{Agreement, Confidence, Frame, InView, Point, Reading, Sighting, Symbol};
use sheets::{sheet::Nw7Content, stand::Disturbance};

/// A reading that says these digits by these symbols, whatever the frame shows.
fn said(frame: &Frame, sightings: &[(Symbol, &str)]) -> Reading {
    let corners = [Point { x: 1.0, y: 1.0 }; 4];
    let mut reading = scanner::read(frame);
    reading.sightings = sightings
        .iter()
        .map(|(symbol, digits)| Sighting {
            symbol: *symbol,
            digits: digits.parse().expect("digits of a line"),
            corners,
            confidence: Confidence::CERTAIN,
        })
        .collect();
    reading.in_view = InView::SymbolLike;
    reading
}

/// The first seed whose paper is as the day expects and that follows no other.
fn plain_seed(is_wanted: impl Fn(&Plan) -> bool) -> u64 {
    (0..).step_by(4).find(|seed| is_wanted(&Plan::of(*seed))).expect("seeds do not end")
}

/// Another coupon number of the same town.
fn other_number(digits: &str) -> String {
    let last = if digits.ends_with('9') { '8' } else { '9' };
    format!("{}{last}", &digits[..17])
}

#[test]
fn a_reader_that_tells_the_truth_is_right() {
    let seed = plain_seed(|plan| plan.is_expected && plan.slip.has_qr);
    let truth = Plan::of(seed).slip.digits.to_string();
    let read = |frame: &Frame| said(frame, &[(Symbol::Qr, &truth), (Symbol::OcrLine, &truth)]);
    let trial = misread::trial::pass(&Plan::of(seed), &mut Agreement::new(), &read);
    assert_eq!((trial.outcome, trial.frames), (Outcome::AcceptedRight, 1));
    assert_eq!(trial.witnesses.map(|witness| witness.wrong), [0, 0, 0]);
}

#[test]
fn a_reader_that_lies_is_found_out() {
    let seed = plain_seed(|plan| plan.is_expected && plan.slip.has_qr);
    let lie = other_number(Plan::of(seed).slip.digits.as_str());
    let read = |frame: &Frame| said(frame, &[(Symbol::Qr, &lie), (Symbol::OcrLine, &lie)]);
    let tally = run::judge(seed..seed + 1, &read);
    let all = tally.sum(|_| true);
    assert_eq!((all.papers, all.right, all.wrong), (1, 0, 1));
    assert_eq!(all.witnesses.map(|[_, _, wrong]| wrong), [1, 0, 1]);
    let named: Vec<_> = tally.wrong.iter().map(|wrong| (wrong.seed, wrong.what)).collect();
    assert_eq!(named, [(seed, "accepted"), (seed, "qr"), (seed, "ocr")]);
    let mut sums = Sums::default();
    sums.of("liar").add(0, tally, 1.0);
    let page = report::page(&sums, "liar");
    assert!(page.contains("**1 papers accepted, 1 of them wrong**"), "{page}");
    assert!(page.contains(&format!("{seed} (accepted)")), "its seed is named");
}

#[test]
fn a_number_of_the_paper_before_is_wrong_on_the_next() {
    let stale = Plan::of(2).slip.digits.to_string();
    let read = |frame: &Frame| said(frame, &[(Symbol::Qr, &stale), (Symbol::OcrLine, &stale)]);
    let next = Plan::of(3);
    assert!(plan::follows(3) && next.slip.digits.as_str() != stale);
    let trial = misread::trial::pass(&next, &mut Agreement::new(), &read);
    // The day may expect another town; then a person is asked, and shown digits that are not the paper's.
    assert!(matches!(trial.outcome, Outcome::AcceptedWrong | Outcome::Person { is_misled: true }));
}

#[test]
fn a_person_who_is_shown_a_wrong_digit_as_settled_counts_as_misled() {
    let seed = plain_seed(|plan| !plan.is_expected && plan.slip.has_qr);
    let lie = other_number(Plan::of(seed).slip.digits.as_str());
    let read = |frame: &Frame| said(frame, &[(Symbol::Nw7, &lie[8..]), (Symbol::OcrLine, &lie)]);
    let trial = misread::trial::pass(&Plan::of(seed), &mut Agreement::new(), &read);
    assert_eq!(trial.outcome, Outcome::Person { is_misled: true });
}

#[test]
fn the_real_reader_reads_frames_of_a_good_stand() {
    let easy = |plan: &Plan| {
        plan.seed.is_multiple_of(3)
            && plan.is_expected
            && plan.slip.has_qr
            && plan.slip.nw7 == Nw7Content::Whole
            && plan.slip.disturbance == Disturbance::None
    };
    let tally = run::judge(plain_seed(easy)..plain_seed(easy) + 1, &scanner::read);
    let all = tally.sum(|_| true);
    assert_eq!((all.papers, all.wrong), (1, 0));
    assert!(all.witnesses[0][1] > 0, "the QR code is read: {all:?}");
}

#[test]
fn seeds_share_out_levels_disturbances_and_prints() {
    let plans: Vec<Plan> = (0..3000).map(Plan::of).collect();
    let share =
        |is_so: &dyn Fn(&Plan) -> bool| plans.iter().filter(|plan| is_so(plan)).count() as f64 / 3000.0;
    for level in 1..=3 {
        let same = |plan: &Plan| misread::tally::Kind::of(plan.level, &plan.slip, true).level == level;
        assert!((share(&same) - 1.0 / 3.0).abs() < 1e-9);
    }
    for disturbance in Disturbance::ALL {
        assert!(share(&|plan| plan.slip.disturbance == disturbance) > 0.07, "{}", disturbance.name());
    }
    assert!(share(&|plan| !plan.slip.has_qr) >= 0.3);
    assert!((0.9..0.96).contains(&share(&|plan| plan.is_expected)));
    let expects = |plan: &Plan| {
        let line = plan::truth(&plan.slip).unwrap();
        let known = &plan.expectation;
        known.kinds.as_ref().unwrap().contains(&line.kind())
            && known.dose == Some(line.dose())
            && known.municipalities.as_ref().unwrap().contains(&line.municipality())
    };
    assert!(plans.iter().all(|plan| expects(plan) == plan.is_expected));
}

/// What a block gives without a paper being drawn: every seventh goes to a person.
fn made_up(first: u64) -> Tally {
    let mut tally = Tally::default();
    for seed in first..first + BLOCK {
        let outcome = if seed % 7 == 0 {
            Outcome::Person { is_misled: seed % 49 == 0 }
        } else {
            Outcome::AcceptedRight
        };
        let trial = Trial { outcome, frames: 1 + (seed % 5) as usize, witnesses: Default::default() };
        tally.add(&Plan::of(seed), &trial);
    }
    tally
}

fn goal(accepted: u64, threads: usize) -> Goal {
    Goal { accepted, from: 0, threads }
}

/// What a run leaves behind, without the time that it took.
fn left(mut sums: Sums) -> Sums {
    for (_, evidence) in &mut sums.readers {
        evidence.cpu_s = 0.0;
    }
    sums
}

#[test]
fn a_run_that_was_ended_goes_on_and_comes_to_the_same_sums() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, parts) = (folder.path().join("whole.tsv"), folder.path().join("parts.tsv"));
    let quiet = |_: &Sums| {};
    let uninterrupted = run::until(goal(1500, 1), "it", Sums::default(), &whole, &made_up, &quiet).unwrap();
    for accepted in [100, 600, 600, 1500] {
        // What the file holds is all that the next run knows.
        let before = Sums::load(&parts).unwrap();
        run::until(goal(accepted, 1), "it", before, &parts, &made_up, &quiet).unwrap();
    }
    let resumed = Sums::load(&parts).unwrap();
    assert_eq!(left(resumed), left(uninterrupted.clone()));
    assert_eq!(uninterrupted.readers[0].1.seeds, [(0, 6 * BLOCK - 1)]);
}

#[test]
fn a_block_that_was_not_finished_is_judged_again_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sums.tsv");
    let begun = AtomicUsize::new(0);
    let dies = |first: u64| {
        assert!(begun.fetch_add(1, Ordering::Relaxed) < 2, "ended in the third block");
        made_up(first)
    };
    let quiet = |_: &Sums| {};
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run::until(goal(5000, 1), "it", Sums::default(), &file, &dies, &quiet)
    }));
    assert!(!matches!(ended, Ok(Ok(_))));
    let kept = Sums::load(&file).unwrap();
    assert_eq!(kept.readers[0].1.seeds, [(0, 2 * BLOCK - 1)]);
    assert_eq!(kept.readers[0].1.next_block(0), 2 * BLOCK);
}

#[test]
fn several_threads_judge_every_block_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sums.tsv");
    let sums = run::until(goal(3000, 4), "it", Sums::default(), &file, &made_up, &|_: &Sums| {}).unwrap();
    let evidence = &sums.readers[0].1;
    let judged: u64 = evidence.seeds.iter().map(|(from, to)| to - from + 1).sum();
    assert_eq!(evidence.tally.sum(|_| true).papers, judged);
    assert!(evidence.tally.sum(|_| true).accepted() >= 3000);
}

#[test]
fn a_seed_is_never_counted_twice() {
    let mut sums = Sums::default();
    sums.of("it").add(600, made_up(600), 1.0);
    let once = sums.clone();
    sums.of("it").add(600, made_up(600), 1.0);
    assert_eq!(sums, once);
    assert_eq!((sums.of("it").next_block(0), sums.of("it").next_block(700)), (0, 900));
    // Another reader begins anew.
    assert_eq!(sums.of("another").next_block(600), 600);
}

#[test]
fn the_table_comes_back_as_it_was_written() {
    let mut sums = Sums::default();
    sums.of("it").add(0, made_up(0), 12.5);
    sums.of("it").add(900, made_up(900), 2.0);
    sums.of("before").add(300, made_up(300), 2.0);
    let cells = [((1, 0), (rate(3, 2), rate(4, 4))), ((3, 2), (rate(9, 0), rate(8, 1)))].into();
    sums.comparison = Some(Comparison { name: "others".to_owned(), cells });
    assert_eq!(Sums::parse(&sums.to_text()), Ok(sums.clone()));
    assert_eq!(Sums::parse("count\tit\t1\tnone\t1\t10\t1\t5\n"), Err(1), "a line that lacks counts");
}

fn rate(shown: u64, right: u64) -> misread::compare::Rate {
    misread::compare::Rate { shown, right }
}

#[test]
fn the_bound_is_three_over_n_where_none_is_wrong() {
    assert!((report::bound(0, 60_000) - 5e-5).abs() < 1e-12);
    assert!(report::bound(1, 60_000) > 4.7 / 60_000.0, "one wrong one widens it");
    assert!((report::bound(0, 0) - 1.0).abs() < 1e-12, "nothing read shows nothing");
}
