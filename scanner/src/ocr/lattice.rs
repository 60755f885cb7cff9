//! Where the 18 digits of a strip stand, each for itself: on curled paper their spacing changes along the line.
//!
//! The likeliest chain of 18 places is found by dynamic programming, each place between one digit and the
//! next; the spacing may change slowly.
//! Must not: say which digit stands at a place.

use super::{
    net::{CLASSES, NONE, OUTPUTS, STEP},
    strip::{COLUMNS, DIGITS, FIRST_CELL, PITCH},
};

/// Spacings that are looked for, in columns.
const SPACINGS: std::ops::RangeInclusive<usize> = 15..=26;
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
    if log_odds.len() != OUTPUTS {
        return None;
    }
    let blanks: Vec<f32> = log_odds.iter().map(blank).collect();
    let blank_at = |column: usize| {
        let (at, share) = (column / STEP, (column % STEP) as f32 / STEP as f32);
        blanks[at] * (1.0 - share) + blanks[(at + 1).min(OUTPUTS - 1)] * share
    };
    let logarithm = |share: f32| (share + 1e-6).ln().max(FLOOR);
    let digit: Vec<f32> = (0..COLUMNS).map(|column| logarithm(1.0 - blank_at(column))).collect();
    let none: Vec<f32> = (0..COLUMNS).map(|column| logarithm(blank_at(column))).collect();
    let none_at = |column: usize| none.get(column).copied().unwrap_or(0.0);

    // For each digit: the window of columns it may stand in, and for each column and spacing before it the best
    // score and the spacing before that.
    let window = |place: usize| {
        let nominal = FIRST_CELL + PITCH * (place as f32 + 0.5);
        let reach = REACH + REACH_PER_DIGIT * place as f32;
        ((nominal - reach).max(0.0) as usize, ((nominal + reach) as usize).min(COLUMNS - 1))
    };
    let least = *SPACINGS.start();
    let mut scores = vec![[f32::MIN; WAYS]; COLUMNS];
    let (from, to) = window(0);
    for column in from..=to {
        for (way, score) in scores[column].iter_mut().enumerate() {
            let spacing = least + way;
            // A blank before the first digit, half a digit and a whole one away.
            let blank = |off: usize| column.checked_sub(off).map_or(0.0, none_at);
            *score = digit[column] + blank(spacing) + blank(spacing / 2);
        }
    }
    let mut steps: Vec<Vec<[u8; WAYS]>> = Vec::with_capacity(DIGITS - 1);
    for place in 1..DIGITS {
        let mut next = vec![[f32::MIN; WAYS]; COLUMNS];
        let mut step = vec![[0_u8; WAYS]; COLUMNS];
        let (from, to) = window(place);
        for column in from..=to {
            for way in 0..WAYS {
                let spacing = least + way;
                let Some(before) = column.checked_sub(spacing) else { continue };
                let gap = none_at(column - spacing / 2);
                for other in way.saturating_sub(MOST_CHANGE)..(way + MOST_CHANGE + 1).min(WAYS) {
                    let change = way.abs_diff(other) as f32;
                    let score = scores[before][other] + digit[column] + gap - CHANGE_COST * change * change;
                    if score > next[column][way] {
                        next[column][way] = score;
                        step[column][way] = other as u8;
                    }
                }
            }
        }
        scores = next;
        steps.push(step);
    }
    let (from, to) = window(DIGITS - 1);
    let mut best = (f32::MIN, 0, 0);
    for column in from..=to {
        for (way, score) in scores[column].iter().enumerate() {
            let spacing = least + way;
            let score = score + none_at(column + spacing) + none_at(column + spacing / 2);
            if score > best.0 {
                best = (score, column, way);
            }
        }
    }
    let (score, mut column, mut way) = best;
    if score < LEAST_MEAN * DIGITS as f32 {
        return None;
    }
    let mut places = [0.0; DIGITS];
    for place in (0..DIGITS).rev() {
        places[place] = column as f32 + 0.5;
        if place > 0 {
            let before = usize::from(steps[place - 1][column][way]);
            column = column.saturating_sub(least + way);
            way = before;
        }
    }
    Some(places)
}

/// The probability that no digit stands at one of the network's columns.
fn blank(log_odds: &[f32; CLASSES]) -> f32 {
    let greatest = log_odds.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = log_odds.iter().map(|odds| (odds - greatest).exp()).sum();
    (log_odds[NONE] - greatest).exp() / sum
}
