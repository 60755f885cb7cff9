//! A first guess of where each digit of a blurred symbol lies: digits are laid one after the other, each nearly as
//! wide as the one before, so that they follow the paper's tilt and curl.
//!
//! Must not: say which digits they are.

use super::shape::{FINENESS, Shape, Templates};

/// Samples a digit pitch.
const COARSE: usize = 20;
/// Places a mean pitch at which a digit may begin.
const PLACES: usize = 16;
/// Widths that a digit may have: steps of a twentieth around the mean.
const WIDTHS: usize = 11;
/// The shape that is looked for; coarse enough that others are alike.
const USUAL: Shape = Shape { ratio: 2.5, blur: 0.1, spread: 0.0 };
/// A digit that is a step wider or narrower than the one before costs as much as this likeness.
const STIFFNESS: f32 = 0.02;

/// Ten digits and two that look like nothing: as many as fill vectors.
const ABREAST: usize = 12;

/// Digits as they look between others, without their mean and of length 1; for each sample of a pitch, what each has.
pub(super) struct Looks([[f32; ABREAST]; COARSE]);

impl Looks {
    pub(super) fn usual() -> Self {
        let templates = Templates::of(USUAL);
        let digits = &templates.cells[..10];
        let mean = |at: usize| digits.iter().map(|cell| cell[at]).sum::<f32>() / 10.0;
        let half = FINENESS / 2;
        let look = |cell: &[f32; 2 * FINENESS]| {
            let mut look = [0.0; COARSE];
            for (place, to) in look.iter_mut().enumerate() {
                let fine = place * FINENESS / COARSE + FINENESS / COARSE / 2;
                let neighbour = if fine < half { fine + half + FINENESS } else { fine - half };
                *to = cell[fine + half] + mean(neighbour);
            }
            normalise(&mut look);
            look
        };
        let mut looks = [[0.0; ABREAST]; COARSE];
        for (digit, cell) in digits.iter().enumerate() {
            for (sample, seen) in looks.iter_mut().zip(look(cell)) {
                sample[digit] = seen;
            }
        }
        Self(looks)
    }
    /// How much a stretch of the profile looks like the digit that it looks like most.
    #[inline(always)]
    fn likeness(&self, seen: &[f32; COARSE]) -> f32 {
        let mut products = [0.0_f32; ABREAST];
        for (looks, seen) in self.0.iter().zip(seen) {
            for (product, look) in products.iter_mut().zip(looks) {
                *product += look * seen;
            }
        }
        products.into_iter().fold(-1.0, f32::max)
    }
}

#[inline(always)]
fn normalise(values: &mut [f32; COARSE]) {
    let mean = values.iter().sum::<f32>() / COARSE as f32;
    values.iter_mut().for_each(|value| *value -= mean);
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-3);
    values.iter_mut().for_each(|value| *value /= length);
}

/// Likeness of each stretch, by where it begins (the `first`, then a `step` on each time) and how wide it is.
#[inline(always)]
fn likenesses(
    profile: &[f32],
    (first, step): (f32, f32),
    places: usize,
    widths: &[f32; WIDTHS],
    looks: &Looks,
) -> Vec<[f32; WIDTHS]> {
    let last = (profile.len() - 2) as f32;
    let mut likeness = vec![[-1.0_f32; WIDTHS]; places];
    for (place, row) in likeness.iter_mut().enumerate() {
        let from = first + place as f32 * step;
        for (wide, to) in widths.iter().zip(row) {
            let mut seen = [0.0; COARSE];
            for (sample, value) in seen.iter_mut().enumerate() {
                let x = (from + wide * (sample as f32 + 0.5) / COARSE as f32).clamp(0.0, last);
                let column = x as usize;
                *value = (profile[column + 1] - profile[column]) * (column as f32 - x) - profile[column];
            }
            normalise(&mut seen);
            *to = looks.likeness(&seen);
        }
    }
    likeness
}

/// Where the digits of a symbol of `length` digits between two ends begin, and where the last one's gap ends; with
/// their mean likeness.
pub(super) fn boundaries(
    profile: &[f32],
    ends: (f32, f32),
    length: usize,
    looks: &Looks,
) -> Option<(f32, Vec<f32>)> {
    let guard = USUAL.guard();
    let pitch = (ends.1 - ends.0) / (length as f32 + 2.0 * guard + 1.0 / USUAL.modules());
    let step = pitch / PLACES as f32;
    let origin = ends.0 - pitch / 2.0;
    let places = ((ends.1 - ends.0 + pitch) / step) as usize;
    let width = |index: usize| PLACES as i32 + index as i32 - (WIDTHS / 2) as i32;
    let widths: [f32; WIDTHS] = std::array::from_fn(|index| width(index) as f32 * step);
    let likeness = pulp::Arch::new().dispatch(|| likenesses(profile, (origin, step), places, &widths, looks));
    // The first digit begins about a guard and a gap behind the first end; sums by where the last digit begins.
    let first = (guard + 1.0 / USUAL.modules() + 0.5) * PLACES as f32;
    let slack = PLACES as f32 * 0.45;
    let mut sums = vec![[f32::MIN; WIDTHS]; places];
    for (place, row) in sums.iter_mut().enumerate() {
        if (place as f32 - first).abs() <= slack {
            *row = likeness[place];
        }
    }
    let mut cames = Vec::with_capacity(length);
    for _ in 1..length {
        let mut next = vec![[f32::MIN; WIDTHS]; places];
        let mut came = vec![[0_u8; WIDTHS]; places];
        for (place, row) in sums.iter().enumerate() {
            for (before, so_far) in row.iter().enumerate() {
                let at = place + width(before) as usize;
                if *so_far == f32::MIN || at >= places {
                    continue;
                }
                for now in before.saturating_sub(1)..(before + 2).min(WIDTHS) {
                    let cost = if now == before { 0.0 } else { STIFFNESS };
                    let sum = so_far + likeness[at][now] - cost;
                    if sum > next[at][now] {
                        next[at][now] = sum;
                        came[at][now] = before as u8;
                    }
                }
            }
        }
        sums = next;
        cames.push(came);
    }
    let last = places as f32 - (guard + 0.5) * PLACES as f32;
    let mut best = (f32::MIN, 0, 0);
    for (place, row) in sums.iter().enumerate() {
        for (index, sum) in row.iter().enumerate() {
            let end = place as f32 + width(index) as f32;
            if *sum > best.0 && (end - last).abs() <= slack {
                best = (*sum, place, index);
            }
        }
    }
    let (sum, mut place, mut index) = best;
    if sum == f32::MIN {
        return None;
    }
    let mut found = vec![origin + (place as f32 + width(index) as f32) * step, origin + place as f32 * step];
    for came in cames.iter().rev() {
        let before = usize::from(came[place][index]);
        place -= width(before) as usize;
        index = before;
        found.push(origin + place as f32 * step);
    }
    found.reverse();
    Some((sum / length as f32, found))
}
