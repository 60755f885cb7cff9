//! Which characters explain a grey profile best, and by how much the next best does worse.
//!
//! Must not: know where the profile comes from.

use super::shape::{CELLS, FINENESS, GUARDS, SPAN, Templates};

/// Symbols whose characters may stand at one place at most.
const CHOICES: usize = CELLS;

/// Characters from guard to guard; an index into the templates each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sequence {
    pub(super) characters: Vec<usize>,
    /// Squared error of the whole.
    pub(super) error: f32,
    /// By how much the squared error grows when that character must be another.
    pub(super) margins: Vec<f32>,
}

impl Sequence {
    /// The digits; none where a character of a coupon's symbol is no digit.
    pub(super) fn digits(&self) -> Option<Vec<u8>> {
        let inner = self.characters.get(1..self.characters.len().checked_sub(1)?)?;
        inner.iter().map(|cell| (*cell < 10).then_some(b'0' + *cell as u8)).collect()
    }
}

/// Templates of the characters that may stand at `place` of a symbol of `length` digits.
fn choices(templates: &Templates, place: usize, length: usize) -> &[[f32; SPAN]] {
    if place == 0 {
        &templates.starts
    } else if place == length + 1 {
        &templates.stops
    } else {
        &templates.cells
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 4];
    for (a, b) in a.chunks_exact(4).zip(b.chunks_exact(4)) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums[0] + sums[1] + sums[2] + sums[3]
}

/// Squared error of `seen` against all pairs of a right half and a left half, without `seen`'s own square.
fn pair_errors(seen: &[f32], before: &[[f32; SPAN]], after: &[[f32; SPAN]]) -> [[f32; CHOICES]; CHOICES] {
    let mut errors = [[0.0; CHOICES]; CHOICES];
    let lefts: Vec<f32> =
        after.iter().map(|b| dot(&b[..FINENESS], &b[..FINENESS]) - 2.0 * dot(&b[..FINENESS], seen)).collect();
    for (a, row) in before.iter().zip(&mut errors) {
        let right = &a[FINENESS..];
        let own = dot(right, right) - 2.0 * dot(right, seen);
        for ((b, left), error) in after.iter().zip(&lefts).zip(row) {
            *error = own + left + 2.0 * dot(right, &b[..FINENESS]);
        }
    }
    errors
}

/// The best sequence for darkness sampled from 1.5 pitches before the first digit to as far behind the last.
pub(super) fn best(seen: &[f32], templates: &Templates, length: usize) -> Sequence {
    let count = length + 2;
    let window = |place: usize| &seen[place * FINENESS..(place + 1) * FINENESS];
    let alone = |seen: &[f32], half: &[f32]| dot(half, half) - 2.0 * dot(half, seen);
    let mut ahead = vec![[f32::MAX; CHOICES]; count];
    let mut behind = vec![[f32::MAX; CHOICES]; count];
    for (to, guard) in ahead[0].iter_mut().zip(&templates.starts) {
        *to = alone(window(0), &guard[..FINENESS]);
    }
    for (to, guard) in behind[count - 1].iter_mut().zip(&templates.stops) {
        *to = alone(window(count), &guard[FINENESS..]);
    }
    let pairs: Vec<_> = (1..count)
        .map(|place| {
            let (before, after) = (choices(templates, place - 1, length), choices(templates, place, length));
            pair_errors(window(place), before, after)
        })
        .collect();
    let number = |place: usize| if place == 0 || place == count - 1 { GUARDS } else { CELLS };
    for place in 1..count {
        for to in 0..number(place) {
            for from in 0..number(place - 1) {
                let error = ahead[place - 1][from] + pairs[place - 1][from][to];
                ahead[place][to] = ahead[place][to].min(error);
            }
        }
    }
    for place in (0..count - 1).rev() {
        for from in 0..number(place) {
            for to in 0..number(place + 1) {
                let error = behind[place + 1][to] + pairs[place][from][to];
                behind[place][from] = behind[place][from].min(error);
            }
        }
    }
    let mut characters = Vec::with_capacity(count);
    let mut margins = Vec::with_capacity(count);
    let mut least = f32::MAX;
    for place in 0..count {
        let (mut first, mut second) = ((f32::MAX, 0), f32::MAX);
        for choice in 0..number(place) {
            let through = ahead[place][choice] + behind[place][choice];
            if through < first.0 {
                second = first.0;
                first = (through, choice);
            } else {
                second = second.min(through);
            }
        }
        least = least.min(first.0);
        characters.push(first.1);
        margins.push(second - first.0);
    }
    Sequence { characters, error: (dot(seen, seen) + least).max(0.0), margins }
}

/// The darkness that a sequence shows, sampled as what [`best`] takes.
pub(super) fn drawn(characters: &[usize], templates: &Templates, length: usize) -> Vec<f32> {
    let mut sum = vec![0.0; (length + 3) * FINENESS];
    for (place, character) in characters.iter().enumerate() {
        let template = &choices(templates, place, length)[*character];
        for (to, dark) in sum[place * FINENESS..].iter_mut().zip(template) {
            *to += dark;
        }
    }
    sum
}
