//! CC-A (ISO/IEC 24723): the small rows above a DataBar Limited that hold lot and expiry.
//!
//! Three codewords of 17 modules a row, set between row address patterns; the bars below tell where a row begins, how
//! wide a module is and how the symbol is turned. Must not: look for a component where no linked symbol was read.

mod bits;
mod codewords;

use rxing::pdf417::pdf_417_common::{CODEWORD_TABLE, SYMBOL_TABLE};

use super::limited::search::Crossing;
use crate::{frame::Pixels, reading::Point};
use codewords::COLUMNS;

/// Modules of a row, from the first bar of the linked symbol on.
const ROW_MODULES: usize = 72;
/// Where the three codewords begin; a row address pattern of ten modules stands behind the first and the last.
const CODEWORD_STARTS: [usize; COLUMNS] = [0, 27, 44];
/// Modules of a codeword.
const CODEWORD_MODULES: usize = 17;
/// Codewords of one cluster.
const CLUSTER: usize = 929;
/// How far above the bars' middle a component may reach, in modules: half a bar, a separator, and eight rows of up to
/// three modules.
const HIGHEST: f32 = 36.0;
/// Modules from one sampled line to the next; a row is two modules high.
const LINE_STEP: f32 = 0.25;
/// Lines that a row must have; the rows' borders blur.
const LEAST_LINES: usize = 3;
/// How alike a line must be to the middle of the bars to still belong to them.
const SAME_BARS: f32 = 0.75;
/// How much better than any other pattern one must fit, in modules.
const CLEARLY_BETTER: f32 = 0.9;
/// Angles by which the bars' direction, measured over few pixels, may be off, in radians; nearest first.
const TURNS: [f32; 9] = [0.0, 0.012, -0.012, 0.024, -0.024, 0.04, -0.04, 0.06, -0.06];

/// Where a symbol lies: a place on its left edge and the ways of one module along its rows and up.
#[derive(Clone, Copy)]
struct Axes {
    origin: Point,
    along: (f32, f32),
    up: (f32, f32),
}

/// One sampled line: each codeword with its cluster, where one pattern fits clearly best.
type Line = [Option<(usize, u32)>; COLUMNS];

/// The element string of the component above a symbol; `None` where none is read, or two readings differ.
pub(super) fn read(pixels: Pixels<'_>, crossings: &[Crossing]) -> Option<String> {
    let axes = Axes::of(crossings)?;
    let mut texts = TURNS.iter().filter_map(|turn| read_along(pixels, axes.turned(*turn)));
    let first = texts.next()?;
    texts.next().is_none_or(|second| second == first).then_some(first)
}

fn read_along(pixels: Pixels<'_>, axes: Axes) -> Option<String> {
    let bars = axes.modules(pixels, 0.0);
    let heights = (1..(HIGHEST / LINE_STEP) as usize).map(|step| step as f32 * LINE_STEP);
    let above = heights.skip_while(|height| likeness(&bars, &axes.modules(pixels, *height)) > SAME_BARS);
    let lines: Vec<Line> = above.map(|height| decoded(&axes.modules(pixels, height))).collect();
    // From the bars upward; the highest row of a component is its first.
    let rows = rows(&lines);
    for count in codewords::sizes().filter(|count| *count <= rows.len()) {
        let first = codewords::first_cluster(count)?;
        let own = rows[..count].iter().rev();
        if own.clone().enumerate().any(|(at, row)| row.0 != (first + at) % 3) {
            continue;
        }
        let read: Vec<Option<u32>> = own.flat_map(|row| row.1).collect();
        if let Some(text) = codewords::element_string(&read) {
            return Some(text);
        }
    }
    None
}

impl Axes {
    fn of(crossings: &[Crossing]) -> Option<Self> {
        let count = crossings.len() as f32;
        let middle = |end: fn(&Crossing) -> Point| {
            let (x, y) = crossings.iter().map(end).fold((0.0, 0.0), |sum, at| (sum.0 + at.x, sum.1 + at.y));
            Point { x: x / count, y: y / count }
        };
        let (from, to) = (middle(|crossing| crossing.from), middle(|crossing| crossing.to));
        // The way that both ends go from line to line, by least squares: the main axis of their scatter.
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (end, middle) in crossings.iter().flat_map(|crossing| [(crossing.from, from), (crossing.to, to)])
        {
            let (x, y) = (end.x - middle.x, end.y - middle.y);
            (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
        }
        let (sine, cosine) = (f32::atan2(2.0 * xy, xx - yy) / 2.0).sin_cos();
        let across = (to.x - from.x, to.y - from.y);
        // Up is to the left of the reading direction, as y grows downward.
        let sign = if across.1 * cosine - across.0 * sine >= 0.0 { 1.0 } else { -1.0 };
        let up = (cosine * sign, sine * sign);
        let width = across.1 * up.0 - across.0 * up.1;
        let width = width.abs() / super::limited::MODULES;
        let axes =
            Self { origin: from, along: (-up.1 * width, up.0 * width), up: (up.0 * width, up.1 * width) };
        (width.is_finite() && width > 0.5).then_some(axes)
    }

    fn turned(self, angle: f32) -> Self {
        let (sine, cosine) = angle.sin_cos();
        let turn = |(x, y): (f32, f32)| (x * cosine - y * sine, x * sine + y * cosine);
        Self { along: turn(self.along), up: turn(self.up), ..self }
    }

    /// The modules of a line so many modules above the origin: −1 light to 1 dark.
    fn modules(&self, pixels: Pixels<'_>, height: f32) -> [f32; ROW_MODULES] {
        let luma: [f32; ROW_MODULES] = std::array::from_fn(|at| {
            let at = at as f32 + 0.5;
            let x = self.origin.x + self.along.0 * at + self.up.0 * height;
            let y = self.origin.y + self.along.1 * at + self.up.1 * height;
            pixels.at(x, y)
        });
        let mut sorted = luma;
        sorted.sort_by(f32::total_cmp);
        let (dark, light) = (sorted[ROW_MODULES / 10], sorted[ROW_MODULES - 1 - ROW_MODULES / 10]);
        let half = ((light - dark) / 2.0).max(1.0);
        luma.map(|luma| ((dark + half - luma) / half).clamp(-1.0, 1.0))
    }
}

/// How alike two lines are: −1 opposite to 1 the same.
fn likeness(one: &[f32; ROW_MODULES], other: &[f32; ROW_MODULES]) -> f32 {
    let product =
        |a: &[f32; ROW_MODULES], b: &[f32; ROW_MODULES]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    product(one, other) / (product(one, one) * product(other, other)).sqrt().max(1.0)
}

fn decoded(modules: &[f32; ROW_MODULES]) -> Line {
    CODEWORD_STARTS.map(|start| codeword(&modules[start..start + CODEWORD_MODULES]))
}

/// The codeword whose pattern fits these modules clearly best, and its cluster (0 to 2).
fn codeword(modules: &[f32]) -> Option<(usize, u32)> {
    let (mut best, mut second) = ((f32::MIN, 0), f32::MIN);
    for (at, pattern) in SYMBOL_TABLE.iter().enumerate() {
        let fit: f32 = modules
            .iter()
            .enumerate()
            .map(|(bit, dark)| if pattern >> (CODEWORD_MODULES - 1 - bit) & 1 == 1 { *dark } else { -dark })
            .sum();
        if fit > best.0 {
            (second, best) = (best.0, (fit, at));
        } else if fit > second {
            second = fit;
        }
    }
    let place = (*CODEWORD_TABLE.get(best.1)?).checked_sub(1)? as usize;
    (best.0 - second >= CLEARLY_BETTER).then_some((place / CLUSTER, (place % CLUSTER) as u32))
}

/// Lines in a row of one cluster, as rows: what most of their lines say for each codeword.
fn rows(lines: &[Line]) -> Vec<(usize, [Option<u32>; COLUMNS])> {
    let mut rows = Vec::new();
    let cluster = |line: &Line| {
        // Two codewords of three must agree upon it.
        let clusters = line.map(|codeword| codeword.map(|codeword| codeword.0));
        (0..3).find(|cluster| clusters.iter().filter(|own| **own == Some(*cluster)).count() >= 2)
    };
    let known: Vec<(usize, &Line)> =
        lines.iter().filter_map(|line| cluster(line).map(|cluster| (cluster, line))).collect();
    for run in known.chunk_by(|one, other| one.0 == other.0).filter(|run| run.len() >= LEAST_LINES) {
        let own = run[0].0;
        let column = |column: usize| {
            let said: Vec<u32> = run
                .iter()
                .filter_map(|(_, line)| {
                    line[column].filter(|codeword| codeword.0 == own).map(|codeword| codeword.1)
                })
                .collect();
            let votes = |value: u32| said.iter().filter(|other| **other == value).count();
            said.iter()
                .copied()
                .max_by_key(|value| votes(*value))
                .filter(|value| 2 * votes(*value) > said.len())
        };
        rows.push((own, std::array::from_fn(column)));
    }
    rows
}
