//! Where along a row of print 18 digits could stand: followed to both sides, cut at blanks.
//!
//! Must not: read a digit.

use super::{
    axes::Axis,
    curve::{self, TERMS},
    reduced::Reduced,
};

/// Samples a digit's height: the row is looked at in steps of this share of it.
const STEPS: usize = 8;
/// A row is followed by pieces of one height each, so many to either side.
const PIECES: i32 = 26;
/// Rows that are looked at above and below a row's middle.
const ROWS: i32 = 10;
/// Half of a digit's height, and half of what is blank around it, in rows.
const HALF: i32 = 4;
const BLANK: std::ops::RangeInclusive<i32> = 6..=8;
/// A piece may lie this many rows off where the last ones lead.
const MOST_OFF: i32 = 2;
/// The blanks, in heights, that are taken for the ends, in turn: as between two words; narrower, where the
/// line stands close to other print; broader, where a stroke or a seal hides digits.
const ENDS: [f32; 6] = [1.2, 0.9, 0.65, 2.0, 3.2, 4.5];
/// Length of 18 digits in heights: 14 to 17 as printed, drawn out or pressed by a fifth.
const LENGTHS: std::ops::Range<f32> = 10.5..23.0;

/// The usual length, and the usual share of columns with ink.
const USUAL_LENGTH: f32 = 15.2;
const USUAL_INK: f32 = 0.75;

/// Where a line could stand, in pixels of the reduced picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Extent {
    /// The row it is on; its place is moved to the middle between the ink's ends.
    pub(super) axis: Axis,
    /// From that middle to either end of the ink.
    pub(super) half: f32,
    /// How far the digits' middle lies below the axis: a polynomial of the place along, which is −1 where the
    /// ink begins and 1 where it ends.
    pub(super) middle: [f32; TERMS],
    /// Share of its columns with ink …
    pub(super) inked: f32,
    /// … with ink above or below …
    pub(super) crowded: f32,
    /// … and with ink and none above or below.
    pub(super) even: f32,
    /// Whether it ends at the frame's edge or at print that goes on.
    pub(super) is_cut: bool,
}

impl Extent {
    /// How much it is like a lone line of 18 digits.
    pub(super) fn likeness(&self) -> f32 {
        let length = (2.0 * self.half / self.axis.height / USUAL_LENGTH).ln().abs();
        let digits = self.axis.weight.min(18.0) - 0.5 * (self.axis.weight - 18.0).max(0.0);
        let cut = if self.is_cut { 2.0 } else { 0.0 };
        0.25 * digits - 8.0 * length + 4.0 * self.even
            - 3.0 * self.crowded
            - 3.0 * (self.inked - USUAL_INK).abs()
            - cut
    }
    /// Whether both mean the same place, within a third of a digit.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let near = self.axis.height / 3.0;
        (self.half - other.half).abs() < near
            && (self.axis.x - other.axis.x).abs() < near
            && (self.axis.y + self.middle[0] - other.axis.y - other.middle[0]).abs() < near
    }
}

/// A row followed to both sides.
struct Row<'a> {
    picture: &'a Reduced,
    axis: Axis,
    step: f32,
    /// Of each piece, how far its middle lies off the axis.
    middles: Vec<f32>,
}

/// One column of a row.
#[derive(Clone, Copy, Default)]
struct Column {
    ink: u8,
    around: u8,
    is_outside: bool,
}

/// The places on a row where 18 digits could stand.
pub(super) fn find(picture: &Reduced, axis: &Axis) -> Vec<Extent> {
    let row = Row::follow(picture, *axis);
    let columns = row.columns();
    let mut found: Vec<Extent> = Vec::new();
    for blank in ENDS {
        let blank = (blank * STEPS as f32).round() as usize;
        for (from, to) in spans(&columns, blank) {
            let length = (to - from) as f32 / STEPS as f32;
            if !LENGTHS.contains(&length) {
                continue;
            }
            let extent = row.extent(&columns, from, to);
            if !found.iter().any(|known| known.axis == extent.axis && known.half == extent.half) {
                found.push(extent);
            }
        }
    }
    found
}

/// The longest stretches of columns without as many blank ones in a row.
fn spans(columns: &[Column], blank: usize) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (at, column) in columns.iter().enumerate() {
        if column.ink == 0 {
            continue;
        }
        open = match open {
            Some((from, to)) if at - to < blank => Some((from, at + 1)),
            Some(done) => {
                spans.push(done);
                Some((at, at + 1))
            }
            None => Some((at, at + 1)),
        };
    }
    spans.extend(open);
    spans
}

impl<'a> Row<'a> {
    fn follow(picture: &'a Reduced, axis: Axis) -> Self {
        let step = axis.height / STEPS as f32;
        let mut row = Self { picture, axis, step, middles: vec![0.0; 2 * PIECES as usize + 1] };
        for side in [1, -1] {
            let (mut middle, mut slope) = (0.0_f32, 0.0_f32);
            for piece in 0..=PIECES {
                let expected = middle + slope;
                let off = row.off(side * piece, expected).unwrap_or(0.0);
                if piece > 0 {
                    slope = (slope + 0.25 * off).clamp(-0.8, 0.8);
                }
                middle = expected + 0.6 * off;
                row.middles[(PIECES + side * piece) as usize] = middle;
            }
        }
        row
    }
    fn is_ink(&self, column: f32, row: f32) -> bool {
        let (s, t) = (column * self.step, row * self.step);
        let (cos, sin) = self.axis.along;
        self.picture.is_ink(self.axis.x + s * cos - t * sin, self.axis.y + s * sin + t * cos)
    }
    /// How many rows a piece's digits lie below `expected`, to half a row; none where the piece is bare or
    /// holds something higher than digits.
    fn off(&self, piece: i32, expected: f32) -> Option<f32> {
        let mut counts = [0_i32; 2 * ROWS as usize + 1];
        for column in 0..STEPS as i32 {
            let at = (piece * STEPS as i32 + column) as f32 - STEPS as f32 / 2.0 + 0.5;
            for row in -ROWS..=ROWS {
                counts[(row + ROWS) as usize] += i32::from(self.is_ink(at, row as f32 + expected));
            }
        }
        let within = |middle: i32, half: i32| -> i32 {
            (middle - half..=middle + half).map(|row| counts[(row + ROWS) as usize]).sum()
        };
        let inside = within(0, HALF + MOST_OFF);
        if inside < 4 {
            return None;
        }
        let clear = |off: i32| 3 * within(off, HALF) - within(off, HALF + 2);
        let best = (-MOST_OFF..=MOST_OFF).map(clear).max()?;
        let (mut sum, mut ties) = (0, 0);
        for off in (-MOST_OFF..=MOST_OFF).filter(|off| clear(*off) == best) {
            sum += off;
            ties += 1;
        }
        Some(sum as f32 / ties as f32)
    }
    /// The middle at a column, between those of the pieces.
    fn middle(&self, column: f32) -> f32 {
        let piece = column / STEPS as f32 + PIECES as f32;
        let before = (piece.max(0.0) as usize).min(self.middles.len() - 2);
        let share = (piece - before as f32).clamp(0.0, 1.0);
        self.middles[before] * (1.0 - share) + self.middles[before + 1] * share
    }
    fn columns(&self) -> Vec<Column> {
        let reach = PIECES * STEPS as i32;
        let (cos, sin) = self.axis.along;
        (-reach..reach)
            .map(|at| {
                let at = at as f32 + 0.5;
                let middle = self.middle(at);
                let count = |row: i32| u8::from(self.is_ink(at, row as f32 + middle));
                let s = at * self.step;
                let (x, y) = (self.axis.x + s * cos, self.axis.y + s * sin);
                let inside =
                    x >= 0.0 && y >= 0.0 && x < self.picture.width as f32 && y < self.picture.height as f32;
                let ink: u8 = (-HALF + 1..HALF).map(count).sum();
                let around = BLANK.map(|row| count(row) + count(-row)).sum();
                Column { ink: if ink >= 1 { ink } else { 0 }, around, is_outside: !inside }
            })
            .collect()
    }
    fn extent(&self, columns: &[Column], from: usize, to: usize) -> Extent {
        let span = &columns[from..to];
        let start = from as f32 - (PIECES * STEPS as i32) as f32;
        let share = |fits: &dyn Fn(&Column) -> bool| {
            span.iter().filter(|column| fits(column)).count() as f32 / span.len() as f32
        };
        let beyond = from.saturating_sub(STEPS)..(to + STEPS).min(columns.len());
        let is_cut = from < STEPS
            || to + STEPS > columns.len()
            || columns[beyond].iter().any(|column| column.is_outside);
        let half = span.len() as f32 / 2.0;
        let (cos, sin) = self.axis.along;
        let center = (start + half) * self.step;
        let (x, y) = (self.axis.x + center * cos, self.axis.y + center * sin);
        Extent {
            axis: Axis { x, y, ..self.axis },
            half: half * self.step,
            middle: self.curve(span, start).map(|term| term * self.step),
            inked: share(&|column| column.ink > 0),
            crowded: share(&|column| column.around > 0),
            even: share(&|column| column.ink > 0 && column.around == 0),
            is_cut,
        }
    }
    /// The curve through the middles of a span's inked columns.
    fn curve(&self, span: &[Column], start: f32) -> [f32; TERMS] {
        let half = span.len() as f32 / 2.0;
        let points = span.iter().enumerate().filter(|(_, column)| column.ink > 0 && column.around <= 2);
        curve::through(points.map(|(at, _)| {
            let at = at as f32 + 0.5;
            (at / half - 1.0, self.middle(start + at))
        }))
    }
}
