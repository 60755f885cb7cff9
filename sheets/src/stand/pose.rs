//! How the paper lies under the camera: turn, tilt, distance, curl; which place of the paper each pixel sees.
//!
//! Must not: draw, light or blur.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::{
    coupon,
    lens::FrameSize,
    stand::{
        Disturbance, Slip,
        range::{self, Bounds},
    },
};

/// Pixels between two exact places across a frame, and rows between two exact rows. Between them the way over the
/// paper is taken as straight: at the worst tilt and curl the error stays under a tenth of a pixel.
pub(super) const CELL_PX: usize = 16;
/// See [`CELL_PX`].
pub(super) const CELL_ROWS: usize = 8;
/// Tries to find a place for the paper at which the whole coupon is in view.
const TRIES: usize = 400;

/// Waves of a paper that does not lie flat.
#[derive(Clone, Copy)]
struct Curl {
    height_mm: f32,
    length_mm: f32,
    phase: f32,
    slant: f32,
}

impl Curl {
    /// Height over the table, none in the middle of the line.
    fn at(&self, x: f32, y: f32) -> f32 {
        let along = std::f32::consts::TAU * (x + self.slant * y) / self.length_mm + self.phase;
        self.height_mm * (along.sin() - self.phase.sin())
    }
}

/// A paper under a camera.
#[derive(Clone)]
pub(super) struct Pose {
    size: FrameSize,
    /// Rows of the rotation.
    rotation: [[f32; 3]; 3],
    focal_px: f32,
    away_mm: f32,
    /// Place of the line's middle in the frame, from the frame's middle.
    offset_px: (f32, f32),
    middle_mm: (f32, f32),
    curl: Option<Curl>,
    /// How much the sticker is turned against the form around it.
    pub(super) askew_deg: f32,
}

impl Pose {
    pub(super) fn by_lot(slip: &Slip, bounds: &Bounds, size: FrameSize, rng: &mut ChaCha8Rng) -> Self {
        let (width, height) = (size.width as f32, size.height as f32);
        let mut within = |most: f32| rng.random_range(-most..=most);
        let askew_deg = match slip.disturbance {
            Disturbance::Askew => within(1.0).signum() * (3.0 + within(1.0).abs() * 9.0),
            _ => 0.0,
        };
        let turn_deg = within(bounds.turn_deg) + askew_deg;
        let tilt = (within(bounds.tilt_deg), within(bounds.tilt_deg));
        let mut between = |(from, to): range::Range| rng.random_range(from..=to);
        let share = between(range::LINE_SHARE);
        let focal_px = width * between(range::FOCAL);
        let away_mm = focal_px * slip.line_mm() / (share * width);
        let curl = rng.random_bool(bounds.curl_chance).then(|| Curl {
            height_mm: rng.random_range(bounds.curl_mm.0..=bounds.curl_mm.1),
            length_mm: rng.random_range(40.0..120.0),
            phase: rng.random_range(0.0..std::f32::consts::TAU),
            slant: rng.random_range(-0.5..0.5),
        });
        let mut pose = Self {
            size,
            rotation: product(&about_axes(tilt), &about_sight(turn_deg)),
            focal_px,
            away_mm,
            offset_px: (0.0, 0.0),
            middle_mm: slip.line_middle_mm(),
            curl,
            askew_deg,
        };
        for _ in 0..TRIES {
            pose.offset_px = (rng.random_range(-0.3..0.3) * width, rng.random_range(-0.05..0.48) * height);
            let sticker = [
                (0.0, 1.0),
                (coupon::WIDTH_MM, 1.0),
                (coupon::WIDTH_MM, coupon::HEIGHT_MM - 1.0),
                (0.0, coupon::HEIGHT_MM - 1.0),
            ];
            if pose.shows(&slip.line_corners_mm(), 0.012 * width) && pose.shows(&sticker, 2.0) {
                return pose;
            }
        }
        pose.offset_px = (0.0, 0.0);
        pose
    }

    /// The same paper pushed by a share of the frame's width and turned.
    pub(super) fn moved(&self, by: (f32, f32), turn_deg: f32) -> Self {
        let mut moved = self.clone();
        moved.offset_px.0 += by.0 * self.size.width as f32;
        moved.offset_px.1 += by.1 * self.size.height as f32;
        moved.rotation = product(&self.rotation, &about_sight(turn_deg));
        moved
    }

    /// Whether all the places are in the frame with a margin.
    pub(super) fn shows(&self, places_mm: &[(f32, f32)], margin_px: f32) -> bool {
        let (width, height) = (self.size.width as f32, self.size.height as f32);
        places_mm.iter().all(|place| {
            let (u, v) = self.project(*place);
            u > margin_px && u < width - margin_px && v > margin_px && v < height - margin_px
        })
    }

    /// Pixels a millimetre in the middle of the line.
    pub(super) fn px_per_mm(&self) -> f32 {
        self.focal_px / self.away_mm
    }

    /// Where a place of the paper appears in the frame.
    pub(super) fn project(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (x, y) = (x - self.middle_mm.0, y - self.middle_mm.1);
        let z = self.curl.map_or(0.0, |curl| curl.at(x, y));
        let [u, v, w] = self.rotation.map(|row| row[0] * x + row[1] * y + row[2] * z);
        let scale = self.focal_px / (w + self.away_mm);
        (
            u * scale + self.size.width as f32 / 2.0 + self.offset_px.0,
            v * scale + self.size.height as f32 / 2.0 + self.offset_px.1,
        )
    }

    /// Which place of the paper is seen at a place of the frame.
    pub(super) fn seen_at(&self, u: f32, v: f32) -> (f32, f32) {
        let dx = (u - self.size.width as f32 / 2.0 - self.offset_px.0) / self.focal_px;
        let dy = (v - self.size.height as f32 / 2.0 - self.offset_px.1) / self.focal_px;
        let r = &self.rotation;
        let sight: [f32; 3] = std::array::from_fn(|axis| r[0][axis] * dx + r[1][axis] * dy + r[2][axis]);
        let eye: [f32; 3] = std::array::from_fn(|axis| -r[2][axis] * self.away_mm);
        let mut height = 0.0;
        let (mut x, mut y) = (0.0, 0.0);
        for _ in 0..if self.curl.is_some() { 4 } else { 1 } {
            let far = (height - eye[2]) / sight[2];
            (x, y) = (eye[0] + far * sight[0], eye[1] + far * sight[1]);
            height = self.curl.map_or(0.0, |curl| curl.at(x, y));
        }
        (x + self.middle_mm.0, y + self.middle_mm.1)
    }

    /// The places seen at every [`CELL_PX`]-th pixel of every [`CELL_ROWS`]-th row, one beyond the frame's end.
    pub(super) fn cells(&self) -> Cells {
        let columns = self.size.width.div_ceil(CELL_PX) + 1;
        let rows = self.size.height.div_ceil(CELL_ROWS) + 1;
        let places = (0..rows * columns)
            .map(|cell| {
                self.seen_at(((cell % columns) * CELL_PX) as f32, ((cell / columns) * CELL_ROWS) as f32)
            })
            .collect();
        Cells { columns, places }
    }
}

/// Places of the paper in millimetres that a lattice of pixels sees.
pub(super) struct Cells {
    columns: usize,
    places: Vec<(f32, f32)>,
}

impl Cells {
    /// The lattice row `row`.
    pub(super) fn row(&self, row: usize) -> &[(f32, f32)] {
        &self.places[row * self.columns..(row + 1) * self.columns]
    }
    /// Left, top, right and bottom of what is seen.
    pub(super) fn reach_mm(&self) -> [f32; 4] {
        self.places.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |[l, t, r, b], (x, y)| {
            [l.min(*x), t.min(*y), r.max(*x), b.max(*y)]
        })
    }
}

fn about_sight(degrees: f32) -> [[f32; 3]; 3] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    [[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]]
}

fn about_axes(degrees: (f32, f32)) -> [[f32; 3]; 3] {
    let ((sin_x, cos_x), (sin_y, cos_y)) =
        (degrees.0.to_radians().sin_cos(), degrees.1.to_radians().sin_cos());
    let over_x = [[1.0, 0.0, 0.0], [0.0, cos_x, -sin_x], [0.0, sin_x, cos_x]];
    let over_y = [[cos_y, 0.0, sin_y], [0.0, 1.0, 0.0], [-sin_y, 0.0, cos_y]];
    product(&over_x, &over_y)
}

fn product(a: &[[f32; 3]; 3], b: &[[f32; 3]; 3]) -> [[f32; 3]; 3] {
    std::array::from_fn(|row| std::array::from_fn(|column| (0..3).map(|k| a[row][k] * b[k][column]).sum()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Level;
    use rand::SeedableRng;

    #[test]
    fn a_pixel_sees_the_place_that_projects_to_it() {
        let size = FrameSize { width: 1280, height: 720 };
        for seed in 0..60 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let level = [Level::Good, Level::Usual, Level::Bad][(seed % 3) as usize];
            let digits = "231310160000123456".parse().unwrap();
            let slip = Slip::by_lot(digits, Disturbance::Askew, &mut rng);
            let pose = Pose::by_lot(&slip, &Bounds::of(level), size, &mut rng);
            for place in slip.line_corners_mm() {
                let (u, v) = pose.project(place);
                let (x, y) = pose.seen_at(u, v);
                assert!(
                    (x - place.0).hypot(y - place.1) < 0.05,
                    "seed {seed}: {place:?} came back as {x}, {y}"
                );
            }
        }
    }

    #[test]
    fn straight_ways_between_the_cells_are_close_to_what_is_seen() {
        let size = FrameSize { width: 640, height: 360 };
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let slip = Slip::by_lot("231310160000123456".parse().unwrap(), Disturbance::None, &mut rng);
        let pose = Pose::by_lot(&slip, &Bounds::of(Level::Bad), size, &mut rng);
        let cells = pose.cells();
        for row in 1..size.height / CELL_ROWS {
            for column in 0..size.width / CELL_PX {
                let (from, to) = (cells.row(row)[column], cells.row(row)[column + 1]);
                let seen = pose.seen_at((column * CELL_PX + CELL_PX / 2) as f32, (row * CELL_ROWS) as f32);
                let off = ((from.0 + to.0) / 2.0 - seen.0).hypot((from.1 + to.1) / 2.0 - seen.1);
                assert!(off * pose.px_per_mm() < 0.25, "{off} mm at {column}, {row}");
            }
        }
    }
}
