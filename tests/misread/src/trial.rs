//! One paper before the reader: frames until it is accepted, goes to a person, or is gone; and what each witness said
//! on the way.
//!
//! Must not: believe the reader; every digit is held against the paper.

use std::sync::Arc;

use scanner::{Agreement, CaptureId, DigitState, Frame, Reading, Symbol, Verdict};
use sheets::stand::Take;

use crate::plan::{self, FRAMES, Plan};

/// What became of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its own number was accepted.
    AcceptedRight,
    /// Another number was accepted: the one thing that must not happen.
    AcceptedWrong,
    /// A person is asked.
    Person {
        /// Whether a digit that the person is shown as settled is wrong.
        is_misled: bool,
    },
    /// It was gone before anything was said.
    Unread,
}

/// What one witness said of one paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Witnessed {
    /// Frames that wholly show its print.
    pub shown: u64,
    /// Frames in which it was read as printed.
    pub right: u64,
    /// Frames in which something else was read, print or not.
    pub wrong: u64,
}

/// All that came of one paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// What became of it.
    pub outcome: Outcome,
    /// Frames looked at.
    pub frames: usize,
    /// QR code, NW-7 and OCR line.
    pub witnesses: [Witnessed; 3],
}

/// Lays the paper of a plan before the reader.
pub fn pass(plan: &Plan, agreement: &mut Agreement, read: &impl Fn(&Frame) -> Reading) -> Trial {
    let take = plan.take();
    let mut trial = Trial { outcome: Outcome::Unread, frames: 0, witnesses: Default::default() };
    for index in 0..plan.frames {
        // Captures are never used twice, also not for the paper behind.
        let capture = CaptureId(plan.seed * FRAMES as u64 + index as u64);
        let Some(frame) = frame(&take, index, capture) else { continue };
        let reading = read(&frame);
        trial.frames += 1;
        count(&mut trial.witnesses, &take, &reading);
        match agreement.observe(&reading, &plan.expectation) {
            Verdict::Accepted(acceptance) => {
                let is_right = plan::truth(take.slip()) == Some(acceptance.line);
                trial.outcome = if is_right { Outcome::AcceptedRight } else { Outcome::AcceptedWrong };
                break;
            }
            Verdict::ForPerson(dispute) => {
                let printed = take.slip().digits;
                let is_misled = dispute.digits.iter().zip(printed.as_bytes()).any(|(state, printed)| {
                    matches!(state, DigitState::Settled(candidate) if candidate.digit != *printed)
                });
                trial.outcome = Outcome::Person { is_misled };
                break;
            }
            Verdict::Nothing
            | Verdict::Something { .. }
            | Verdict::ForeignQr { .. }
            | Verdict::SeveralPapers { .. }
            | Verdict::AlreadyReported { .. } => {}
        }
    }
    trial
}

/// One frame as the reader takes it.
#[must_use]
pub fn frame(take: &Take, index: usize, capture: CaptureId) -> Option<Frame> {
    let (width, height) = (plan::SIZE.width as u32, plan::SIZE.height as u32);
    Frame::new(capture, width, height, Arc::from(take.frame(index))).ok()
}

fn count(witnesses: &mut [Witnessed; 3], take: &Take, reading: &Reading) {
    let slip = take.slip();
    for (symbol, witnessed) in Symbol::ALL.into_iter().zip(witnesses) {
        let (is_shown, printed) = match symbol {
            Symbol::Qr => (take.shows_qr(), slip.has_qr.then(|| slip.digits.as_str())),
            Symbol::Nw7 => (take.shows_nw7(), slip.nw7_digits()),
            Symbol::OcrLine => (take.shows_line(), Some(slip.digits.as_str())),
        };
        witnessed.shown += u64::from(is_shown);
        let said = reading.sightings.iter().filter(|sighting| sighting.symbol == symbol);
        let (mut right, mut wrong) = (false, false);
        for sighting in said {
            let is_right = printed == Some(sighting.digits.as_str());
            (right, wrong) = (right || is_right, wrong || !is_right);
        }
        witnessed.right += u64::from(right && is_shown);
        witnessed.wrong += u64::from(wrong);
    }
}
