//! Where 18 digits stand in a row: the places that fit best what the network says of digits and of none.
//!
//! The spacing may be wider or narrower than nominal and may change along the row, as on tilted or curled paper,
//! but only slowly; so a covered digit has its place too. Found as the best path from digit to digit, in time
//! that does not depend on the picture. Must not: know which digits stand there.

use super::{
    net::{OUTPUTS, STEP},
    strip::{COLUMNS, DIGITS, PITCH},
};

/// Pixels from a digit to the next: a quarter less to a third more than nominal.
const NARROWEST: usize = 15;
const PITCHES: usize = 12;
/// What a change of the spacing by so many pixels, from one digit to the next, costs in [`FLOOR`]'s measure.
/// One pixel is rounding.
const CHANGES: [(isize, f32); 5] = [(-2, 0.7), (-1, 0.05), (0, 0.0), (1, 0.05), (2, 0.7)];
/// How far a digit may stand from its nominal place: in the middle of the row, and more for each digit away.
const ASTRAY: f32 = 26.0;
const ASTRAY_EACH: f32 = 3.4;
/// A place that shows nothing costs the row no more than this (natural logarithm of a probability), so that one
/// covered digit does not bend it.
const FLOOR: f32 = -5.0;
/// Pixels each way that chances are averaged over, so that a row settles on the digits' middles.
const SETTLE: usize = 3;
/// Worse than any path.
const LOST: f32 = -1e9;

/// The places of a row on the strip.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The strip's column of each digit's middle.
    pub(crate) columns: [f32; DIGITS],
    /// Columns from the first digit to the second, and from the last but one to the last.
    pub(crate) first_pitch: f32,
    pub(crate) last_pitch: f32,
}

/// Of the paths that have come to a digit, the best that ends at each pixel with each spacing.
type Paths = Vec<[f32; COLUMNS]>;

/// Logarithms, for each pixel along the strip, of the chance of a digit's middle and of none.
struct Chances {
    digit: Vec<f32>,
    none: Vec<f32>,
}

/// The row that fits best, given for each of the network's columns the probability that no digit's middle is
/// there: digits at the places, none between them, before and after.
pub(crate) fn places(none: &[f32]) -> Row {
    let chances = Chances::new(none);
    let mut paths: Paths = vec![[LOST; COLUMNS]; PITCHES];
    for (index, path) in paths.iter_mut().enumerate() {
        let pitch = (NARROWEST + index) as isize;
        for at in window(0) {
            path[at] = chances.digit[at] + chances.blank(at, -pitch / 2) + chances.blank(at, -pitch);
        }
    }
    let mut ways = Vec::with_capacity(DIGITS - 1);
    for place in 1..DIGITS {
        let (next, way) = chances.onward(&paths, place);
        ways.push(way);
        paths = next;
    }
    let mut best = (f32::MIN, 0, 0);
    for (index, path) in paths.iter().enumerate() {
        let pitch = (NARROWEST + index) as isize;
        for at in window(DIGITS - 1) {
            let score = path[at] + chances.blank(at, pitch / 2) + chances.blank(at, pitch);
            if score > best.0 {
                best = (score, index, at);
            }
        }
    }
    let (_, mut index, mut at) = best;
    let last_pitch = (NARROWEST + index) as f32;
    let mut columns = [0.0; DIGITS];
    columns[DIGITS - 1] = at as f32 + 0.5;
    for (place, way) in ways.iter().enumerate().rev() {
        let change = way[index][at];
        at = at.saturating_sub(NARROWEST + index);
        index = index.saturating_add_signed(-isize::from(change)).min(PITCHES - 1);
        columns[place] = at as f32 + 0.5;
    }
    Row { columns, first_pitch: (NARROWEST + index) as f32, last_pitch }
}

/// The pixels where a digit may stand.
fn window(place: usize) -> std::ops::Range<usize> {
    let from_middle = place as f32 - (DIGITS - 1) as f32 / 2.0;
    let nominal = COLUMNS as f32 / 2.0 + PITCH * from_middle;
    let reach = ASTRAY + ASTRAY_EACH * from_middle.abs();
    (nominal - reach).max(0.0) as usize..((nominal + reach) as usize).min(COLUMNS)
}

impl Chances {
    fn new(none: &[f32]) -> Self {
        let (mut digit, mut blank) = (Vec::with_capacity(COLUMNS), Vec::with_capacity(COLUMNS));
        let column = |at: usize| none.get(at.min(OUTPUTS - 1)).copied().unwrap_or(1.0);
        for pixel in 0..COLUMNS {
            let (at, part) = (pixel / STEP, (pixel % STEP) as f32 / STEP as f32);
            let none = column(at) * (1.0 - part) + column(at + 1) * part;
            digit.push((1.0 - none + 1e-7).ln().max(FLOOR));
            blank.push((none + 1e-7).ln().max(FLOOR));
        }
        Self { digit: settled(&digit), none: settled(&blank) }
    }

    /// The chance of none so many pixels away.
    fn blank(&self, at: usize, by: isize) -> f32 {
        self.none[at.saturating_add_signed(by).min(COLUMNS - 1)]
    }

    /// The best paths to the digit at `place`, and by how much each changed its spacing to come there.
    fn onward(&self, paths: &Paths, place: usize) -> (Paths, Vec<[i8; COLUMNS]>) {
        let mut next: Paths = vec![[LOST; COLUMNS]; PITCHES];
        let mut ways = vec![[0; COLUMNS]; PITCHES];
        let window = window(place);
        for (index, (next, way)) in next.iter_mut().zip(&mut ways).enumerate() {
            let pitch = NARROWEST + index;
            let from = window.start.max(pitch);
            let (next, way) = (&mut next[from..window.end], &mut way[from..window.end]);
            for (change, cost) in CHANGES {
                let Some(before) = index.checked_add_signed(-change).and_then(|before| paths.get(before))
                else {
                    continue;
                };
                for ((next, way), came) in next.iter_mut().zip(way.iter_mut()).zip(&before[from - pitch..]) {
                    if came - cost > *next {
                        (*next, *way) = (came - cost, change as i8);
                    }
                }
            }
            let between = &self.none[from - pitch / 2..];
            for ((next, digit), none) in next.iter_mut().zip(&self.digit[from..]).zip(between) {
                *next += digit + none;
            }
        }
        (next, ways)
    }
}

/// Means over [`SETTLE`] pixels each way.
fn settled(logs: &[f32]) -> Vec<f32> {
    let around = |at: usize| &logs[at.saturating_sub(SETTLE)..(at + SETTLE + 1).min(logs.len())];
    (0..logs.len()).map(|at| around(at).iter().sum::<f32>() / around(at).len() as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the network says where digits have their middles at these columns.
    fn said(middles: &[f32]) -> Vec<f32> {
        let is_digit = |at: usize| middles.iter().any(|middle| (middle - (at * STEP) as f32).abs() < 4.5);
        (0..OUTPUTS).map(|at| if is_digit(at) { 0.01 } else { 0.99 }).collect()
    }

    fn nominal(place: usize) -> f32 {
        54.0 + 20.0 * place as f32
    }

    #[test]
    fn a_covered_digit_keeps_its_place() {
        let middles: Vec<f32> = (0..DIGITS).map(nominal).collect();
        for covered in 1..DIGITS - 1 {
            let mut seen = middles.clone();
            seen.remove(covered);
            let row = places(&said(&seen));
            for (column, middle) in row.columns.iter().zip(&middles) {
                assert!((column - middle).abs() < 4.0, "{covered} {row:?}");
            }
        }
    }

    #[test]
    fn a_wave_in_the_paper_is_followed() {
        let middle = |place| nominal(place) + 6.0 * (place as f32 * 0.5).sin();
        let row = places(&said(&(0..DIGITS).map(middle).collect::<Vec<_>>()));
        for (place, column) in row.columns.iter().enumerate() {
            assert!((column - middle(place)).abs() < 3.5, "{place} {row:?}");
        }
    }

    #[test]
    fn a_row_of_any_numbers_lies_on_the_strip() {
        for none in [f32::NAN, f32::INFINITY, 0.0, 0.5, 1.0, -3.0] {
            let row = places(&vec![none; OUTPUTS]);
            assert!(
                row.columns.iter().all(|column| (0.0..COLUMNS as f32).contains(column)),
                "{none} {row:?}"
            );
        }
        assert!(places(&[]).columns.iter().all(|column| *column >= 0.0));
    }
}
