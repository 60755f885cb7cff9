//! Straight lines across a picture and the edges of bars on them, to fractions of a pixel.
//!
//! Must not: know a symbol.

use crate::{frame::Pixels, reading::Point};

/// Luma by which a bar and its neighbour must differ. Less is noise and the grain of paper.
const LEAST_STEP: f32 = 18.0;

/// A line of samples, one a pixel.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScanLine {
    start: Point,
    step: (f32, f32),
    samples: usize,
}

/// A place on a line where light and dark meet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Samples from the start of the line.
    pub(super) at: f32,
    /// Whether it is dark behind it.
    pub(super) to_dark: bool,
}

/// Lines at an angle (0 to π) and a distance from each other that together cover a picture.
pub(super) fn lines(pixels: Pixels<'_>, angle: f32, spacing: f32) -> impl Iterator<Item = ScanLine> {
    // A little inside the rim, where sampling needs no care.
    let (width, height) = (pixels.width as f32, pixels.height as f32);
    let rim = 1.01;
    let (sine, cosine) = angle.sin_cos();
    let reach = width.hypot(height) / 2.0;
    let count = (2.0 * reach / spacing) as usize;
    (0..count).filter_map(move |line| {
        let off = (line as f32 + 0.5) * spacing - reach;
        let through = (width / 2.0 - sine * off, height / 2.0 + cosine * off);
        // Where the line enters and leaves the picture, as ways from `through`.
        let within = |at: f32, step: f32, side: f32| {
            if step.abs() < 1e-6 {
                return if (rim..=side - rim).contains(&at) { (-reach, reach) } else { (1.0, 0.0) };
            }
            let (one, other) = ((rim - at) / step, (side - rim - at) / step);
            (one.min(other), one.max(other))
        };
        let (from_x, to_x) = within(through.0, cosine, width);
        let (from_y, to_y) = within(through.1, sine, height);
        let (from, to) = (from_x.max(from_y), to_x.min(to_y));
        let start = Point { x: through.0 + cosine * from, y: through.1 + sine * from };
        (to > from).then(|| ScanLine { start, step: (cosine, sine), samples: (to - from) as usize + 1 })
    })
}

impl ScanLine {
    /// The place in the picture that lies so many samples behind the start.
    pub(super) fn place(&self, at: f32) -> Point {
        Point { x: self.start.x + self.step.0 * at, y: self.start.y + self.step.1 * at }
    }

    /// The edges on the line, light and dark in turn. Between two extremes of luma the edge lies where half of their
    /// difference is reached, so that neither blur nor uneven light moves it far.
    pub(super) fn edges(&self, pixels: Pixels<'_>) -> Vec<Edge> {
        let mut luma = vec![0.0; self.samples];
        pixels.add_line((self.start.x, self.start.y), self.step, &mut luma);
        let mut extremes: Vec<(usize, f32)> = Vec::new();
        let Some(first) = luma.first() else { return Vec::new() };
        let (mut darkest, mut lightest) = ((0, *first), (0, *first));
        let mut seeks_dark = None;
        for (at, luma) in luma.iter().copied().enumerate() {
            if luma < darkest.1 {
                darkest = (at, luma);
            }
            if luma > lightest.1 {
                lightest = (at, luma);
            }
            if seeks_dark != Some(false) && luma > darkest.1 + LEAST_STEP {
                extremes.push(darkest);
                (seeks_dark, lightest) = (Some(false), (at, luma));
            } else if seeks_dark != Some(true) && luma < lightest.1 - LEAST_STEP {
                extremes.push(lightest);
                (seeks_dark, darkest) = (Some(true), (at, luma));
            }
        }
        extremes.extend(match seeks_dark {
            Some(true) => Some(darkest),
            Some(false) => Some(lightest),
            None => None,
        });
        extremes.windows(2).filter_map(|pair| edge(&luma, pair[0], pair[1])).collect()
    }
}

/// The edge between two extremes.
fn edge(luma: &[f32], one: (usize, f32), other: (usize, f32)) -> Option<Edge> {
    let level = (one.1 + other.1) / 2.0;
    let to_dark = other.1 < one.1;
    let is_past = |luma: f32| if to_dark { luma <= level } else { luma >= level };
    let past = (one.0 + 1..=other.0).find(|at| is_past(luma[*at]))?;
    let (before, behind) = (luma[past - 1], luma[past]);
    Some(Edge { at: past as f32 - (behind - level) / (behind - before), to_dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges_of(row: &[u8]) -> Vec<(f32, bool)> {
        let luma = row.repeat(16);
        let pixels = Pixels { width: row.len(), height: 16, luma: &luma };
        let line = lines(pixels, 0.0, 4.0).nth(1).unwrap();
        line.edges(pixels)
            .iter()
            .map(|edge| ((line.place(edge.at).x * 10.0).round() / 10.0, edge.to_dark))
            .collect()
    }

    #[test]
    fn edges_lie_where_half_of_the_difference_is_reached() {
        let sharp = [200, 200, 200, 200, 40, 40, 40, 200, 200, 200, 200, 200, 200, 200, 200, 200];
        assert_eq!(edges_of(&sharp), [(4.0, true), (7.0, false)]);
        let blurred = [200, 200, 200, 160, 80, 40, 80, 160, 200, 195, 200, 204, 200, 200, 200, 200];
        let edges = edges_of(&blurred);
        assert_eq!(edges.len(), 2, "noise is no edge");
        assert!((edges[0].0 - 4.0).abs() < 0.3 && (edges[1].0 - 7.0).abs() < 0.3, "{edges:?}");
    }

    #[test]
    fn lines_cover_the_picture_and_stay_in_it() {
        let luma = vec![0; 120 * 40];
        let pixels = Pixels { width: 120, height: 40, luma: &luma };
        for angle in [0.0, 0.4, 1.2, std::f32::consts::FRAC_PI_2, 2.0, 3.1] {
            let all: Vec<ScanLine> = lines(pixels, angle, 3.0).collect();
            let length: usize = all.iter().map(|line| line.samples).sum();
            assert!((length as f32 * 3.0 / 4800.0 - 1.0).abs() < 0.2, "{angle}: {length}");
            for line in all {
                for place in [line.place(0.0), line.place(line.samples as f32 - 1.0)] {
                    assert!((1.0..119.0).contains(&place.x) && (1.0..39.0).contains(&place.y), "{place:?}");
                }
            }
        }
    }
}
