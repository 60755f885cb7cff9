//! 図: columns over time as shapes for an SVG, with the same figures as a table for who cannot see them.
//!
//! Must not: hold a word of its own, or tell kinds apart by colour alone; each kind has its own pattern.

use super::phrases;

/// Height of the drawing, in its own units; its width is one for each column.
const HEIGHT: f64 = 100.0;
/// What a column leaves free on each side.
const GAP: f64 = 0.12;
/// So many times are named below, from the first to the last.
const NAMED: usize = 5;

/// What is drawn: one column for each time, first to last.
pub(crate) struct Drawn<'a> {
    /// Title.
    pub(crate) title: &'a str,
    /// What is counted.
    pub(crate) unit: &'a str,
    /// What the columns stand for: the first heading of the table.
    pub(crate) when: &'a str,
    /// Each kind, from the foot of a column up.
    pub(crate) kinds: Vec<&'a str>,
    /// When, and a count for each kind; none where nothing is known.
    pub(crate) columns: Vec<(String, Option<Vec<u64>>)>,
}

/// Ready for the template.
pub(crate) struct Chart {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) when: String,
    pub(crate) kinds: Vec<(String, String)>,
    pub(crate) width: usize,
    pub(crate) bars: Vec<Bar>,
    pub(crate) most: String,
    pub(crate) half: String,
    pub(crate) times: Vec<String>,
    /// Newest first, because that is what is looked for.
    pub(crate) rows: Vec<(String, Vec<String>)>,
    pub(crate) is_empty: bool,
}

/// A rectangle.
pub(crate) struct Bar {
    pub(crate) class: String,
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) width: String,
    pub(crate) height: String,
}

/// Draws it; `unknown` stands in the table where nothing is known.
pub(crate) fn chart(id: &'static str, drawn: Drawn<'_>, unknown: &str) -> Chart {
    let most = drawn.columns.iter().filter_map(|(_, counts)| counts.as_ref()).map(|counts| sum(counts)).max();
    let scale = round_up(most.unwrap_or(0));
    let bars = drawn.columns.iter().enumerate().flat_map(|(place, (_, counts))| {
        let mut below = 0_u64;
        counts
            .iter()
            .flatten()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(move |(kind, count)| {
                let (foot, height) = (share(below, scale), share(*count, scale));
                below += count;
                Bar {
                    class: format!("kind-{kind}"),
                    x: format!("{:.2}", place as f64 + GAP),
                    y: format!("{:.2}", HEIGHT - foot - height),
                    width: format!("{:.2}", 1.0 - 2.0 * GAP),
                    height: format!("{height:.2}"),
                }
            })
            .collect::<Vec<_>>()
    });
    let texts = |counts: &Option<Vec<u64>>| match counts {
        Some(counts) => counts.iter().map(|count| phrases::number(*count)).collect(),
        None => vec![unknown.to_owned(); drawn.kinds.len()],
    };
    let rows = drawn.columns.iter().rev().map(|(time, counts)| (time.clone(), texts(counts)));
    let last = drawn.columns.len().saturating_sub(1);
    let named = (0..NAMED).map(|step| step * last / (NAMED - 1));
    Chart {
        id,
        title: drawn.title.to_owned(),
        unit: drawn.unit.to_owned(),
        when: drawn.when.to_owned(),
        kinds: drawn
            .kinds
            .iter()
            .enumerate()
            .map(|(kind, word)| (format!("kind-{kind}"), (*word).to_owned()))
            .collect(),
        width: drawn.columns.len().max(1),
        bars: bars.collect(),
        most: phrases::number(scale),
        half: if scale.is_multiple_of(2) { phrases::number(scale / 2) } else { String::new() },
        times: named.filter_map(|place| drawn.columns.get(place)).map(|(time, _)| time.clone()).collect(),
        rows: rows.collect(),
        is_empty: most.is_none(),
    }
}

fn sum(counts: &[u64]) -> u64 {
    counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
}

/// The next of 1, 2, 4, 10, 20, 40, 100 … that is not less: a scale whose half is a whole number, but for 1.
fn round_up(most: u64) -> u64 {
    let mut step = 1_u64;
    loop {
        for times in [1, 2, 4] {
            let scale = step.saturating_mul(times);
            if scale >= most {
                return scale;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// Its part of the drawing's height.
fn share(count: u64, scale: u64) -> f64 {
    count as f64 / scale.max(1) as f64 * HEIGHT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(columns: &[Option<Vec<u64>>]) -> Chart {
        let columns = columns.iter().enumerate().map(|(hour, counts)| (format!("{hour}:00"), counts.clone()));
        let kinds = vec!["near", "far"];
        chart(
            "lag",
            Drawn { title: "Lag", unit: "tablets", when: "Hour", kinds, columns: columns.collect() },
            "–",
        )
    }

    #[test]
    fn kinds_stand_on_each_other_and_fill_their_share() {
        let chart = drawn(&[Some(vec![5, 15]), None, Some(vec![0, 40])]);
        let bars: Vec<_> =
            chart.bars.iter().map(|bar| (bar.class.as_str(), bar.y.as_str(), bar.height.as_str())).collect();
        assert_eq!(chart.most, "40");
        assert_eq!(
            bars,
            [("kind-0", "87.50", "12.50"), ("kind-1", "50.00", "37.50"), ("kind-1", "0.00", "100.00")]
        );
        assert_eq!((chart.bars[0].x.as_str(), chart.bars[2].x.as_str(), chart.width), ("0.12", "2.12", 3));
    }

    #[test]
    fn the_table_says_what_the_drawing_shows_newest_first_and_what_is_not_known() {
        let chart = drawn(&[Some(vec![1_234, 0]), None]);
        let row = |time: &str, cells: [&str; 2]| (time.to_owned(), cells.map(str::to_owned).to_vec());
        assert_eq!(chart.rows, [row("1:00", ["–", "–"]), row("0:00", ["1,234", "0"])]);
        assert!(!chart.is_empty && drawn(&[None, None]).is_empty);
        assert_eq!(drawn(&[]).times, Vec::<String>::new());
    }

    #[test]
    fn a_scale_is_a_round_number_that_holds_the_most() {
        let scales = [0, 1, 3, 4, 5, 11, 41, 399, 400, 401].map(round_up);
        assert_eq!(scales, [1, 1, 4, 4, 10, 20, 100, 400, 400, 1_000]);
        assert_eq!(round_up(u64::MAX), u64::MAX);
    }
}
