//! What the reader makes of sample sheets, one frame each: the same each time, for tests that hand it to the screens.
//!
//! Must not: make up a verdict that the reader did not come to.

use std::{collections::BTreeSet, sync::Arc};

use app::workflow::{event::Seen, scan::CropOf};
use scanner::{Agreement, CaptureId, Cause, Expectation, Frame, Verdict, crop_area};
use sheets::{Film, FilmStyle, Level, lens::FrameSize};

use crate::place::Place;

const SIZE: FrameSize = FrameSize { width: 1280, height: 720 };
/// Frames in which a sheet passes, and one in which it lies still.
const FRAMES_PER_SHEET: usize = 60;
const LIES: usize = 40;
/// So long a sheet is looked at.
const FRAMES_AT_MOST: usize = 12;

/// What is made of the first sheet whose verdict is as wanted, as a good camera sees it and then as worse ones do.
pub(crate) fn seen(place: &Place, wanted: impl Fn(&Verdict) -> bool) -> Seen {
    let levels = [Level::Good, Level::Usual, Level::Bad];
    levels.into_iter().find_map(|level| seen_at(place, level, &wanted)).unwrap()
}

fn seen_at(place: &Place, level: Level, wanted: &impl Fn(&Verdict) -> bool) -> Option<Seen> {
    let style = FilmStyle { size: SIZE, level, seed: 1, frames_per_sheet: FRAMES_PER_SHEET };
    let film = Film::new(place.sheets.sheets().sheets().to_vec(), style);
    let expectation = Expectation {
        kinds: Some(BTreeSet::from(["2".parse().unwrap()])),
        dose: Some("3".parse().unwrap()),
        municipalities: Some(BTreeSet::from(["131130".parse().unwrap()])),
    };
    // A paper goes to a person once it has lain there for some frames.
    let verdicts_of = |sheet: usize| {
        let mut agreement = Agreement::default();
        let frames = LIES..LIES + FRAMES_AT_MOST;
        frames.map(|at| sheet * FRAMES_PER_SHEET + at).find_map(|at| {
            let luma: Arc<[u8]> = film.frame(at).into();
            let capture = CaptureId(at as u64);
            let frame = Frame::new(capture, SIZE.width as u32, SIZE.height as u32, luma).unwrap();
            let verdict = agreement.observe(&scanner::read(&frame), &expectation);
            wanted(&verdict).then_some((frame, verdict))
        })
    };
    let (frame, verdict) = (0..place.sheets.count).find_map(verdicts_of)?;
    let sightings = match &verdict {
        Verdict::Accepted(acceptance) => &acceptance.sightings,
        Verdict::ForPerson(dispute) => &dispute.sightings,
        _ => return Some(Seen { verdict, crop: None }),
    };
    let area = crop_area(sightings, frame.width(), frame.height());
    let crop: CropOf = Arc::new(frame.crop(area));
    Some(Seen { verdict, crop: Some(crop) })
}

/// With one witness only: what a person settles.
pub(crate) fn is_for_person(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::ForPerson(dispute) if dispute.cause == Cause::OneWitness)
}
