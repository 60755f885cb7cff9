//! What a strip says: 18 digits in a row, evenly spaced, and how sure each is.
//!
//! The row is found first, as a whole: a digit at each of 18 places, none between them and none before and
//! after. Only then is each place read, so that a run of noughts is as many as the paper has room for.
//! Must not: know pictures; accept: a caller holds each digit's confidence against its own threshold.

use super::{
    net::{CLASSES, NONE, OUTPUTS, STEP},
    row::places,
    strip::{COLUMNS, DIGITS},
};

/// A place is read from the network's columns nearer than this, in pixels: two or three of them.
const REACH: f32 = 5.0;
/// Before and after the row, from and to how many places away there must not be another digit's middle.
const NEXT: f32 = 0.65;
const FURTHEST: f32 = 1.35;
/// How many places the strip must go on before and after the row. A digit half cut off there is noticed once the
/// line is laid anew around this row and read again.
const ROOM: f32 = 1.0;
/// Of the 18 places, how many must show a digit for there to be a line at all.
const LEAST_SEEN: usize = 12;

/// A line as the network saw it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// 0 to 9 each.
    pub(crate) digits: [u8; DIGITS],
    /// The probability of each, 0 to 1. Low where a digit is covered.
    pub(crate) confidence: [f32; DIGITS],
    /// The strip's column of each digit's middle.
    pub(crate) columns: [f32; DIGITS],
}

/// The line of 18 digits that the network's columns show, if they show just that: nothing like a digit may
/// stand before or after it.
pub(crate) fn decode(log_odds: &[[f32; CLASSES]]) -> Option<Line> {
    let columns: Vec<[f32; CLASSES]> = log_odds.iter().map(log_probabilities).collect();
    if columns.len() != OUTPUTS {
        return None;
    }
    let none: Vec<f32> = columns.iter().map(|classes| classes[NONE].exp()).collect();
    let row = places(&none);
    let (first, last) = (row.columns[0], row.columns[DIGITS - 1]);
    // Where the strip ends too soon, nobody knows what stands there.
    if first < ROOM * row.first_pitch || last + ROOM * row.last_pitch > COLUMNS as f32 {
        return None;
    }
    let before = (first - FURTHEST * row.first_pitch)..=(first - NEXT * row.first_pitch);
    let after = (last + NEXT * row.last_pitch)..=(last + FURTHEST * row.last_pitch);
    let is_outside = |at: usize| before.contains(&centre(at)) || after.contains(&centre(at));
    if none.iter().enumerate().any(|(at, none)| *none < 0.5 && is_outside(at)) {
        return None;
    }
    let mut line = Line { digits: [0; DIGITS], confidence: [0.0; DIGITS], columns: row.columns };
    let mut seen = 0;
    for ((digit, sure), column) in line.digits.iter_mut().zip(&mut line.confidence).zip(row.columns) {
        let classes = read(&columns, column)?;
        for (class, probability) in (0..).zip(&classes[..NONE]) {
            if probability > sure {
                (*digit, *sure) = (class, *probability);
            }
        }
        seen += usize::from(classes[NONE] < 0.5);
    }
    (seen >= LEAST_SEEN).then_some(line)
}

/// The probabilities of the classes at each of these columns of the strip; `None` where one lies outside it.
pub(crate) fn at<const COUNT: usize>(
    log_odds: &[[f32; CLASSES]],
    at: [f32; COUNT],
) -> Option<[[f32; CLASSES]; COUNT]> {
    let columns: Vec<[f32; CLASSES]> = log_odds.iter().map(log_probabilities).collect();
    let mut classes = [[0.0; CLASSES]; COUNT];
    for (classes, at) in classes.iter_mut().zip(at) {
        *classes = read(&columns, at)?;
    }
    Some(classes)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A row whose spacing changes evenly along it.
    #[derive(Debug, Clone, Copy)]
    struct Row {
        middle: f32,
        pitch: f32,
        bend: f32,
    }

    impl Row {
        fn column(&self, at: f32) -> f32 {
            self.middle + self.pitch * at + self.bend * (at * at - 26.9)
        }
    }

    const FIRST: f32 = -8.5;

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
            (240.0, 20.5, 0.0),
            (215.3, 19.1, 0.06),
            (230.0, 18.0, -0.08),
            (224.0, 20.0, 0.18),
        ] {
            let row = Row { middle, pitch, bend };
            let read = decode(&said(row, line())).unwrap();
            assert_eq!(read.digits, LINE, "{row:?}");
            assert!(read.confidence.iter().all(|sure| *sure > 0.9), "{row:?} {:?}", read.confidence);
            for (place, column) in read.columns.iter().enumerate() {
                assert!((column - row.column(FIRST + place as f32)).abs() < 3.0, "{row:?} {read:?}");
            }
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
    fn a_row_with_no_room_to_see_its_end_is_no_line() {
        let aside = Row { middle: 250.0, ..STRAIGHT };
        assert_eq!(decode(&said(Row { pitch: 21.5, ..aside }, line())), None);
        assert!(decode(&said(Row { pitch: 20.0, ..aside }, line())).is_some());
    }

    #[test]
    fn no_numbers_at_all_break_it() {
        for odds in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, 0.0] {
            assert_eq!(decode(&vec![[odds; CLASSES]; OUTPUTS]), None, "{odds}");
        }
        assert_eq!(decode(&[]), None);
    }
}
