//! The two plots of a set: how much each reader reads, and how long it takes.
//!
//! Must not: leave out a reader that the tables name.

use std::collections::BTreeSet;

use scanner::Symbol;

use crate::{
    report::{Measured, title},
    run::Row,
    svg::{Anchor, Drawing, FAINT, INK},
};

const INKS: [&str; 8] =
    ["#0072b2", "#e69f00", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#7f7f7f", "#5b3a8c"];
const WIDTH: f64 = 880.0;
/// Where axes begin and end; names stand left of them, values right.
const LEFT: f64 = 190.0;
const RIGHT: f64 = 780.0;
const BAR: f64 = 7.0;
const BETWEEN_ROWS: f64 = 7.0;
const HEADING: f64 = 34.0;
/// From a panel's last row to the next panel: room for the axis' numbers.
const FOOT: f64 = 34.0;
const LEGEND: f64 = 34.0;
/// Decades of milliseconds on the axis of times.
const DECADES: [i32; 2] = [-2, 4];

/// How much is read, by level or folder: a bar each.
pub(crate) fn reads(measured: &Measured) -> String {
    let groups: BTreeSet<&String> = measured.rows.iter().flat_map(|row| row.tally.read.keys()).collect();
    let groups: Vec<&String> = groups.into_iter().collect();
    let x = |percent: f64| LEFT + (RIGHT - LEFT) * percent / 100.0;
    let mut drawing = Drawing::new();
    let mut y = legend(&mut drawing, &groups);
    for symbol in Symbol::ALL {
        let rows: Vec<&Row> = measured.rows_of(symbol).filter(|row| row.tally.read_in_all().of > 0).collect();
        if rows.is_empty() {
            continue;
        }
        y += HEADING;
        drawing.words((LEFT, y - 8.0), Anchor::Start, true, &format!("{}: read, %", title(symbol)));
        let (top, mut marks) = (y, Vec::new());
        for row in rows {
            y += BETWEEN_ROWS;
            let first = y;
            for (place, group) in groups.iter().enumerate() {
                let Some(percent) = row.tally.read.get(*group).and_then(|share| share.percent()) else {
                    continue;
                };
                marks.push((y, percent, INKS[place % INKS.len()]));
                y += BAR;
            }
            // A reader's name needs more room than a single bar.
            y = y.max(first + 2.0 * BAR);
            name(&mut drawing, row, (first + y) / 2.0);
            let all = row.tally.read_in_all().percent().unwrap_or_default();
            drawing.words(
                (RIGHT + 90.0, (first + y) / 2.0 + 4.0),
                Anchor::End,
                false,
                &format!("{all:.0} % of all"),
            );
        }
        y += BETWEEN_ROWS;
        for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
            drawing.line((x(percent), top), (x(percent), y), FAINT, 1.0);
            drawing.words((x(percent), y + 16.0), Anchor::Middle, false, &format!("{percent:.0}"));
        }
        for (y, percent, ink) in marks {
            drawing.area((LEFT, y), (x(percent) - LEFT, BAR - 1.0), ink);
        }
        drawing.line((LEFT, top), (LEFT, y), INK, 1.0);
        y += FOOT;
    }
    drawing.finish((WIDTH, y), &format!("{}: what each reader reads", measured.set.name))
}

/// How long it takes, by size: median as a dot, a line on to the 95th percentile.
pub(crate) fn times(measured: &Measured) -> String {
    let classes: BTreeSet<&String> = measured.rows.iter().flat_map(|row| row.tally.times.keys()).collect();
    let mut classes: Vec<&String> = classes.into_iter().collect();
    // The smaller size first.
    classes.sort_by_key(|class| (class.len(), class.as_str()));
    let decades = f64::from(DECADES[1] - DECADES[0]);
    let x = |ms: f64| {
        let along = (ms.max(1e-6).log10() - f64::from(DECADES[0])) / decades;
        LEFT + (RIGHT - LEFT) * along.clamp(0.0, 1.0)
    };
    let mut drawing = Drawing::new();
    let mut y = legend(&mut drawing, &classes);
    for symbol in Symbol::ALL.into_iter().map(Some).chain([None]) {
        let rows: Vec<&Row> = measured
            .rows
            .iter()
            .filter(|row| row.reader.symbol == symbol && !row.tally.times.is_empty())
            .collect();
        if rows.is_empty() {
            continue;
        }
        y += HEADING;
        let heading = symbol.map_or("All three in one pass", title);
        drawing.words((LEFT, y - 8.0), Anchor::Start, true, &format!("{heading}: processor time, ms"));
        let top = y;
        let bottom = y + rows.iter().map(|row| row_height(row)).sum::<f64>() + BETWEEN_ROWS;
        for decade in DECADES[0]..=DECADES[1] {
            let ms = 10_f64.powi(decade);
            drawing.line((x(ms), top), (x(ms), bottom), FAINT, 1.0);
            drawing.words((x(ms), bottom + 16.0), Anchor::Middle, false, &format!("{ms}"));
        }
        for row in rows {
            let height = row_height(row);
            name(&mut drawing, row, y + (BETWEEN_ROWS + height) / 2.0);
            let mut at = y + BETWEEN_ROWS;
            for (place, class) in classes.iter().enumerate() {
                let Some(times) = row.tally.times.get(*class) else { continue };
                let (Some(median), Some(most)) = (times.median(), times.quantile(0.95)) else { continue };
                let (ink, middle) = (INKS[place % INKS.len()], at + BAR);
                drawing.line((x(median), middle), (x(most), middle), ink, 2.0);
                drawing.dot((x(median), middle), 4.0, ink);
                drawing.words((RIGHT + 90.0, middle + 4.0), Anchor::End, false, &number(median));
                at += 2.0 * BAR;
            }
            y += height;
        }
        y = bottom + FOOT;
    }
    drawing.finish((WIDTH, y), &format!("{}: processor time of each reader", measured.set.name))
}

/// Three digits of it are enough.
pub(crate) fn number(ms: f64) -> String {
    let places = if ms >= 100.0 {
        0
    } else if ms >= 10.0 {
        1
    } else {
        2
    };
    format!("{ms:.places$}")
}

fn row_height(row: &Row) -> f64 {
    BETWEEN_ROWS + 2.0 * BAR * row.tally.times.len() as f64
}

fn name(drawing: &mut Drawing, row: &Row, middle: f64) {
    drawing.words((LEFT - 10.0, middle + 4.0), Anchor::End, row.reader.is_ours(), &row.reader.name);
}

/// Which ink is which; returns where it ends.
fn legend(drawing: &mut Drawing, names: &[&String]) -> f64 {
    const LETTER: f64 = 7.2;
    let (mut x, mut y) = (LEFT, LEGEND - 12.0);
    for (place, name) in names.iter().enumerate() {
        let width = 40.0 + LETTER * name.chars().count() as f64;
        if x + width > WIDTH && x > LEFT {
            (x, y) = (LEFT, y + 20.0);
        }
        drawing.area((x, y - 10.0), (12.0, 12.0), INKS[place % INKS.len()]);
        drawing.words((x + 18.0, y), Anchor::Start, false, name);
        x += width;
    }
    y + 12.0
}
