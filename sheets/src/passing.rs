//! How one sheet passes: it slides in, settles while the lens finds its focus, lies, slides out.
//!
//! Must not: draw; `film` does.

/// What the sheet under the camera does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// No sheet is in view.
    Away,
    /// It slides in.
    Arriving,
    /// It lies; the first frames are still out of focus.
    Lying,
    /// It slides out.
    Leaving,
}

/// Where the sheet is in one frame, against its resting place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// What it does.
    pub phase: Phase,
    /// Offset of the paper in the frame, right and down.
    pub offset_mm: (f32, f32),
    /// Way since the frame before, right and down.
    pub step_mm: (f32, f32),
    /// Turn beyond its resting turn.
    pub turn_deg: f32,
    /// How far the lens is from its focus: 0 settled, 1 as far as it goes.
    pub hunting: f32,
}

/// Far enough that no corner is in view: the sheet comes from below or from the left, where the drawn part
/// of the page is all that can be seen on the way.
const FROM_BELOW_MM: (f32, f32) = (6.0, 96.0);
const FROM_LEFT_MM: (f32, f32) = (-140.0, 8.0);
/// Hands tremble by about this much.
const TREMBLE_MM: f32 = 0.12;

/// The moment of frame `index` of `count` in which sheet number `sheet` passes. `count` is at least 8.
#[must_use]
pub fn moment(sheet: usize, index: usize, count: usize) -> Moment {
    let here = place(sheet, index as f32, count);
    let before = place(sheet, index as f32 - 1.0, count);
    let step_mm = match here.phase {
        Phase::Away => (0.0, 0.0),
        _ => (here.offset_mm.0 - before.offset_mm.0, here.offset_mm.1 - before.offset_mm.1),
    };
    Moment { step_mm, ..here }
}

fn place(sheet: usize, frame: f32, count: usize) -> Moment {
    let count = count.max(8) as f32;
    let (away, slide) = ((count * 0.1).max(1.0).floor(), (count * 0.16).max(2.0).floor());
    let (lies_from, leaves_from) = (away + slide, count - slide);
    let (from, to) = match sheet % 4 {
        0 => (FROM_BELOW_MM, FROM_BELOW_MM),
        1 => (FROM_BELOW_MM, FROM_LEFT_MM),
        2 => (FROM_LEFT_MM, FROM_BELOW_MM),
        _ => (FROM_LEFT_MM, FROM_LEFT_MM),
    };
    let at = |phase, (x, y): (f32, f32), share: f32, turn_deg, hunting| Moment {
        phase,
        offset_mm: (x * share, y * share),
        step_mm: (0.0, 0.0),
        turn_deg,
        hunting,
    };
    if frame < away {
        return at(Phase::Away, from, 1.0, 0.0, 1.0);
    }
    if frame < lies_from {
        // Slows down towards its place.
        let left = 1.0 - (frame - away + 1.0) / (slide + 1.0);
        return at(Phase::Arriving, from, left * left, 6.0 * left, 1.0);
    }
    if frame < leaves_from {
        let since = frame - lies_from;
        let mut lying = at(Phase::Lying, from, 0.0, 0.12 * since.sin(), (-since / 2.5).exp());
        lying.offset_mm = (TREMBLE_MM * (since * 1.7).sin(), TREMBLE_MM * (since * 2.3).cos());
        return lying;
    }
    let gone = ((frame - leaves_from + 1.0) / slide).min(1.0);
    at(Phase::Leaving, to, gone * gone, -4.0 * gone, gone * 0.6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_comes_settles_and_goes() {
        for sheet in 0..4 {
            let all: Vec<Moment> = (0..60).map(|index| moment(sheet, index, 60)).collect();
            let phases: Vec<Phase> = all.iter().map(|moment| moment.phase).collect();
            let mut seen = phases.clone();
            seen.dedup();
            assert_eq!(seen, [Phase::Away, Phase::Arriving, Phase::Lying, Phase::Leaving]);
            let lying = phases.iter().filter(|phase| **phase == Phase::Lying).count();
            assert!(lying >= 30, "half of the time it lies: {lying}");
            let last_lying = all.iter().rfind(|moment| moment.phase == Phase::Lying).unwrap();
            assert!(last_lying.hunting < 0.01);
            assert!(last_lying.offset_mm.0.hypot(last_lying.offset_mm.1) < 0.3);
            assert!(all[59].offset_mm.0.hypot(all[59].offset_mm.1) > 90.0, "wholly out at the end");
        }
    }

    #[test]
    fn even_a_short_passing_has_every_phase() {
        let mut phases: Vec<Phase> = (0..8).map(|index| moment(0, index, 8).phase).collect();
        phases.dedup();
        assert_eq!(phases.len(), 4);
    }
}
