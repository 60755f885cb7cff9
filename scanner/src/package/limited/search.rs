//! Where DataBar Limited lies in a picture: scan lines at many angles.
//!
//! Must not: take one line's word for it.

use super::{EDGES, MODULES, Number, decode};
use crate::{
    frame::Pixels,
    package::scan_line::{ScanLine, lines},
    reading::Point,
};

/// Angles of scan lines, evenly over half a turn. Bars stand ten modules high and 74 wide, so a line may lie up to
/// 7.7 degrees askew and still cross all of them; at 3.75 half of the lines do.
const ANGLES: usize = 24;
/// Pixels from one scan line to the next: three and more cross a symbol of two pixels a module.
const SPACING: f32 = 3.0;
/// Lines that must say the same. The check sum alone lets one in 89 through.
const LEAST_LINES: usize = 3;
/// For each line that says something else in the same place, so many must agree.
const LINES_PER_DISSENT: usize = 4;
/// Lines of one angle that are kept; a picture full of copies of one symbol has no more to say.
const MOST_LINES: usize = 4096;

/// One scan line that was read, in reading direction.
#[derive(Debug, Clone, Copy)]
pub(in crate::package) struct Crossing {
    pub(in crate::package) number: Number,
    /// The start of the first bar …
    pub(in crate::package) from: Point,
    /// … and the end of the last.
    pub(in crate::package) to: Point,
}

impl Crossing {
    fn middle(&self) -> Point {
        Point { x: (self.from.x + self.to.x) / 2.0, y: (self.from.y + self.to.y) / 2.0 }
    }
    /// Pixels of a module.
    pub(in crate::package) fn module(&self) -> f32 {
        (self.to.x - self.from.x).hypot(self.to.y - self.from.y) / MODULES
    }
    /// Whether both lie on one symbol, read in the same direction.
    fn is_beside(&self, other: &Self) -> bool {
        let reach = self.module() * MODULES / 4.0;
        let near = |one: Point, other: Point| (one.x - other.x).hypot(one.y - other.y) < reach;
        near(self.from, other.from) && near(self.to, other.to)
    }
}

/// The symbols of a picture: for each the crossings of the angle that had most.
pub(in crate::package) fn find(pixels: Pixels<'_>) -> Vec<Vec<Crossing>> {
    let mut groups: Vec<Vec<Crossing>> = Vec::new();
    for turn in 0..ANGLES {
        let angle = turn as f32 * std::f32::consts::PI / ANGLES as f32;
        let crossings =
            lines(pixels, angle, SPACING).flat_map(|line| crossings(pixels, line)).take(MOST_LINES);
        let mut own: Vec<Vec<Crossing>> = Vec::new();
        for crossing in crossings {
            let same = |group: &&mut Vec<Crossing>| {
                group.last().is_some_and(|last| last.number == crossing.number && last.is_beside(&crossing))
            };
            match own.iter_mut().find(same) {
                Some(group) => group.push(crossing),
                None => own.push(vec![crossing]),
            }
        }
        groups.extend(own);
    }
    settled(groups)
}

/// Of the groups, those that nothing speaks against; one for each symbol.
fn settled(mut groups: Vec<Vec<Crossing>>) -> Vec<Vec<Crossing>> {
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut symbols: Vec<Vec<Crossing>> = Vec::new();
    for group in groups.iter().take_while(|group| group.len() >= LEAST_LINES) {
        let Some(first) = group.first() else { continue };
        let covers = |other: &[Crossing]| {
            other.first().is_some_and(|other| {
                let (own, its) = (first.middle(), other.middle());
                (own.x - its.x).hypot(own.y - its.y) < first.module() * MODULES / 4.0
            })
        };
        if symbols.iter().any(|symbol| covers(symbol)) {
            continue;
        }
        let others = groups.iter().filter(|other| covers(other));
        let dissent: usize = others
            .filter(|other| other.first().is_some_and(|other| other.number != first.number))
            .map(Vec::len)
            .sum();
        if dissent * LINES_PER_DISSENT <= group.len() {
            symbols.push(group.clone());
        }
    }
    symbols
}

/// What one line crosses, in either direction.
fn crossings(pixels: Pixels<'_>, line: ScanLine) -> Vec<Crossing> {
    let edges = line.edges(pixels);
    let mut found = Vec::new();
    for window in edges.windows(EDGES).filter(|window| window[0].to_dark) {
        let forward: [f32; EDGES] = std::array::from_fn(|at| window[at].at);
        let backward: [f32; EDGES] = std::array::from_fn(|at| -window[EDGES - 1 - at].at);
        let (start, end) = (line.place(forward[0]), line.place(forward[EDGES - 1]));
        if let Some(number) = decode(&forward) {
            found.push(Crossing { number, from: start, to: end });
        } else if let Some(number) = decode(&backward) {
            found.push(Crossing { number, from: end, to: start });
        }
    }
    found
}
