//! Sample sheets under a simulated camera: a floor of what must be read, and no misread at all.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use scanner::{Agreement, CaptureId, Cause, Digits, Expectation, Frame, Symbol, Verdict, crop_area, read};
use sheets::{DemoDay, Film, FilmStyle, Flaw, Level, Phase, Sheet, SheetSet, lens::FrameSize};

const FRAMES_PER_SHEET: usize = 36;

fn day() -> DemoDay {
    DemoDay {
        municipality: "131016".parse().unwrap(),
        dose: 3.try_into().unwrap(),
        kind: "2".parse().unwrap(),
    }
}

fn expectation() -> Expectation {
    Expectation {
        kinds: Some(["1", "2"].map(|kind| kind.parse().unwrap()).into()),
        dose: Some(day().dose),
        municipalities: Some(BTreeSet::from([day().municipality])),
    }
}

fn film(level: Level, seed: u64, sheets: usize) -> Film {
    let size = FrameSize { width: 1280, height: 720 };
    let set = SheetSet::demo(seed, day(), sheets);
    Film::new(set.sheets().to_vec(), FilmStyle { size, level, seed, frames_per_sheet: FRAMES_PER_SHEET })
}

fn frame(film: &Film, index: usize) -> Frame {
    let FrameSize { width, height } = film.size();
    Frame::new(CaptureId(index as u64), width as u32, height as u32, film.frame(index).into()).unwrap()
}

fn printed(sheet: &Sheet, symbol: Symbol) -> Option<&str> {
    match symbol {
        Symbol::Qr => sheet.qr_text(),
        Symbol::Nw7 => sheet.nw7_digits(),
        Symbol::OcrLine => (!sheet.flaw.hides_line()).then_some(sheet.digits.as_str()),
    }
}

/// Reads some frames of every sheet; returns how many of the lying sheets' symbols were read.
fn share_read(level: Level, seed: u64) -> BTreeMap<Symbol, f64> {
    let film = film(level, seed, 24);
    let mut counts: BTreeMap<Symbol, (u32, u32)> = BTreeMap::new();
    for index in
        (0..film.frame_count()).filter(|index| [6, 9, 18, 25, 32].contains(&(index % FRAMES_PER_SHEET)))
    {
        let reading = read(&frame(&film, index));
        let sheet = film.sheet_at(index).map(|sheet| &film.sheets()[sheet]);
        for sighting in &reading.sightings {
            let truth = sheet.and_then(|sheet| printed(sheet, sighting.symbol));
            assert!(
                truth == Some(sighting.digits.as_str())
                    && sheet.is_some_and(|sheet| sheet.flaw != Flaw::Covered),
                "{:?} misread in frame {index} at {level:?}",
                sighting.symbol
            );
        }
        let Some(sheet) = sheet.filter(|sheet| sheet.flaw != Flaw::Covered) else { continue };
        if film.phase_at(index) != Phase::Lying || index % FRAMES_PER_SHEET < 15 {
            continue;
        }
        for symbol in Symbol::ALL {
            if printed(sheet, symbol).is_some_and(|text| text.parse::<Digits>().is_ok()) {
                let (read, all) = counts.entry(symbol).or_default();
                *all += 1;
                *read += u32::from(reading.sightings.iter().any(|sighting| sighting.symbol == symbol));
            }
        }
    }
    counts.into_iter().map(|(symbol, (read, all))| (symbol, f64::from(read) / f64::from(all))).collect()
}

#[test]
fn good_frames_are_read_and_none_is_misread() {
    let share = share_read(Level::Good, 31);
    assert!(share.values().all(|share| *share >= 0.99), "{share:?}");
}

#[test]
fn usual_frames_are_mostly_read_and_none_is_misread() {
    let share = share_read(Level::Usual, 32);
    assert!(share[&Symbol::Qr] >= 0.97 && share[&Symbol::Nw7] >= 0.93, "{share:?}");
    assert!(share[&Symbol::OcrLine] >= 0.95, "{share:?}");
}

#[test]
fn bad_frames_are_never_misread() {
    let share = share_read(Level::Bad, 33);
    assert!(share[&Symbol::Qr] >= 0.75 && share[&Symbol::Nw7] >= 0.3, "{share:?}");
    assert!(share[&Symbol::OcrLine] >= 0.8, "{share:?}");
}

/// What a flaw must lead to; none where the sheet is accepted, or where nothing can be read.
fn cause_of(flaw: Flaw) -> Option<Cause> {
    match flaw {
        Flaw::None | Flaw::ScreenedOnly | Flaw::Covered => None,
        Flaw::LeadingUnread | Flaw::QrAlone | Flaw::ForeignQr => Some(Cause::OneWitness),
        Flaw::OtherNw7 => Some(Cause::Disagreement),
        Flaw::OtherMunicipality => Some(Cause::LeadingUnexpected),
        Flaw::OtherDose => Some(Cause::UnexpectedDose),
        Flaw::Misprinted => Some(Cause::MunicipalityCheckDigit),
    }
}

#[test]
fn every_sheet_of_a_day_is_accepted_or_goes_to_a_person_for_its_own_cause_once() {
    let film = film(Level::Usual, 34, 20);
    let mut agreement = Agreement::new();
    let mut reported: BTreeMap<usize, (Option<Cause>, bool)> = BTreeMap::new();
    for index in 0..film.frame_count() {
        let frame = frame(&film, index);
        let verdict = agreement.observe(&read(&frame), &expectation());
        let (capture, sightings, outcome) = match &verdict {
            Verdict::Accepted(acceptance) => {
                let sheet = film.sheet_at(index).expect("a sheet is in view");
                assert_eq!(acceptance.line.to_string(), film.sheets()[sheet].digits.as_str());
                (acceptance.capture, &acceptance.sightings, None)
            }
            Verdict::ForPerson(dispute) => (dispute.capture, &dispute.sightings, Some(dispute.cause)),
            _ => continue,
        };
        assert_eq!(capture, frame.capture(), "a verdict speaks of its own frame");
        let sheet = film.sheet_at(index).expect("a sheet is in view");
        let area = crop_area(sightings, frame.width(), frame.height());
        assert_eq!(frame.crop(area).capture(), capture);
        let before = reported.insert(sheet, (outcome, true));
        assert_eq!(before, None, "sheet {sheet} is reported once");
    }
    for (place, sheet) in film.sheets().iter().enumerate() {
        let outcome = reported.get(&place).map(|(cause, _)| *cause);
        let expected = (sheet.flaw != Flaw::Covered).then(|| cause_of(sheet.flaw));
        assert_eq!(outcome, expected, "sheet {place}: {:?}", sheet.flaw);
    }
}

#[test]
fn papers_swapped_between_two_frames_are_never_confused() {
    let film = film(Level::Good, 35, 20);
    let mut agreement = Agreement::new();
    let mut accepted = 0;
    for (place, sheet) in film.sheets().iter().enumerate().filter(|(_, sheet)| sheet.flaw == Flaw::None) {
        let mut reported_at = None;
        // Frames in which the sheet lies, straight after those in which the one before lay.
        for index in (0..8).map(|step| place * FRAMES_PER_SHEET + 18 + step) {
            match agreement.observe(&read(&frame(&film, index)), &expectation()) {
                Verdict::Accepted(acceptance) => {
                    assert_eq!(acceptance.line.to_string(), sheet.digits.as_str(), "sheet {place}");
                    assert_eq!(
                        reported_at.replace(acceptance.capture),
                        None,
                        "sheet {place} is accepted once"
                    );
                    accepted += 1;
                }
                Verdict::AlreadyReported { reported, .. } => {
                    assert_eq!(Some(reported), reported_at, "sheet {place} is not taken for the one before");
                }
                other => assert!(matches!(other, Verdict::Something { .. }), "sheet {place}: {other:?}"),
            }
        }
        assert!(reported_at.is_some(), "sheet {place} is accepted without a gap before it");
    }
    assert!(accepted >= 10);
}
