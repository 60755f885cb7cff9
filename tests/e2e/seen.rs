//! What the reader makes of sample sheets, one frame each: the same each time, for tests that hand it to the screens.
//!
//! Must not: make up a verdict that the reader did not come to.

use std::{collections::BTreeSet, sync::Arc};

use app::workflow::{event::Seen, scan::CropOf};
use scanner::{Agreement, CaptureId, Expectation, Frame, Verdict, crop_area};
use sheets::{Film, FilmStyle, Level, lens::FrameSize};

use crate::place::Place;

const SIZE: FrameSize = FrameSize { width: 1280, height: 720 };
/// Frames in which a sheet passes, and one in which it lies still.
const FRAMES_PER_SHEET: usize = 60;
const LIES: usize = 40;

/// What is made of the first sheet, as a camera of that level sees it, whose verdict is as wanted.
pub(crate) fn seen(place: &Place, level: Level, wanted: impl Fn(&Verdict) -> bool) -> Seen {
    let style = FilmStyle { size: SIZE, level, seed: 1, frames_per_sheet: FRAMES_PER_SHEET };
    let film = Film::new(place.sheets.sheets().sheets().to_vec(), style);
    let expectation = Expectation {
        kinds: Some(BTreeSet::from(["2".parse().unwrap()])),
        dose: Some("3".parse().unwrap()),
        municipalities: Some(BTreeSet::from(["131130".parse().unwrap()])),
    };
    let verdict_of = |sheet: usize| {
        let capture = CaptureId(sheet as u64 + 1);
        let luma: Arc<[u8]> = film.frame(sheet * FRAMES_PER_SHEET + LIES).into();
        let frame = Frame::new(capture, SIZE.width as u32, SIZE.height as u32, luma).unwrap();
        let reading = scanner::read(&frame);
        let verdict = Agreement::default().observe(&reading, &expectation);
        (frame, verdict)
    };
    let found = (0..place.sheets.count).map(verdict_of).find(|(_, verdict)| wanted(verdict));
    let (frame, verdict) = found.unwrap();
    let sightings = match &verdict {
        Verdict::Accepted(acceptance) => &acceptance.sightings,
        Verdict::ForPerson(dispute) => &dispute.sightings,
        _ => return Seen { verdict, crop: None },
    };
    let area = crop_area(sightings, frame.width(), frame.height());
    let crop: CropOf = Arc::new(frame.crop(area));
    Seen { verdict, crop: Some(crop) }
}
