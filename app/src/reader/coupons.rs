//! Coupons under the camera: what each frame leads to, and what of it is new enough to be told.
//!
//! Must not: show a crop of any frame but the verdict's own.

use std::sync::Arc;

use scanner::{Agreement, Expectation, Frame, Guidance, Verdict, crop_area};

use crate::{
    camera::Shot,
    platform::monotonic_ms,
    timing::Timing,
    workflow::{Event, event::Seen, scan::CropOf},
};

/// A paper that lies unread is mentioned again after this many frames, so that the screen can offer the keypad.
const MENTION_EVERY: u32 = 30;
/// A third of a second at 15 frames a second.
const STEADY_FRAMES: u32 = 5;

/// The coupons of one task: what was said of them.
#[derive(Default)]
pub(super) struct Coupons {
    pub(super) agreement: Agreement,
    said: Said,
    guided: Steady,
}

impl Coupons {
    /// Reads a frame; what is new in it.
    pub(super) fn look(&mut self, shot: &Shot, expectation: &Expectation, timing: &Timing) -> Vec<Event> {
        let began = monotonic_ms();
        let reading = scanner::read(&shot.frame);
        timing.took("read", monotonic_ms() - began);
        let verdict = self.agreement.observe(&reading, expectation);
        if let Verdict::Accepted(acceptance) = &verdict {
            timing.accepted(acceptance.capture, shot.taken_ms);
        }
        let mut news: Vec<Event> =
            self.guided.changed(reading.guidance).map(Event::Guided).into_iter().collect();
        let now_said = Said::of(&verdict);
        if now_said.is_news_after(self.said) {
            let crop = crop(&shot.frame, &verdict);
            news.push(Event::Seen(Seen { verdict, crop }));
        }
        self.said = now_said;
        news
    }
}

/// The part of this very frame that belongs to the verdict.
fn crop(frame: &Frame, verdict: &Verdict) -> Option<CropOf> {
    let (capture, sightings) = match verdict {
        Verdict::Accepted(acceptance) => (acceptance.capture, &acceptance.sightings),
        Verdict::ForPerson(dispute) => (dispute.capture, &dispute.sightings),
        _ => return None,
    };
    (frame.capture() == capture)
        .then(|| Arc::new(frame.crop(crop_area(sightings, frame.width(), frame.height()))))
}

/// What is said to help, once the same holds for [`STEADY_FRAMES`] in a row: a hint that flickers helps nobody.
#[derive(Debug, Default)]
struct Steady {
    said: Option<Guidance>,
    next: Option<Guidance>,
    frames: u32,
}

impl Steady {
    /// What is to be said from now on, where that is something else than before.
    fn changed(&mut self, now: Option<Guidance>) -> Option<Option<Guidance>> {
        self.frames = if now == self.next { self.frames.saturating_add(1) } else { 1 };
        self.next = now;
        if now == self.said || self.frames < STEADY_FRAMES {
            return None;
        }
        self.said = now;
        Some(now)
    }
}

/// The kind of the last verdict, to tell what is new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Said {
    #[default]
    Fresh,
    Nothing,
    Something {
        frames: u32,
    },
    ForeignQr,
    SeveralPapers,
    Reported,
    StillThere,
}

impl Said {
    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Nothing => Self::Nothing,
            Verdict::Something { frames, .. } => Self::Something { frames: *frames },
            Verdict::ForeignQr { .. } => Self::ForeignQr,
            Verdict::SeveralPapers { .. } => Self::SeveralPapers,
            Verdict::Accepted(_) | Verdict::ForPerson(_) => Self::Reported,
            Verdict::AlreadyReported { .. } => Self::StillThere,
        }
    }

    fn is_news_after(self, before: Self) -> bool {
        match (self, before) {
            (Self::Something { frames }, Self::Something { .. }) => frames % MENTION_EVERY == 0,
            // A new paper may follow the one before without a gap: both are reported.
            (Self::Reported, _) => true,
            (Self::StillThere, Self::Reported) => false,
            (now, before) => now != before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_said_once_it_lasts() {
        let mut steady = Steady::default();
        let dark = Some(Guidance::TooDark);
        for _ in 0..3 {
            assert_eq!((steady.changed(dark), steady.changed(None)), (None, None), "it flickers");
        }
        let said: Vec<_> = (0..10).filter_map(|_| steady.changed(dark)).collect();
        assert_eq!(said, [dark], "once");
        let said: Vec<_> = (0..10).filter_map(|_| steady.changed(None)).collect();
        assert_eq!(said, [None], "and taken back once");
    }
}
