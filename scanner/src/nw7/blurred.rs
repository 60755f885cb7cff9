//! Reads a symbol whose bars blur has run together: all lines of a patch become one profile, and a drawn symbol is
//! laid over it.
//!
//! Must not: believe a digit that the next best nearly equals, that the two halves of the bars do not both show, or
//! where the drawn symbol and the seen one part.

use super::{
    elastic::Looks,
    ends,
    fit::{self, Fit, Guess},
    shape::FINENESS,
    stack::{self, Stack},
    stripes::Patch,
};
use crate::frame::Pixels;

/// A symbol read from all lines together.
#[derive(Debug)]
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
struct Trust {
    /// The least margin of a character over the error around it.
    margin: f32,
    /// The greatest mean squared error between two characters.
    worst: f32,
}

impl Trust {
    fn is_enough(self, least_margin: f32, most_error: f32) -> bool {
        self.margin >= least_margin && self.worst <= most_error
    }
}

fn trust(fit: &Fit) -> Trust {
    let samples = FINENESS as f32;
    let local = |place: usize| (fit.windows[place] + fit.windows[place + 1]) / (2.0 * samples);
    let margins = fit.sequence.margins.iter().enumerate();
    let margin = margins
        .map(|(place, margin)| margin / local(place).max(fit.error).max(FINEST_ERROR))
        .fold(f32::MAX, f32::min);
    Trust { margin, worst: fit.windows.iter().copied().fold(0.0, f32::max) / samples }
}

/// No print is drawn more exactly than this.
const FINEST_ERROR: f32 = 1e-4;
/// Least margin of a character, over all lines and over either half's.
const LEAST_MARGIN: f32 = 200.0;
const LEAST_HALF_MARGIN: f32 = 80.0;
/// Most mean squared error between two characters, over all lines and over either half's; ink on paper is 1.
const MOST_LOCAL_ERROR: f32 = 0.03;
const MOST_HALF_LOCAL_ERROR: f32 = 0.06;
/// Least likeness of a guess's cells to digits, and how many guesses are followed.
const LEAST_LIKENESS: f32 = 0.75;
const MOST_FITS: usize = 2;
/// Any other number must fit worse by this factor.
const WORSE: f32 = 2.0;
/// The same for the symbol read from its other end: it lies in the same place and differs in the guards alone.
const WORSE_MIRRORED: f32 = 1.4;

/// Reads a patch; none where that cannot be done without doubt.
pub(super) fn read(pixels: Pixels<'_>, patch: &Patch, margin_px: f32) -> Option<Blurred> {
    laid(&stack::lay(pixels, patch, margin_px)?, margin_px as usize)
}

/// Reads lines that are laid on one another; `margin` samples at either end are the patch's surroundings.
pub(super) fn laid(stack: &Stack, margin: usize) -> Option<Blurred> {
    let ends = ends::find(&stack.whole, margin)?;
    let length = stack.whole.len() as f32;
    let looks = Looks::usual();
    let back: Vec<f32> = stack.whole.iter().rev().copied().collect();
    let mut guesses: Vec<(Guess, bool)> = Vec::new();
    for (profile, is_reversed) in [(&stack.whole, false), (&back, true)] {
        let ends = if is_reversed { (length - 1.0 - ends.1, length - 1.0 - ends.0) } else { ends };
        guesses.extend(fit::guesses(profile, ends, &looks).into_iter().map(|guess| (guess, is_reversed)));
    }
    guesses.sort_by(|a, b| b.0.likeness.total_cmp(&a.0.likeness));
    let mut fits: Vec<(Fit, bool)> = guesses
        .iter()
        .filter(|(guess, _)| guess.likeness >= LEAST_LIKENESS)
        .take(MOST_FITS)
        .filter_map(|(guess, is_reversed)| {
            Some((fit::fitted(if *is_reversed { &back } else { &stack.whole }, guess)?, *is_reversed))
        })
        .collect();
    fits.sort_by(|a, b| a.0.error.total_cmp(&b.0.error));
    // The other way round may not have come as near by itself: it is tried from where this one lies.
    let (first, is_reversed) = fits.first()?;
    if !trust(first).is_enough(LEAST_MARGIN, MOST_LOCAL_ERROR) {
        return None;
    }
    let mirrored = fit::mirrored(if *is_reversed { &stack.whole } else { &back }, first)?;
    let (lesser, greater) = (mirrored.error.min(first.error), mirrored.error.max(first.error));
    if greater < WORSE_MIRRORED * lesser {
        return None;
    }
    if mirrored.error < first.error {
        let other_way = (mirrored, !*is_reversed);
        fits[0] = other_way;
    }
    let (fit, is_reversed) = fits.first()?;
    let digits = fit.sequence.digits()?;
    let says_so = |other: &Fit| other.sequence.digits().as_ref() == Some(&digits);
    let is_alone = fits.iter().skip(1).all(|(other, _)| other.error >= WORSE * fit.error || says_so(other));
    if !trust(fit).is_enough(LEAST_MARGIN, MOST_LOCAL_ERROR) || !is_alone {
        return None;
    }
    let is_seen_in_both = stack.halves.iter().all(|half| {
        let half = turned(half, *is_reversed);
        let carried = fit::carried(&half, fit);
        carried.is_some_and(|half| {
            says_so(&half) && trust(&half).is_enough(LEAST_HALF_MARGIN, MOST_HALF_LOCAL_ERROR)
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
