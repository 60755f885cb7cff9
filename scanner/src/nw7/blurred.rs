//! Reads a symbol whose bars blur has run together: all lines of a patch become one profile, and a drawn symbol is
//! laid over it.
//!
//! Must not: believe a digit that the next best nearly equals, that the two halves of the bars do not both show, or
//! where the drawn symbol and the seen one part.

use super::{
    elastic::Looks,
    fit::{self, Fit},
    stack,
    stripes::Patch,
};
use crate::frame::Pixels;

/// A symbol read from all lines together.
pub(super) struct Blurred {
    /// ASCII digits, guards stripped.
    pub(super) digits: Vec<u8>,
    pub(super) is_reversed: bool,
    /// The symbol's ends on a line through the patch's middle, in samples of the profile.
    pub(super) ends: (f32, f32),
    /// First and last line that count, from the patch's middle.
    pub(super) lines: (f32, f32),
    /// Lean of the stripes at the ends.
    pub(super) lean: (f32, f32),
}

/// How far a fit can be trusted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trust {
    /// The least margin of a character over the error around it.
    pub(super) margin: f32,
    /// Mean squared error.
    pub(super) error: f32,
    /// The greatest mean squared error between two characters.
    pub(super) worst: f32,
}

pub(super) fn trust(fit: &Fit) -> Trust {
    let samples = super::shape::FINENESS as f32;
    let local = |place: usize| (fit.windows[place] + fit.windows[place + 1]) / (2.0 * samples);
    let margin = fit
        .sequence
        .margins
        .iter()
        .enumerate()
        .map(|(place, margin)| margin / local(place).max(fit.error).max(1e-4))
        .fold(f32::MAX, f32::min);
    let worst = fit.windows.iter().copied().fold(0.0, f32::max) / samples;
    Trust { margin, error: fit.error, worst }
}

/// Least margin of a character, over all lines and over either half's.
const LEAST_MARGIN: f32 = 200.0;
const LEAST_HALF_MARGIN: f32 = 80.0;
/// Most mean squared error, of the whole symbol and between two characters; ink on paper is 1.
const MOST_ERROR: f32 = 0.02;
const MOST_LOCAL_ERROR: f32 = 0.05;
/// Any other number must fit worse by this factor.
const WORSE: f32 = 2.0;

/// Reads a patch; none where that cannot be done without doubt.
pub(super) fn read(pixels: Pixels<'_>, patch: &Patch, margin_px: f32) -> Option<Blurred> {
    let stack = stack::lay(pixels, patch, margin_px)?;
    let ends = fit::ends(&stack.whole, margin_px as usize);
    let dbg = std::env::var("NW7DBG").is_ok();
    if dbg {
        eprintln!(
            "  stack lines {} {} lean {:?} ends {:?} len {}",
            stack.from_px,
            stack.to_px,
            stack.lean,
            ends,
            stack.whole.len()
        );
    }
    let ends = ends?;
    let length = stack.whole.len() as f32;
    let looks = Looks::usual();
    let mut fits = Vec::new();
    for is_reversed in [false, true] {
        let ends = if is_reversed { (length - 1.0 - ends.1, length - 1.0 - ends.0) } else { ends };
        let found = fit::find(&turned(&stack.whole, is_reversed), ends, &looks);
        fits.extend(found.into_iter().map(|fit| (fit, is_reversed)));
    }
    fits.sort_by(|a, b| a.0.error.total_cmp(&b.0.error));
    if dbg {
        for (fit, rev) in &fits {
            let t = trust(fit);
            let s = |f: &Fit| f.sequence.digits().map(|d| String::from_utf8(d).unwrap());
            eprint!(
                "  FIT {rev} {:?} margin {:.1} error {:.4} worst {:.4} shape {:?}",
                s(fit),
                t.margin,
                t.error,
                t.worst,
                fit.shape
            );
            for half in &stack.halves {
                let profile = turned(half, *rev);
                match fit::carried(&profile, fit, 2) {
                    Some(f) => {
                        eprint!(" half {:?} {:.1} {:.4}", s(&f) == s(fit), trust(&f).margin, trust(&f).error)
                    }
                    None => eprint!(" half none"),
                }
            }
            eprintln!();
        }
    }
    let (fit, is_reversed) = fits.first()?;
    let digits = fit.sequence.digits()?;
    let own = trust(fit);
    let is_sure = own.margin >= LEAST_MARGIN && own.error <= MOST_ERROR && own.worst <= MOST_LOCAL_ERROR;
    let is_alone = fits.iter().skip(1).all(|(other, _)| {
        other.error >= WORSE * fit.error || other.sequence.digits().as_ref() == Some(&digits)
    });
    if !is_sure || !is_alone {
        return None;
    }
    let is_seen_in_both = stack.halves.iter().all(|half| {
        fit::carried(&turned(half, *is_reversed), fit, 2).is_some_and(|half| {
            let its = trust(&half);
            half.sequence.digits().as_ref() == Some(&digits)
                && its.margin >= LEAST_HALF_MARGIN
                && its.worst <= 2.0 * MOST_LOCAL_ERROR
        })
    });
    if !is_seen_in_both {
        return None;
    }
    let (from, to) = fit.ends();
    let ends = if *is_reversed { (length - 1.0 - to, length - 1.0 - from) } else { (from, to) };
    Some(Blurred {
        digits,
        is_reversed: *is_reversed,
        ends,
        lines: (stack.from_px, stack.to_px),
        lean: stack.lean,
    })
}

fn turned(profile: &[f32], is_reversed: bool) -> Vec<f32> {
    if is_reversed { profile.iter().rev().copied().collect() } else { profile.to_vec() }
}
