//! The lens: which point of the paper each pixel of the frame sees.
//!
//! A pinhole camera over a flat page. Must not: blur, light or disturb the picture; `sensor` does.

use crate::{
    page::Page,
    questionnaire::{DRAWN, Plate},
};

/// Luma of the table beside the paper, as a share of white paper (255).
const TABLE_TONE: u8 = 78;

/// Where a camera stands over the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// The place on the page under the middle of the frame, from the page's top left corner.
    pub center_mm: (f32, f32),
    /// Turn of the paper in the frame, clockwise.
    pub turn_deg: f32,
    /// Tilt of the paper about the frame's horizontal and vertical axis.
    pub tilt_deg: (f32, f32),
    /// Scale in the middle of the frame. 10 px/mm at 1280 pixels is a camera about 10 cm above the paper.
    pub px_per_mm: f32,
    /// Focal length; the smaller, the stronger the perspective. About the frame's width.
    pub focal_px: f32,
}

/// Width and height of a frame in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameSize {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// A projective map of the plane, row after row.
type Map = [[f64; 3]; 3];

fn product(a: &Map, b: &Map) -> Map {
    let cell = |row: usize, column: usize| (0..3).map(|k| a[row][k] * b[k][column]).sum();
    std::array::from_fn(|row| std::array::from_fn(|column| cell(row, column)))
}

/// The inverse up to scale, which a projective map does not notice.
fn inverse(m: &Map) -> Map {
    let minor = |r: usize, c: usize| {
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    std::array::from_fn(|row| std::array::from_fn(|column| minor(column, row)))
}

impl View {
    /// Millimetres on the page → pixels of the frame.
    fn projection(&self, size: FrameSize) -> Map {
        let [turn, about_x, about_y] =
            [self.turn_deg, self.tilt_deg.0, self.tilt_deg.1].map(|degrees| f64::from(degrees).to_radians());
        let (focal, away) = (f64::from(self.focal_px), f64::from(self.focal_px / self.px_per_mm.max(0.01)));
        let turned = [[turn.cos(), -turn.sin(), 0.0], [turn.sin(), turn.cos(), 0.0], [0.0, 0.0, 1.0]];
        let over_y =
            [[about_y.cos(), 0.0, about_y.sin()], [0.0, 1.0, 0.0], [-about_y.sin(), 0.0, about_y.cos()]];
        let over_x =
            [[1.0, 0.0, 0.0], [0.0, about_x.cos(), -about_x.sin()], [0.0, about_x.sin(), about_x.cos()]];
        let mut pose = product(&over_x, &product(&over_y, &turned));
        for (row, offset) in [0.0, 0.0, away].into_iter().enumerate() {
            pose[row][2] = offset;
        }
        let camera =
            [[focal, 0.0, size.width as f64 / 2.0], [0.0, focal, size.height as f64 / 2.0], [0.0, 0.0, 1.0]];
        let (x, y) = self.center_mm;
        let shifted = [[1.0, 0.0, -f64::from(x)], [0.0, 1.0, -f64::from(y)], [0.0, 0.0, 1.0]];
        product(&camera, &product(&pose, &shifted))
    }
    /// Where a place on the page (millimetres) appears in the frame (pixels): the truth a judge may ask for.
    #[must_use]
    pub fn project(&self, size: FrameSize, x_mm: f32, y_mm: f32) -> (f32, f32) {
        let map = self.projection(size);
        let [u, v, w] = map.map(|row| row[0] * f64::from(x_mm) + row[1] * f64::from(y_mm) + row[2]);
        ((u / w) as f32, (v / w) as f32)
    }
}

/// Pixels between two exact projections; between them the way over the plate is taken as straight. At a
/// tilt of 20 degrees the error stays under a hundredth of a pixel.
const SPAN_PX: usize = 16;
/// Bits below the point of a place on the plate.
const FRACTION_BITS: u32 = 16;
/// Farther than any plate reaches, in its pixels; places are cut to it so that they fit 32 bits.
const FAR_PX: f32 = 30_000.0;

/// What the lens lays on the sensor: the plate's luma, and the table beside it.
#[must_use]
pub fn project(plate: &Plate, view: &View, size: FrameSize) -> Vec<u8> {
    let page = plate.page();
    let scale = f64::from(page.px_per_mm());
    // Half a pixel: a pixel's value stands for its middle.
    let to_plate = [
        [scale, 0.0, -f64::from(DRAWN.x_mm) * scale - 0.5],
        [0.0, scale, -f64::from(DRAWN.y_mm) * scale - 0.5],
        [0.0, 0.0, 1.0],
    ];
    let map = product(&to_plate, &inverse(&view.projection(size)));
    let mut frame = vec![TABLE_TONE; size.width * size.height];
    for (v, row) in frame.chunks_exact_mut(size.width).enumerate() {
        let v = v as f64 + 0.5;
        let from = map.map(|line| (line[1] * v + line[2]) as f32);
        let step = map.map(|line| line[0] as f32);
        let place_of = |u: usize| {
            let [x, y, w]: [f32; 3] = std::array::from_fn(|axis| from[axis] + step[axis] * (u as f32 + 0.5));
            let fixed =
                |along: f32| ((along / w).clamp(-FAR_PX, FAR_PX) * (1 << FRACTION_BITS) as f32) as i32;
            Place { x: fixed(x), y: fixed(y) }
        };
        let mut start = place_of(0);
        for (span, pixels) in row.chunks_mut(SPAN_PX).enumerate() {
            let end = place_of((span + 1) * SPAN_PX);
            sample(pixels, page, start, end);
            start = end;
        }
    }
    frame
}

/// A place on the plate in its pixels, [`FRACTION_BITS`] below the point.
#[derive(Clone, Copy)]
struct Place {
    x: i32,
    y: i32,
}

impl Place {
    fn is_on(self, page: &Page) -> bool {
        // A negative place becomes a huge one.
        ((self.x >> FRACTION_BITS) as usize) < page.width() - 1
            && ((self.y >> FRACTION_BITS) as usize) < page.height() - 1
    }
}

/// Reads the plate, bilinearly, on the straight way from `start` to `end`.
fn sample(pixels: &mut [u8], page: &Page, start: Place, end: Place) {
    let (luma, width) = (page.luma(), page.width());
    let step = |from: i32, to: i32| to.saturating_sub(from) / SPAN_PX as i32;
    let (step_x, step_y) = (step(start.x, end.x), step(start.y, end.y));
    let mut place = start;
    for pixel in pixels {
        if place.is_on(page) {
            let at = (place.y >> FRACTION_BITS) as usize * width + (place.x >> FRACTION_BITS) as usize;
            let (above, below) = (&luma[at..at + 2], &luma[at + width..at + width + 2]);
            let eighth = |along: i32| (along >> (FRACTION_BITS - 8) & 255) as u32;
            let (right, down) = (eighth(place.x), eighth(place.y));
            let mix = |pair: &[u8]| u32::from(pair[0]) * (256 - right) + u32::from(pair[1]) * right;
            *pixel = ((mix(above) * (256 - down) + mix(below) * down) >> 16) as u8;
        }
        place = Place { x: place.x.wrapping_add(step_x), y: place.y.wrapping_add(step_y) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        coupon,
        questionnaire::COUPON_AT_MM,
        sheet::{Nw7Content, Sheet},
    };

    const SIZE: FrameSize = FrameSize { width: 640, height: 360 };

    fn view() -> View {
        let center_mm = (COUPON_AT_MM.0 + coupon::WIDTH_MM / 2.0, COUPON_AT_MM.1 + coupon::HEIGHT_MM / 2.0);
        View { center_mm, turn_deg: 0.0, tilt_deg: (0.0, 0.0), px_per_mm: 5.0, focal_px: 640.0 }
    }

    #[test]
    fn a_place_projects_to_its_scale_and_turn() {
        let straight = view();
        let (x, y) = straight.center_mm;
        assert_eq!(straight.project(SIZE, x, y), (320.0, 180.0));
        let (u, v) = straight.project(SIZE, x + 10.0, y);
        assert!((u - 370.0).abs() < 0.01 && (v - 180.0).abs() < 0.01);
        let (u, v) = View { turn_deg: 90.0, ..straight }.project(SIZE, x + 10.0, y);
        assert!((u - 320.0).abs() < 0.01 && (v - 230.0).abs() < 0.01, "clockwise: right becomes down");
    }

    #[test]
    fn the_frame_shows_the_paper_where_the_view_puts_it() {
        let plate = Plate::print(&Sheet::sound("231310160000123456".parse().unwrap(), Nw7Content::LastTen));
        for tilt_deg in [(0.0, 0.0), (12.0, -9.0)] {
            let tilted = View { tilt_deg, turn_deg: 7.0, ..view() };
            let frame = project(&plate, &tilted, SIZE);
            // The middle of the QR code's top left finder is dark, the quiet zone beside it bare.
            let (x, y) = (COUPON_AT_MM.0 + 51.0, COUPON_AT_MM.1 + 2.0);
            let at = |x_mm, y_mm| {
                let (u, v) = tilted.project(SIZE, x_mm, y_mm);
                frame[v as usize * SIZE.width + u as usize]
            };
            assert!(at(x + 1.6, y + 1.6) < 90 && at(x - 0.8, y + 1.6) > 200, "{tilt_deg:?}");
        }
    }

    #[test]
    fn beside_the_paper_lies_the_table() {
        let plate = Plate::print(&Sheet::sound("231310160000123456".parse().unwrap(), Nw7Content::Absent));
        let away = View { center_mm: (400.0, 25.0), ..view() };
        assert!(project(&plate, &away, SIZE).iter().all(|pixel| *pixel == TABLE_TONE));
    }
}
