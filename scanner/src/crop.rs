//! Which part of a frame to show a person: the symbols, and the place under them where the line is printed.
//!
//! The symbols are the ruler. Source: the coupon of 2021 (63 × 34 mm; QR code 10 mm a side at its top right;
//! NW-7 about 37.2 × 5.6 mm, the line 2 mm under it and 3 mm high).
//!
//! Must not: cut; [`crate::Frame::crop`] does.

use crate::{
    frame::Rect,
    reading::{Point, Sighting, Symbol},
};

/// Side of the QR code, the unit of its ruler.
const QR_SIDE_MM: f32 = 10.0;
/// From the QR code's corners to the coupon's edges: left, up, right, down.
const AROUND_QR_MM: [f32; 4] = [54.0, 3.0, 5.0, 28.0];
/// Width of the NW-7, the unit of its ruler; narrower ones show a little more, wider ones a little less.
const NW7_WIDTH_MM: f32 = 37.2;
/// From the barcode to what is shown around it: the line may be 10 mm wider and reaches 6 mm below.
const AROUND_NW7_MM: [f32; 4] = [8.0, 4.0, 8.0, 10.0];
/// Around the line itself, in shares of its width.
const AROUND_LINE: f32 = 0.05;

/// The part of a frame of `width` × `height` pixels to show with these sightings: all of them, and what lies
/// around them on a coupon. Always inside the frame and at least one pixel; the whole frame where nothing
/// was sighted.
#[must_use]
pub fn crop_area(sightings: &[Sighting], width: u32, height: u32) -> Rect {
    let whole = Rect { x: 0, y: 0, width: width.max(1), height: height.max(1) };
    let corners: Vec<Point> = sightings.iter().flat_map(surroundings).collect();
    if corners.iter().any(|corner| !corner.x.is_finite() || !corner.y.is_finite()) || corners.is_empty() {
        return whole;
    }
    let span = |of: fn(&Point) -> f32, most: u32| {
        let least = corners.iter().map(of).fold(f32::INFINITY, f32::min).floor();
        let greatest = corners.iter().map(of).fold(f32::NEG_INFINITY, f32::max).ceil();
        let from = (least.max(0.0) as u32).min(most - 1);
        (from, (greatest.max(0.0) as u32).clamp(from + 1, most) - from)
    };
    let (x, width) = span(|point| point.x, whole.width);
    let (y, height) = span(|point| point.y, whole.height);
    Rect { x, y, width, height }
}

/// The corners of what to show around one symbol, turned as the symbol is.
fn surroundings(sighting: &Sighting) -> [Point; 4] {
    let [top_left, top_right, bottom_right, bottom_left] = sighting.corners;
    let along = between(top_left, top_right);
    let length = along.x.hypot(along.y).max(1.0);
    let right = Point { x: along.x / length, y: along.y / length };
    // Upright print reads left to right with its foot a quarter turn clockwise.
    let down = Point { x: -right.y, y: right.x };
    let ([to_left, up, to_right, below], px_per_unit) = match sighting.symbol {
        Symbol::Qr => (AROUND_QR_MM, length / QR_SIDE_MM),
        Symbol::Nw7 => (AROUND_NW7_MM, length / NW7_WIDTH_MM),
        Symbol::OcrLine => ([AROUND_LINE; 4], length),
    };
    let moved = |from: Point, x: f32, y: f32| Point {
        x: from.x + (right.x * x + down.x * y) * px_per_unit,
        y: from.y + (right.y * x + down.y * y) * px_per_unit,
    };
    [
        moved(top_left, -to_left, -up),
        moved(top_right, to_right, -up),
        moved(bottom_right, to_right, below),
        moved(bottom_left, -to_left, below),
    ]
}

fn between(from: Point, to: Point) -> Point {
    Point { x: to.x - from.x, y: to.y - from.y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Confidence;
    use proptest::prelude::*;

    fn sighting(symbol: Symbol, x: f32, y: f32, width: f32, height: f32) -> Sighting {
        let corners = [
            Point { x, y },
            Point { x: x + width, y },
            Point { x: x + width, y: y + height },
            Point { x, y: y + height },
        ];
        Sighting { symbol, digits: "0000123456".parse().unwrap(), corners, confidence: Confidence::CERTAIN }
    }

    #[test]
    fn the_line_under_the_barcode_is_in_the_crop() {
        // 10 px a millimetre: the line of 18 digits is 46.8 mm wide at most and ends 5 mm under the NW-7.
        let area = crop_area(&[sighting(Symbol::Nw7, 400.0, 300.0, 372.0, 56.0)], 1280, 720);
        assert!(area.x < 400 - 48 && area.x + area.width > 772 + 48);
        assert!(area.y < 300 && area.y + area.height > 356 + 50);
        assert!(area.width < 600 && area.height < 220, "and little else: {area:?}");
    }

    #[test]
    fn the_whole_coupon_of_a_qr_code_is_in_the_crop() {
        let area = crop_area(&[sighting(Symbol::Qr, 810.0, 200.0, 100.0, 100.0)], 1280, 720);
        assert!(area.x <= 810 - 510 && area.x + area.width >= 910);
        assert!(area.y <= 200 && area.y + area.height >= 200 + 310);
    }

    #[test]
    fn without_a_symbol_all_is_shown() {
        assert_eq!(crop_area(&[], 640, 480), Rect { x: 0, y: 0, width: 640, height: 480 });
        assert_eq!(crop_area(&[], 0, 0), Rect { x: 0, y: 0, width: 1, height: 1 });
    }

    proptest! {
        #[test]
        fn the_area_lies_inside_the_frame(
            corners in proptest::array::uniform4((any::<f32>(), any::<f32>())),
            (width, height) in (0_u32..5000, 0_u32..5000),
            which in 0_usize..3,
        ) {
            let corners = corners.map(|(x, y)| Point { x, y });
            let digits = "0000123456".parse().unwrap();
            let (symbol, confidence) = (Symbol::ALL[which], Confidence::CERTAIN);
            let area = crop_area(&[Sighting { symbol, digits, corners, confidence }], width, height);
            prop_assert!(area.width >= 1 && area.height >= 1);
            prop_assert!(area.x + area.width <= width.max(1) && area.y + area.height <= height.max(1));
        }
    }
}
