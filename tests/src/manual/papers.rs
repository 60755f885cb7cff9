//! What lies under the camera in the manual: single frames of a film of sample sheets, and what the reader makes of them.
//!
//! Must not: pass a paper that is not marked as a sample.

use std::{collections::BTreeSet, sync::Arc};

use app::workflow::{event::Seen, scan::CropOf};
use record::{Witness, WitnessSet};
use scanner::{
    Acceptance, Agreement, Candidate, CaptureId, Cause, DigitState, Dispute, Expectation, Frame, Verdict,
    crop_area,
};
use sheets::{Film, FilmStyle, Level, lens::FrameSize};

use crate::site;

const SIZE: FrameSize = FrameSize { width: 1280, height: 720 };
/// Frames in which a sheet passes; in one of them it lies still, in the first it is not there yet.
const FRAMES_PER_SHEET: usize = 60;
const LIES: usize = 40;

/// A paper that two witnesses read.
pub(super) struct Paper {
    /// The frame in which it lies there.
    pub frame: Frame,
    acceptance: Acceptance,
    crop: CropOf,
}

/// The stack.
pub(super) struct Papers {
    /// Nothing lies there.
    pub desk: Frame,
    papers: std::vec::IntoIter<Paper>,
}

impl Papers {
    /// That many papers that are read at once.
    pub(super) fn new(count: usize) -> Self {
        let sheets = site::sheets(1).sheets().sheets().to_vec();
        let sheet_count = sheets.len();
        let style = FilmStyle { size: SIZE, level: Level::Good, seed: 1, frames_per_sheet: FRAMES_PER_SHEET };
        let film = Film::new(sheets, style);
        let papers: Vec<Paper> =
            (0..sheet_count).filter_map(|sheet| paper(&film, sheet)).take(count).collect();
        assert_eq!(papers.len(), count, "too few sheets are read at once");
        Self { desk: frame(&film, 0, 0), papers: papers.into_iter() }
    }

    /// The next one.
    pub(super) fn take(&mut self) -> Paper {
        self.papers.next().unwrap()
    }
}

impl Paper {
    /// Its 18 digits.
    pub(super) fn number(&self) -> String {
        self.acceptance.line.to_string()
    }

    /// What the reader says of it.
    pub(super) fn accepted(&self) -> Seen {
        Seen { verdict: Verdict::Accepted(self.acceptance.clone()), crop: Some(Arc::clone(&self.crop)) }
    }

    /// What the reader says where the barcode alone was read, and one digit of it is not the one that is printed.
    pub(super) fn disputed(&self) -> Seen {
        let candidate =
            |digit: u8, witness: Witness| Candidate { digit, witnesses: WitnessSet::of(&[witness]) };
        let number = self.number();
        let digits: [u8; 18] = number.as_bytes().try_into().unwrap();
        let mut states = digits.map(|digit| DigitState::Open(vec![candidate(digit, Witness::Nw7)]));
        for (state, digit) in states.iter_mut().zip(digits).take(8) {
            let both = WitnessSet::of(&[Witness::Nw7, Witness::OcrLine]);
            *state = DigitState::Settled(Candidate { digit, witnesses: both });
        }
        let other = if digits[17] == b'7' { b'1' } else { b'7' };
        states[17] =
            DigitState::Open(vec![candidate(digits[17], Witness::Nw7), candidate(other, Witness::OcrLine)]);
        let dispute = Dispute {
            capture: self.acceptance.capture,
            cause: Cause::Disagreement,
            digits: states,
            sightings: Vec::new(),
        };
        Seen { verdict: Verdict::ForPerson(Box::new(dispute)), crop: Some(Arc::clone(&self.crop)) }
    }
}

fn frame(film: &Film, sheet: usize, at: usize) -> Frame {
    let luma: Arc<[u8]> = film.frame(sheet * FRAMES_PER_SHEET + at).into();
    Frame::new(CaptureId(sheet as u64 + 1), SIZE.width as u32, SIZE.height as u32, luma).unwrap()
}

fn paper(film: &Film, sheet: usize) -> Option<Paper> {
    let expectation = Expectation {
        kinds: Some(BTreeSet::from(["2".parse().unwrap()])),
        dose: Some("3".parse().unwrap()),
        municipalities: Some(BTreeSet::from(["131130".parse().unwrap()])),
    };
    let frame = frame(film, sheet, LIES);
    match Agreement::default().observe(&scanner::read(&frame), &expectation) {
        Verdict::Accepted(acceptance) => {
            let crop = Arc::new(frame.crop(crop_area(&acceptance.sightings, frame.width(), frame.height())));
            Some(Paper { frame, acceptance, crop })
        }
        _ => None,
    }
}
