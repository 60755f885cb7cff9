//! The page: what the sums say, in tables.
//!
//! Must not: hide a wrong one, or give a bound without the share that was left to a person.

use std::fmt::Write as _;

use sheets::stand::Disturbance;

use crate::{
    compare::{Comparison, PRINTS, Rate},
    sums::{Evidence, Sums},
    tally::{Counts, Kind, Tally, Wrong},
};

/// Wrong ones that the page names; the table beside it has all.
const NAMED: usize = 40;

/// The page for the reader of that mark.
#[must_use]
pub fn page(sums: &Sums, reader: &str) -> String {
    let nothing = Evidence::default();
    let evidence = sums.readers.iter().find(|(name, _)| name == reader).map_or(&nothing, |(_, it)| it);
    let mut page = String::from(
        "# Misreadings in a long run\n\nWritten by `cargo xtask bench misread`; not by hand. The sums lie beside this \
         page in `misread.tsv`;\na later run goes on from them.\n\n",
    );
    headline(&mut page, evidence);
    by_level(&mut page, &evidence.tally);
    by_disturbance(&mut page, &evidence.tally);
    by_print(&mut page, &evidence.tally);
    witnesses(&mut page, &evidence.tally);
    wrong_ones(&mut page, &evidence.tally);
    if let Some(comparison) = &sums.comparison {
        compared(&mut page, comparison);
    }
    seeds(&mut page, sums, reader, evidence);
    page.push_str(HOW);
    page
}

/// The most that the share of wrong ones can be, at 95 %: exact for none, and Poisson's for the first few.
#[must_use]
pub fn bound(wrong: u64, accepted: u64) -> f64 {
    // Half the 95 % quantile of chi-squared with 2 (wrong + 1) degrees of freedom; 3 stands for the usual 2.996.
    const MOST: [f64; 6] = [3.0, 4.744, 6.296, 7.754, 9.154, 10.513];
    let most = MOST.get(wrong as usize).copied();
    let most = most.unwrap_or_else(|| wrong as f64 + 1.0 + 1.645 * (wrong as f64 + 1.0).sqrt());
    if accepted == 0 { 1.0 } else { (most / accepted as f64).min(1.0) }
}

fn headline(page: &mut String, evidence: &Evidence) {
    let all = evidence.tally.sum(|_| true);
    let accepted = all.accepted();
    let _ = writeln!(
        page,
        "**{accepted} papers accepted, {} of them wrong**: with 95 % confidence at most {:.2e} of the accepted are \
         wrong\n({}/{accepted}). Of {} papers {} were accepted, {} went to a person, {} were gone unread.\n\
         Processor time: {:.0} s, {:.0} ms a paper with its {:.1} frames, drawing them included.\n",
        all.wrong,
        bound(all.wrong, accepted),
        if all.wrong == 0 {
            "3".to_owned()
        } else {
            format!("{:.1}", bound(all.wrong, accepted) * accepted as f64)
        },
        all.papers,
        percent(accepted, all.papers),
        percent(all.person, all.papers),
        percent(all.unread, all.papers),
        evidence.cpu_s,
        evidence.cpu_s * 1000.0 / all.papers.max(1) as f64,
        all.frames as f64 / all.papers.max(1) as f64,
    );
}

const FARE_HEAD: &str = "papers | accepted | **wrong** | bound (95 %) | to a person | of these misled | unread | frames \
                         until accepted, p50 / p95 |";
const FARE_RULE: &str = "---|---|---|---|---|---|---|---|";

fn fare(page: &mut String, name: &str, counts: &Counts) {
    let accepted = counts.accepted();
    let _ = writeln!(
        page,
        "| {name} | {} | {accepted} ({}) | **{}** | {:.1e} | {} | {} | {} | {} / {} |",
        counts.papers,
        percent(accepted, counts.papers),
        counts.wrong,
        bound(counts.wrong, accepted),
        percent(counts.person, counts.papers),
        counts.misled,
        percent(counts.unread, counts.papers),
        frames_until(counts, 0.5),
        frames_until(counts, 0.95),
    );
}

fn by_level(page: &mut String, tally: &Tally) {
    let _ = writeln!(page, "## By level\n\n| level | {FARE_HEAD}\n|---|{FARE_RULE}");
    for level in 1..=3 {
        fare(page, &level.to_string(), &tally.sum(|kind| kind.level == level));
        let none = |kind: &Kind| kind.level == level && kind.disturbance == Disturbance::None;
        fare(page, &format!("{level}, undisturbed"), &tally.sum(none));
    }
    fare(page, "all", &tally.sum(|_| true));
    page.push('\n');
}

fn by_disturbance(page: &mut String, tally: &Tally) {
    let _ = writeln!(page, "## By disturbance\n\n| what | {FARE_HEAD}\n|---|{FARE_RULE}");
    for disturbance in Disturbance::ALL {
        let name = match disturbance {
            Disturbance::None => "none",
            Disturbance::Torch => "dark stand with a torch",
            Disturbance::Seal => "seals over the print",
            Disturbance::Pen => "pen strokes over the print",
            Disturbance::Askew => "sticker pasted askew",
            Disturbance::Sharpened => "camera that sharpens",
            Disturbance::Smeared => "smeared by motion",
            Disturbance::Stretched => "stretched digits",
        };
        fare(page, name, &tally.sum(|kind| kind.disturbance == disturbance));
    }
    page.push('\n');
}

fn by_print(page: &mut String, tally: &Tally) {
    let _ =
        writeln!(page, "## By what is printed beside the line\n\n| print | {FARE_HEAD}\n|---|{FARE_RULE}");
    for has_qr in [true, false] {
        for nw7 in [18, 10, 0] {
            let codes = match (has_qr, nw7) {
                (true, 0) => "QR code".to_owned(),
                (false, 0) => "nothing".to_owned(),
                (true, digits) => format!("QR code and NW-7 of {digits}"),
                (false, digits) => format!("NW-7 of {digits}"),
            };
            for is_expected in [true, false] {
                let day = if is_expected { "as the day expects" } else { "another than the day expects" };
                let same =
                    |kind: &Kind| (kind.has_qr, kind.nw7, kind.is_expected) == (has_qr, nw7, is_expected);
                fare(page, &format!("{codes}; {day}"), &tally.sum(same));
            }
        }
    }
    let without_qr = tally.sum(|kind| !kind.has_qr);
    let all = tally.sum(|_| true);
    let of_level = |level| percent(tally.sum(|kind| kind.level == level).accepted(), all.accepted());
    let witnessed = tally.sum(|kind| kind.has_two_witnesses() && kind.is_expected);
    let _ = writeln!(
        page,
        "\n{} of the papers carry no QR code, and {} of the accepted; of the accepted, {}, {} and {} are of levels 1, 2 \
         and 3. A paper that the day does not expect goes to a person by design; of \
         those that it\nexpects and that have two witnesses for all 18 digits, {} were accepted.\n",
        percent(without_qr.papers, all.papers),
        percent(without_qr.accepted(), all.accepted()),
        of_level(1),
        of_level(2),
        of_level(3),
        percent(witnessed.accepted(), witnessed.papers),
    );
}

fn witnesses(page: &mut String, tally: &Tally) {
    page.push_str(
        "## Each witness by itself\n\nOf the frames that wholly show its print (the first of each paper are out of \
         focus, and looking ends when a paper\nis accepted or handed over, so easy papers weigh little): how many it \
         read, and in how many it said something else.\n\n| level | QR read | **QR wrong** | NW-7 read | **NW-7 \
         wrong** | OCR read | **OCR wrong** |\n|---|---|---|---|---|---|---|\n",
    );
    let mut row = |name: &str, counts: &Counts| {
        let _ = write!(page, "| {name} |");
        for [shown, right, wrong] in counts.witnesses {
            let _ = write!(page, " {} of {shown} | **{wrong}** |", percent(right, shown));
        }
        page.push('\n');
    };
    for level in 1..=3 {
        row(&level.to_string(), &tally.sum(|kind| kind.level == level));
    }
    row("all", &tally.sum(|_| true));
    page.push('\n');
}

fn wrong_ones(page: &mut String, tally: &Tally) {
    if tally.wrong.is_empty() {
        page.push_str("No paper and no witness was wrong.\n\n");
        return;
    }
    page.push_str("Seeds at which something was wrong, for `--replay SEED --out FOLDER`: ");
    let mut named: Vec<&Wrong> = tally.wrong.iter().collect();
    // What was accepted wrongly comes first.
    named.sort_by_key(|wrong| (wrong.what != "accepted", wrong.what != "misled", wrong.seed));
    let words: Vec<String> =
        named.iter().take(NAMED).map(|it| format!("{} ({})", it.seed, it.what)).collect();
    page.push_str(&words.join(", "));
    if named.len() > NAMED {
        let _ = write!(page, " and {} more", named.len() - NAMED);
    }
    page.push_str(".\n\n");
}

fn compared(page: &mut String, comparison: &Comparison) {
    let _ = writeln!(
        page,
        "## The synthesiser beside another one\n\nSingle frames, lens in focus, undisturbed, half 1280 × 720 and half \
         1920 × 1080, with the same reader; theirs are the\nframes of `{}` (another program after the same description \
         of the levels). Read of those that show the print, and the\nstandard error of each share.\n\n| level | \
         print | theirs | ours | difference, points |\n|---|---|---|---|---|",
        comparison.name,
    );
    for ((level, print), (theirs, ours)) in &comparison.cells {
        let share = |rate: &Rate| rate.right as f64 / rate.shown.max(1) as f64 * 100.0;
        let error = |rate: &Rate| {
            let p = share(rate) / 100.0;
            (p * (1.0 - p) / rate.shown.max(1) as f64).sqrt() * 100.0
        };
        let rate = |rate: &Rate| format!("{:.1} % of {} (± {:.1})", share(rate), rate.shown, error(rate));
        let _ = writeln!(
            page,
            "| {level} | {} | {} | {} | {:+.1} |",
            PRINTS[*print],
            rate(theirs),
            rate(ours),
            share(ours) - share(theirs),
        );
    }
    page.push('\n');
}

fn seeds(page: &mut String, sums: &Sums, reader: &str, evidence: &Evidence) {
    let ranges: Vec<String> = evidence.seeds.iter().map(|(from, to)| format!("{from} to {to}")).collect();
    let _ =
        writeln!(page, "## Seeds\n\nReader and synthesiser of mark `{reader}`: seeds {}.", ranges.join(", "));
    for (name, other) in sums.readers.iter().filter(|(name, _)| name != reader) {
        let all = other.tally.sum(|_| true);
        let _ = writeln!(
            page,
            "Before, of mark `{name}`: {} papers, {} accepted, {} of them wrong.",
            all.papers,
            all.accepted(),
            all.wrong,
        );
    }
    page.push('\n');
}

fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", part as f64 / whole as f64 * 100.0) }
}

fn frames_until(counts: &Counts, share: f64) -> String {
    let wanted = (counts.accepted() as f64 * share).ceil() as u64;
    let mut so_far = 0;
    let place = counts.accepted_at.iter().position(|papers| {
        so_far += papers;
        wanted > 0 && so_far >= wanted
    });
    place.map_or("–".to_owned(), |place| (place + 1).to_string())
}

const HOW: &str = "\
## How

`sheets::stand` draws each paper once: a number of its own, layout, typeface (OCR-B for seven in ten; OCR-A, DejaVu Sans
Mono, Cousine, Arimo, Noto Sans JP), toner and wear by lot, a QR code on 65 %, an NW-7 on 85 % (three in four of ten
digits). It is laid under a camera of 1280 × 720 with the turn, tilt, curl, distance, blur, light, glare, moiré, noise,
sharpening and JPEG loss of its level (a third of the papers each), seven in ten with one disturbance more. 12 to 16
frames follow: half of the lenses settle in the first few, the paper trembles, each frame has its own noise. Every frame goes
through `scanner::read` and `scanner::Agreement` with the day's settings until the paper is accepted, goes to a person, or
is gone. Every fourth paper is pushed in right behind the one before, without a gap. 93 % of the papers are what the day
expects; the others differ in kind, dose or municipality.

*Accepted* counts once a paper; *wrong* is any accepted number that is not the paper's, digit for digit. *Misled* is a
paper handed to a person with a digit shown as settled that is not the paper's. The bound is 3/N where none is wrong,
otherwise Poisson's. The same program gives the same frames for a seed, and no seed counts twice. The mark
tells readers apart by what they say of 240 fixed frames, most of them bad, to the bit of each corner.
";
