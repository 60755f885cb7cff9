//! Where the 18 digits of a strip stand, each for itself: on curled paper their spacing changes along the line.
//!
//! The likeliest chain of 18 places is found by dynamic programming, each place between one digit and the
//! next; the spacing may change slowly.
//! Must not: say which digit stands at a place.

use super::{
    net::{CLASSES, NONE, STEP},
    strip::{COLUMNS, DIGITS, FIRST_CELL, PITCH},
};

/// Spacings that are looked for, in columns: from this …
const LEAST_SPACING: usize = 15;
/// … so many, each one more.
const WAYS: usize = 12;
/// What a change of the spacing by one column from one digit to the next costs, times its square.
const CHANGE_COST: f32 = 0.12;
/// The most that the spacing changes by.
const MOST_CHANGE: usize = 2;
/// What a place without a digit, or with one between two, costs at most (natural logarithm of a probability).
const FLOOR: f32 = -4.0;
/// How far from its nominal place the first digit may stand, and how much farther each next.
const REACH: f32 = 24.0;
const REACH_PER_DIGIT: f32 = 2.0;
/// Of the best chain, the mean cost of a digit beyond which there is no line at all.
const LEAST_MEAN: f32 = -1.6;

/// The columns of the 18 digits' middles; none where nothing like 18 digits stands.
pub(super) fn find(log_odds: &[[f32; CLASSES]]) -> Option<[f32; DIGITS]> {
    let chances = Chances::of(log_odds)?;
    let mut scores = chances.first();
    let mut steps: Vec<Vec<Ways<u8>>> = Vec::with_capacity(DIGITS - 1);
    for place in 1..DIGITS {
        let (next, step) = chances.next(&scores, place);
        scores = next;
        steps.push(step);
    }
    let (score, mut column, mut way) = chances.last(&scores);
    if score < LEAST_MEAN * DIGITS as f32 {
        return None;
    }
    let mut places = [column as f32 + 0.5; DIGITS];
    for place in (1..DIGITS).rev() {
        let before = steps[place - 1][column][way];
        column = column.saturating_sub(spacing(way));
        way = usize::from(before);
        places[place - 1] = column as f32 + 0.5;
    }
    Some(places)
}

/// A value for each spacing.
type Ways<T> = [T; WAYS];

fn spacing(way: usize) -> usize {
    LEAST_SPACING + way
}

/// The columns that a digit may stand in.
fn window(place: usize) -> std::ops::Range<usize> {
    let nominal = FIRST_CELL + PITCH * (place as f32 + 0.5);
    let reach = REACH + REACH_PER_DIGIT * place as f32;
    (nominal - reach).max(0.0) as usize..((nominal + reach) as usize).min(COLUMNS)
}

/// Logarithms, for each column of the strip, of the chance of a digit's middle there, and of none.
struct Chances {
    digit: Vec<f32>,
    none: Vec<f32>,
}

impl Chances {
    fn of(log_odds: &[[f32; CLASSES]]) -> Option<Self> {
        let blanks: Vec<f32> = log_odds.iter().map(blank).collect();
        let last = blanks.len().checked_sub(1)?;
        let blank_at = |column: usize| {
            let (at, share) = (column / STEP, (column % STEP) as f32 / STEP as f32);
            blanks[at.min(last)] * (1.0 - share) + blanks[(at + 1).min(last)] * share
        };
        let logarithm = |share: f32| (share + 1e-6).ln().max(FLOOR);
        let digit = (0..COLUMNS).map(|column| logarithm(1.0 - blank_at(column))).collect();
        let none = (0..COLUMNS).map(|column| logarithm(blank_at(column))).collect();
        Some(Self { digit, none })
    }
    /// That nothing stands at a column; beyond the strip nothing does.
    fn blank(&self, column: Option<usize>) -> f32 {
        column.and_then(|column| self.none.get(column)).copied().unwrap_or(0.0)
    }
    /// The scores of the first digit at each column, were the spacing each of those possible: blank half a
    /// digit before it, and where one more would stand.
    fn first(&self) -> Vec<Ways<f32>> {
        let mut scores = vec![[f32::MIN; WAYS]; COLUMNS];
        for column in window(0) {
            for (way, score) in scores[column].iter_mut().enumerate() {
                let blank = |off: usize| self.blank(column.checked_sub(off));
                *score = self.digit[column] + blank(spacing(way)) + blank(spacing(way) / 2);
            }
        }
        scores
    }
    /// The best scores of the digit at a place, for the spacing before it, and the spacing before that.
    fn next(&self, scores: &[Ways<f32>], place: usize) -> (Vec<Ways<f32>>, Vec<Ways<u8>>) {
        let mut next = vec![[f32::MIN; WAYS]; COLUMNS];
        let mut steps = vec![[0_u8; WAYS]; COLUMNS];
        for column in window(place) {
            for way in 0..WAYS {
                let Some(before) = column.checked_sub(spacing(way)) else { continue };
                let alike = way.saturating_sub(MOST_CHANGE)..(way + MOST_CHANGE + 1).min(WAYS);
                let (mut best, mut step) = (f32::MIN, way);
                for (other, score) in alike.clone().zip(&scores[before][alike]) {
                    let change = way.abs_diff(other) as f32;
                    let score = score - CHANGE_COST * change * change;
                    if score > best {
                        (best, step) = (score, other);
                    }
                }
                next[column][way] = best + self.digit[column] + self.blank(Some(column - spacing(way) / 2));
                steps[column][way] = step as u8;
            }
        }
        (next, steps)
    }
    /// The best end: score, column and spacing.
    fn last(&self, scores: &[Ways<f32>]) -> (f32, usize, usize) {
        let mut best = (f32::MIN, 0, 0);
        let ends = scores.iter().enumerate().flat_map(|(column, ways)| {
            ways.iter().enumerate().map(move |(way, score)| (*score, column, way))
        });
        for (score, column, way) in ends {
            let blank = |off: usize| self.blank(Some(column + off));
            let score = score + blank(spacing(way)) + blank(spacing(way) / 2);
            if score > best.0 {
                best = (score, column, way);
            }
        }
        best
    }
}

/// The probability that no digit stands at one of the network's columns.
fn blank(log_odds: &[f32; CLASSES]) -> f32 {
    let greatest = log_odds.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = log_odds.iter().map(|odds| (odds - greatest).exp()).sum();
    (log_odds[NONE] - greatest).exp() / sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::net::OUTPUTS;

    /// What a network that is quite sure would say of digits at these columns.
    fn said(columns: &[f32]) -> Vec<[f32; CLASSES]> {
        let near = |at: usize| columns.iter().any(|column| ((at * STEP) as f32 + 0.5 - column).abs() < 5.0);
        (0..OUTPUTS)
            .map(|at| {
                let mut odds = [0.0; CLASSES];
                odds[if near(at) { 3 } else { NONE }] = 9.0;
                odds
            })
            .collect()
    }

    #[test]
    fn digits_are_found_though_their_spacing_swings() {
        for swing in [0.0, 6.0, -9.0] {
            let columns: Vec<f32> = (0..DIGITS)
                .map(|place| place as f32)
                .map(|place| 56.0 + 19.5 * place + swing * (place / 17.0 * std::f32::consts::PI).sin())
                .collect();
            let found = find(&said(&columns)).unwrap();
            for (found, column) in found.iter().zip(&columns) {
                assert!((found - column).abs() < 5.0, "{found} {column} swing {swing}");
            }
        }
    }

    #[test]
    fn too_few_digits_and_no_numbers_are_no_line() {
        let some: Vec<f32> = (0..9).map(|place| 54.0 + 20.0 * place as f32).collect();
        assert_eq!(find(&said(&some)), None);
        assert_eq!(find(&[]), None);
        for odds in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
            // Whatever it finds in them, it comes back.
            let _ = find(&vec![[odds; CLASSES]; OUTPUTS]);
        }
    }
}
