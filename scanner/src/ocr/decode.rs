//! What a strip says: 18 digits in a row, evenly spaced, and how sure each is.
//!
//! The row is found first, as a whole: a digit at each of 18 places, none between them and none before and
//! after. Only then is each place read, so that a run of noughts is as many as the paper has room for.
//! Must not: know pictures; accept: a caller holds each digit's confidence against its own threshold.

use std::{f32, ops::RangeInclusive};

use super::{
    net::{CLASSES, NONE, OUTPUTS, STEP},
    strip::{COLUMNS, DIGITS, PITCH},
};

/// Places of a row are counted from its middle: −8.5 to 8.5.
const FIRST: f32 = -8.5;
/// Where a row's middle may lie, from and to, and the steps of the first search: 1.2 digits either way.
const MIDDLES: (f32, f32, f32) = (198.0, 250.0, 2.0);
/// Columns from a digit to the next: a sixth more or less than nominal.
const PITCHES: (f32, f32, f32) = (16.75, 23.25, 0.25);
/// By how much the spacing may change along the row (columns a squared place): tilt and curl that the search
/// for the line left over.
const BENDS: (f32, f32, f32) = (-0.08, 0.08, 0.08);
/// The finer searches around the best so far: steps of middle, pitch and bend, one each way.
const FINER: [(f32, f32, f32); 3] = [(1.0, 0.12, 0.04), (0.5, 0.06, 0.02), (0.5, 0.03, 0.01)];
/// Mean of the squared places: a bend that is counted from it leaves the row's middle where it is.
const MEAN_SQUARE: f32 = 26.9;
/// A place that shows nothing costs the row no more than this (natural logarithm of a probability), so that one
/// covered digit does not bend it.
const FLOOR: f32 = -5.0;
/// A place is read from the network's columns nearer than this, in pixels: two or three of them.
const REACH: f32 = 5.0;
/// Before and after the row, from and to how many places away there must not be another digit's middle.
const NEXT: f32 = 0.65;
const FURTHEST: f32 = 1.35;
/// A bend must earn its keep: this much of the score for each squared [`BENDS`] step.
const BEND_COST: f32 = 0.5;
/// Pixels each way that chances are averaged over, so that a row settles on the digits' middles.
const SETTLE: usize = 3;
/// Of the 18 places, how many must show a digit for there to be a line at all.
const LEAST_SEEN: usize = 12;

/// A row of 18 places on a strip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    /// The strip's column (edge to edge, so that the first pixel reaches from 0 to 1) of the row's middle.
    pub(crate) middle: f32,
    /// Columns from a digit to the next, in the middle of the row.
    pub(crate) pitch: f32,
    /// Columns that the places move outwards for each squared place.
    pub(crate) bend: f32,
}

/// A line as the network saw it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// 0 to 9 each.
    pub(crate) digits: [u8; DIGITS],
    /// The probability of each, 0 to 1. Near 0 where a digit is covered.
    pub(crate) confidence: [f32; DIGITS],
    pub(crate) row: Row,
}

/// Logarithms, for each pixel along the strip, of the chance of a digit's middle and of none.
struct Chances {
    digit: Vec<f32>,
    none: Vec<f32>,
}

impl Row {
    fn span(&self, from: f32, to: f32) -> RangeInclusive<f32> {
        self.column(from)..=self.column(to)
    }

    /// The column of the place `at` places right of the middle.
    pub(crate) fn column(&self, at: f32) -> f32 {
        self.middle + self.pitch * at + self.bend * (at * at - MEAN_SQUARE)
    }
}

/// The line of 18 digits that these columns show, if they show just that: nothing like a digit may stand
/// before or after it.
pub(crate) fn decode(log_odds: &[[f32; CLASSES]]) -> Option<Line> {
    let columns: Vec<[f32; CLASSES]> = log_odds.iter().map(log_probabilities).collect();
    if columns.len() != OUTPUTS {
        return None;
    }
    let row = fitted(&Chances::new(&columns));
    if [row.span(FIRST - FURTHEST, FIRST - NEXT), row.span(NEXT - FIRST, FURTHEST - FIRST)].iter().any(
        |span| {
            let inside = columns.iter().enumerate().filter(|(at, _)| span.contains(&centre(*at)));
            inside.fold(f32::MAX, |least, (_, classes)| least.min(classes[NONE])) < -f32::consts::LN_2
        },
    ) {
        return None;
    }
    let (mut digits, mut confidence, mut seen) = ([0; DIGITS], [0.0; DIGITS], 0);
    for (place, (digit, sure)) in digits.iter_mut().zip(&mut confidence).enumerate() {
        let classes = read(&columns, row.column(FIRST + place as f32))?;
        for (class, probability) in (0..).zip(&classes[..NONE]) {
            if probability > sure {
                (*digit, *sure) = (class, *probability);
            }
        }
        seen += usize::from(classes[NONE] < 0.5);
    }
    (seen >= LEAST_SEEN).then_some(Line { digits, confidence, row })
}

/// Natural logarithms of the probabilities that the log-odds stand for.
fn log_probabilities(log_odds: &[f32; CLASSES]) -> [f32; CLASSES] {
    let greatest = log_odds.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = log_odds.iter().map(|odds| (odds - greatest).exp()).sum();
    log_odds.map(|odds| (odds - greatest - sum.ln()).max(-20.0))
}

/// The classes' probabilities at a place: of the columns near it, the nearer the weightier. `None` outside.
fn read(columns: &[[f32; CLASSES]], at: f32) -> Option<[f32; CLASSES]> {
    let (mut logs, mut weights) = ([0.0; CLASSES], 0.0);
    for (column, classes) in columns.iter().enumerate() {
        let weight = 1.0 - (centre(column) - at).abs() / REACH;
        if weight > 0.0 {
            weights += weight;
            logs.iter_mut().zip(classes).for_each(|(log, class)| *log += weight * class);
        }
    }
    (weights > 0.0).then(|| log_probabilities(&logs.map(|log| log / weights)).map(f32::exp))
}

/// The strip's column that one of the network's columns is centred on.
fn centre(column: usize) -> f32 {
    (column * STEP) as f32 + 0.5
}

/// The row that fits best.
fn fitted(chances: &Chances) -> Row {
    let better = |best: (f32, Row), row: Row| {
        let score = chances.score(&row);
        if score > best.0 { (score, row) } else { best }
    };
    let mut best = (f32::MIN, Row { middle: COLUMNS as f32 / 2.0, pitch: PITCH, bend: 0.0 });
    for middle in steps(MIDDLES) {
        for pitch in steps(PITCHES) {
            best = steps(BENDS).fold(best, |best, bend| better(best, Row { middle, pitch, bend }));
        }
    }
    for (middle, pitch, bend) in FINER {
        let Row { middle: m, pitch: p, bend: b } = best.1;
        for step in 0..27_u8 {
            let [on, wider, bent] = [step / 9, step / 3 % 3, step % 3].map(|way| f32::from(way) - 1.0);
            let row = Row { middle: m + on * middle, pitch: p + wider * pitch, bend: b + bent * bend };
            best = better(best, row);
        }
    }
    best.1
}

fn steps((from, to, by): (f32, f32, f32)) -> impl Iterator<Item = f32> {
    (0..=((to - from) / by).round() as u16).map(move |step| from + f32::from(step) * by)
}

impl Chances {
    fn new(columns: &[[f32; CLASSES]]) -> Self {
        let none: Vec<f32> = columns.iter().map(|classes| classes[NONE].exp()).collect();
        let (mut logs, last) = (Self { digit: Vec::new(), none: Vec::new() }, none.len() - 1);
        for pixel in 0..COLUMNS {
            let (column, part) = (pixel / STEP, (pixel % STEP) as f32 / STEP as f32);
            let blank = none[column.min(last)] * (1.0 - part) + none[(column + 1).min(last)] * part;
            logs.digit.push((1.0 - blank + 1e-7).ln().max(FLOOR));
            logs.none.push((blank + 1e-7).ln().max(FLOOR));
        }
        Self { digit: settled(&logs.digit), none: settled(&logs.none) }
    }

    /// How well a row fits: digits at its places, none between, before and after.
    fn score(&self, row: &Row) -> f32 {
        let at = |logs: &[f32], place: f32| {
            let pixel = (row.column(place) - 0.5).round().clamp(0.0, (COLUMNS - 1) as f32);
            logs[pixel as usize]
        };
        let digits: f32 = (0..DIGITS).map(|place| at(&self.digit, FIRST + place as f32)).sum();
        let gaps: f32 = (0..=DIGITS).map(|place| at(&self.none, FIRST - 0.5 + place as f32)).sum();
        let outside = at(&self.none, FIRST - 1.0) + at(&self.none, -FIRST + 1.0);
        digits + gaps + outside - BEND_COST * (row.bend / BENDS.2).powi(2)
    }
}

fn settled(logs: &[f32]) -> Vec<f32> {
    let around = |at: usize| &logs[at.saturating_sub(SETTLE)..(at + SETTLE + 1).min(logs.len())];
    (0..logs.len()).map(|at| around(at).iter().sum::<f32>() / around(at).len() as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: [u8; DIGITS] = [2, 1, 1, 3, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0, 4, 7, 9, 8];

    /// What a network that is quite sure would say of a row with these digits at these places.
    fn said(row: Row, digits: impl Iterator<Item = (f32, u8)>) -> Vec<[f32; CLASSES]> {
        let mut columns = vec![[0.0; CLASSES]; OUTPUTS];
        columns.iter_mut().for_each(|column| column[NONE] = 6.0);
        for (place, digit) in digits {
            for (at, column) in columns.iter_mut().enumerate() {
                if (centre(at) - row.column(place)).abs() < 0.25 * row.pitch {
                    *column = [0.0; CLASSES];
                    column[usize::from(digit)] = 6.0;
                }
            }
        }
        columns
    }

    fn line() -> impl Iterator<Item = (f32, u8)> {
        LINE.iter().enumerate().map(|(place, digit)| (FIRST + place as f32, *digit))
    }

    const STRAIGHT: Row = Row { middle: 224.0, pitch: 20.0, bend: 0.0 };

    #[test]
    fn a_row_is_read_wherever_and_however_wide_it_stands() {
        for (middle, pitch, bend) in [
            (224.0, 20.0, 0.0),
            (202.0, 17.2, 0.0),
            (246.0, 22.5, 0.0),
            (215.3, 19.1, 0.06),
            (230.0, 18.0, -0.08),
        ] {
            let row = Row { middle, pitch, bend };
            let read = decode(&said(row, line())).unwrap();
            assert_eq!(read.digits, LINE, "{row:?}");
            assert!(read.confidence.iter().all(|sure| *sure > 0.9), "{row:?} {:?}", read.confidence);
            assert!(
                (read.row.middle - middle).abs() < 2.5 && (read.row.pitch - pitch).abs() < 0.3,
                "{read:?}"
            );
        }
    }

    #[test]
    fn a_covered_digit_is_unsure_and_the_others_are_not() {
        let read = decode(&said(STRAIGHT, line().filter(|(place, _)| *place != 1.5))).unwrap();
        let unsure: Vec<usize> = (0..DIGITS).filter(|at| read.confidence[*at] < 0.5).collect();
        assert_eq!(unsure, [10]);
        assert!((0..DIGITS).all(|at| at == 10 || read.digits[at] == LINE[at]));
    }

    #[test]
    fn columns_that_disagree_about_a_digit_make_it_unsure() {
        let mut columns = said(STRAIGHT, line());
        let middle = (STRAIGHT.column(FIRST) / STEP as f32) as usize;
        columns[middle] = [0.0; CLASSES];
        columns[middle][7] = 6.0;
        assert!(decode(&columns).unwrap().confidence[0] < 0.95);
    }

    #[test]
    fn a_longer_or_much_shorter_row_is_no_line() {
        let longer = line().chain([(-FIRST + 1.0, 5)]);
        assert_eq!(decode(&said(STRAIGHT, longer)), None);
        let longer = line().chain([(FIRST - 1.0, 5)]);
        assert_eq!(decode(&said(STRAIGHT, longer)), None);
        assert_eq!(decode(&said(STRAIGHT, line().take(10))), None);
        assert_eq!(decode(&said(STRAIGHT, std::iter::empty())), None);
    }

    #[test]
    fn no_numbers_at_all_break_it() {
        for odds in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, 0.0] {
            assert_eq!(decode(&vec![[odds; CLASSES]; OUTPUTS]), None, "{odds}");
        }
        assert_eq!(decode(&[]), None);
    }
}
