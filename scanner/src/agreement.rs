//! 合意: what the frames of one paper lead to. A line is accepted on the witnesses of a single frame, and on what a USB
//! scanner typed of the same paper; over several frames only patience is counted, so that no vote can cross from one
//! paper to the next.
//!
//! Must not: keep a digit for a later frame's line; read a picture; know a clock (frames are counted).

use crate::{
    frame::CaptureId,
    heard::{Heard, TypedCode},
    judgement::{Expectation, Judgement, judge},
    reading::{Digits, InView, Reading},
    verdict::{Dispute, Verdict},
};

/// Frames of one paper without acceptance before a person is asked: a late second witness is awaited.
/// At 15 frames a second about 0.7 s.
pub const PATIENCE_FRAMES: u32 = 10;
/// Frames more that are waited for one that shows as many symbols as the best so far.
pub const GRACE_FRAMES: u32 = 10;
/// Frames with digits in a row, whatever they said, after which a person is asked in any case: symbols that
/// flicker between two numbers must not keep a paper waiting for ever.
pub const LONGEST_WAIT_FRAMES: u32 = 30;
/// Frames in a row that show nothing like a code after which the view counts as cleared: what follows is a
/// new paper.
pub const CLEAR_FRAMES: u32 = 8;
/// Frames in a row without any digit, though something like a code is in view, after which what follows is a
/// new paper. Longer, because a lens that hunts for its focus or a hand over the paper looks the same.
pub const UNREAD_FRAMES: u32 = 30;
/// Frames in a row with wholly other digits than the reported paper's that make a new paper.
pub const CHANGE_FRAMES: u32 = 3;
/// Frames in a row with other digits beside the reported paper's that make a new paper.
pub const MIXED_FRAMES: u32 = 10;

/// Watches the readings of a camera, frame after frame.
#[derive(Debug, Clone, Default)]
pub struct Agreement {
    reported: Option<Reported>,
    watched: Watched,
    /// Frames in a row without anything like a code.
    clear: u32,
    /// Frames in a row without any digit.
    unread: u32,
    /// Frames in a row with something in view and nothing reported of it.
    unsettled: u32,
    /// What a USB scanner typed last.
    heard: Heard,
}

/// The paper that was accepted or handed to a person, until it is gone.
#[derive(Debug, Clone)]
struct Reported {
    capture: CaptureId,
    digits: Vec<Digits>,
    /// Frames in a row that show wholly other digits.
    changed: u32,
    /// Frames in a row that show other digits beside its own.
    mixed: u32,
}

/// The paper that is looked at and not reported yet: how long, never what it said.
#[derive(Debug, Clone, Default)]
struct Watched {
    /// What the last frame with digits read; only to notice another paper.
    last: Vec<Digits>,
    /// Frames with digits of this paper.
    frames: u32,
    /// Most symbols that one frame of it showed.
    most_symbols: usize,
    /// Frames with digits since the view was clear or a paper was reported.
    waiting: u32,
}

/// How a frame's digits stand to those of the reported paper.
enum Likeness {
    Same,
    Mixed,
    Other,
}

impl Agreement {
    /// Begins with nothing in view.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what a USB scanner typed: one more reading of the paper that is in view, or of the next one.
    pub fn hear(&mut self, code: TypedCode) {
        self.heard.take_in(code);
    }

    /// Takes in what one frame gave and says what to show for it. A paper is reported once; the day's
    /// expectation may change between frames.
    pub fn observe(&mut self, reading: &Reading, expectation: &Expectation) -> Verdict {
        if reading.sightings.is_empty() {
            self.nothing_sighted(reading);
            return match self.heard.next_frame() {
                Some(typed) => self.typed_alone(reading, typed, expectation),
                None => self.nothing_read(reading),
            };
        }
        (self.clear, self.unread) = (0, 0);
        let typed = self.still_typed(reading);
        let judgement = judge(reading, typed, expectation);
        if let Judgement::SeveralPapers = judgement {
            // Which paper is meant cannot be told; what was being watched begins anew.
            self.watched.begin_anew();
            self.unsettled = 0;
            return Verdict::SeveralPapers { capture: reading.capture };
        }
        if let Some(reported) = self.still_reported(reading) {
            self.unsettled = 0;
            return Verdict::AlreadyReported { capture: reading.capture, reported };
        }
        if self.reported.is_some() {
            return self.something(reading);
        }
        self.watched.look(reading);
        match judgement {
            Judgement::Agreed(acceptance) => {
                self.report(reading, typed);
                Verdict::Accepted(acceptance)
            }
            Judgement::Open(dispute) if self.watched.is_patience_over(&dispute) => {
                self.report(reading, typed);
                Verdict::ForPerson(dispute)
            }
            Judgement::Open(_) | Judgement::Unread | Judgement::SeveralPapers => self.something(reading),
        }
    }

    /// What was typed, unless it belongs to a paper that was in view before this frame's: one that was reported, or
    /// one that was being watched and gave way to another number.
    fn still_typed(&mut self, reading: &Reading) -> Option<TypedCode> {
        let typed = self.heard.next_frame()?;
        let is_reported = self.reported.as_ref().is_some_and(|reported| reported.knows(&typed.digits));
        let is_in_view = reading.sightings.iter().any(|seen| seen.digits.agrees_with(&typed.digits));
        let gave_way = !self.watched.last.is_empty() && !self.watched.knows_some(reading);
        if is_reported || (gave_way && !is_in_view) {
            self.heard.forget();
            return None;
        }
        Some(typed)
    }

    /// Nothing was sighted in this frame, but a number was typed: its paper is awaited, and when it does not show, a
    /// person is asked.
    fn typed_alone(&mut self, reading: &Reading, typed: TypedCode, expectation: &Expectation) -> Verdict {
        let capture = reading.capture;
        if let Some(reported) = self.reported.as_ref().filter(|reported| reported.knows(&typed.digits)) {
            self.heard.forget();
            return Verdict::AlreadyReported { capture, reported: reported.capture };
        }
        match judge(reading, Some(typed), expectation) {
            Judgement::Open(dispute) if self.heard.is_over() => {
                self.report(reading, Some(typed));
                Verdict::ForPerson(dispute)
            }
            _ => self.something(reading),
        }
    }

    /// Counts a frame without a symbol; after enough of them the view counts as cleared.
    fn nothing_sighted(&mut self, reading: &Reading) {
        self.unread = self.unread.saturating_add(1);
        self.clear = match reading.in_view {
            InView::NothingSeen => self.clear.saturating_add(1),
            InView::SymbolLike => 0,
        };
        if self.clear >= CLEAR_FRAMES || self.unread >= UNREAD_FRAMES {
            if self.watched.frames > 0 {
                // It was typed for the paper that is gone.
                self.heard.forget();
            }
            self.reported = None;
            self.watched = Watched::default();
        }
    }

    fn nothing_read(&mut self, reading: &Reading) -> Verdict {
        let capture = reading.capture;
        if reading.foreign_qr.is_some() {
            self.unsettled = 0;
            return Verdict::ForeignQr { capture };
        }
        match reading.in_view {
            InView::SymbolLike => self.something(reading),
            InView::NothingSeen => {
                self.unsettled = 0;
                Verdict::Nothing
            }
        }
    }

    fn something(&mut self, reading: &Reading) -> Verdict {
        self.unsettled = self.unsettled.saturating_add(1);
        Verdict::Something { capture: reading.capture, frames: self.unsettled }
    }

    /// The capture in which the paper in view was reported, if it still is that paper. Forgets the reported
    /// paper once another one has shown itself for long enough.
    fn still_reported(&mut self, reading: &Reading) -> Option<CaptureId> {
        let reported = self.reported.as_mut()?;
        match reported.likeness(reading) {
            Likeness::Same => {
                (reported.changed, reported.mixed) = (0, 0);
                return Some(reported.capture);
            }
            Likeness::Mixed => (reported.changed, reported.mixed) = (0, reported.mixed + 1),
            Likeness::Other => {
                (reported.changed, reported.mixed) = (reported.changed + 1, reported.mixed + 1)
            }
        }
        if reported.changed >= CHANGE_FRAMES || reported.mixed >= MIXED_FRAMES {
            self.reported = None;
            self.watched = Watched::default();
        }
        None
    }

    fn report(&mut self, reading: &Reading, typed: Option<TypedCode>) {
        let mut digits = digits_of(reading);
        // Beside a symbol what was typed may be another paper's; then it is in dispute, and not this one's mark.
        digits.extend(typed.filter(|_| reading.sightings.is_empty()).map(|typed| typed.digits));
        self.heard.forget();
        self.reported = Some(Reported { capture: reading.capture, digits, changed: 0, mixed: 0 });
        self.watched = Watched::default();
        self.unsettled = 0;
    }
}

/// Everything that was sighted of the paper in view.
fn digits_of(reading: &Reading) -> Vec<Digits> {
    reading.sightings.iter().map(|sighting| sighting.digits).collect()
}

impl Reported {
    fn knows(&self, digits: &Digits) -> bool {
        self.digits.iter().any(|own| own.agrees_with(digits))
    }
    /// Every symbol must be one of the reported: a paper half under another is not the reported one.
    fn likeness(&self, reading: &Reading) -> Likeness {
        let familiar = reading.sightings.iter().filter(|sighting| self.knows(&sighting.digits)).count();
        match familiar {
            0 => Likeness::Other,
            all if all == reading.sightings.len() => Likeness::Same,
            _ => Likeness::Mixed,
        }
    }
}

impl Watched {
    /// Whether a symbol of the frame says what one of the last frame said.
    fn knows_some(&self, reading: &Reading) -> bool {
        reading.sightings.iter().any(|seen| self.last.iter().any(|own| own.agrees_with(&seen.digits)))
    }

    /// Counts a frame with digits; another number is another paper, which begins with nothing.
    fn look(&mut self, reading: &Reading) {
        if !self.knows_some(reading) {
            self.begin_anew();
        }
        self.last = digits_of(reading);
        self.frames = self.frames.saturating_add(1);
        self.waiting = self.waiting.saturating_add(1);
        self.most_symbols = self.most_symbols.max(reading.sightings.len());
    }

    fn begin_anew(&mut self) {
        *self = Self { waiting: self.waiting, ..Self::default() };
    }

    fn is_patience_over(&self, dispute: &Dispute) -> bool {
        let shows_most = dispute.sightings.len() >= self.most_symbols;
        (self.frames >= PATIENCE_FRAMES && shows_most)
            || self.frames >= PATIENCE_FRAMES + GRACE_FRAMES
            || self.waiting >= LONGEST_WAIT_FRAMES
    }
}
