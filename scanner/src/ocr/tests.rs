//! Lines on bare paper: found, read, refused.

use super::*;
use crate::reading::Digits;
use proptest::prelude::*;
use sheets::{
    lettering::{Hand, Typeface, write_in_cells},
    page::{Area, Page},
};

const LINE: &str = "231310160000123456";
const PITCH_MM: f32 = 2.2;
const LEFT_MM: f32 = 20.0;
const BASELINE_MM: f32 = 24.0;

fn bare() -> Page {
    Page::blank(Area::new(0.0, 0.0, 80.0, 45.0), 14.0)
}

fn write(page: &mut Page, left_mm: f32, baseline_mm: f32, text: &str, typeface: Typeface) {
    let hand = Hand { typeface, size_mm: 3.2, tone: 30 };
    write_in_cells(page, left_mm, baseline_mm, text, PITCH_MM, hand);
}

fn lined() -> Page {
    let mut page = bare();
    write(&mut page, LEFT_MM, BASELINE_MM, LINE, Typeface::OcrB);
    page
}

fn found(page: &Page) -> OcrFindings {
    find(Pixels { width: page.width(), height: page.height(), luma: page.luma() }, &[])
}

fn read_of(page: &Page) -> Vec<String> {
    found(page).sightings.iter().map(|line| line.digits.as_str().to_owned()).collect()
}

/// Paper turned about its middle by an angle, under a light.
fn turned(page: &Page, degrees: f32, light: f32) -> Vec<u8> {
    let pixels = Pixels { width: page.width(), height: page.height(), luma: page.luma() };
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (half_x, half_y) = (pixels.width as f32 / 2.0, pixels.height as f32 / 2.0);
    (0..pixels.width * pixels.height)
        .map(|at| ((at % pixels.width) as f32 + 0.5 - half_x, (at / pixels.width) as f32 + 0.5 - half_y))
        .map(|(x, y)| pixels.at(half_x + x * cos + y * sin, half_y - x * sin + y * cos))
        .map(|luma| (luma * light) as u8)
        .collect()
}

#[test]
fn a_line_is_read_in_each_typeface_and_its_corners_are_the_print_s() {
    for typeface in [Typeface::OcrB, Typeface::OcrA, Typeface::DejaVuMono, Typeface::Cousine] {
        let mut page = bare();
        write(&mut page, LEFT_MM, BASELINE_MM, LINE, typeface);
        let findings = found(&page);
        assert_eq!(findings.sightings.len(), 1, "{typeface:?}");
        let line = &findings.sightings[0];
        assert_eq!(line.digits.as_str(), LINE, "{typeface:?}");
        assert!(line.confidence.least() > 0.95, "{typeface:?} {:?}", line.confidence);
        let (left, bottom) = page.to_px(LEFT_MM, BASELINE_MM);
        let (right, top) = page.to_px(LEFT_MM + 18.0 * PITCH_MM, BASELINE_MM - 2.4);
        let expected = [(left, top), (right, top), (right, bottom), (left, bottom)];
        for (corner, (x, y)) in line.corners.iter().zip(expected) {
            assert!((corner.x - x).abs() < 12.0 && (corner.y - y).abs() < 10.0, "{typeface:?} {corner:?}");
        }
    }
}

#[test]
fn a_line_is_read_however_it_lies_and_in_the_dark() {
    let page = lined();
    for (degrees, light) in [(-24.0, 1.0), (-11.0, 0.3), (0.0, 0.12), (7.0, 0.6), (24.0, 1.0)] {
        let luma = turned(&page, degrees, light);
        let findings = find(Pixels { width: page.width(), height: page.height(), luma: &luma }, &[]);
        let read: Vec<&str> = findings.sightings.iter().map(|line| line.digits.as_str()).collect();
        assert_eq!(read, [LINE], "{degrees} degrees, light {light}");
    }
}

#[test]
fn a_sheet_on_its_head_is_read_where_a_code_says_that_it_is() {
    let page = lined();
    let luma: Vec<u8> = page.luma().iter().rev().copied().collect();
    let pixels = Pixels { width: page.width(), height: page.height(), luma: &luma };
    assert_eq!(find(pixels, &[]).sightings, []);
    let corner = |x: f32, y: f32| Point { x, y };
    let code = Sighting {
        symbol: Symbol::Qr,
        digits: LINE.parse().unwrap(),
        corners: [corner(200.0, 200.0), corner(100.0, 200.0), corner(100.0, 100.0), corner(200.0, 100.0)],
        confidence: crate::Confidence::CERTAIN,
    };
    let findings = find(pixels, &[code]);
    let line = &findings.sightings[0];
    assert_eq!((findings.sightings.len(), line.digits), (1, LINE.parse::<Digits>().unwrap()));
    assert!(line.corners[1].x < line.corners[0].x && line.corners[3].y < line.corners[0].y);
}

#[test]
fn two_sheets_in_view_give_two_lines() {
    let mut page = lined();
    write(&mut page, 22.0, 36.0, "141310160000654321", Typeface::OcrB);
    let mut read = read_of(&page);
    read.sort_unstable();
    assert_eq!(read, ["141310160000654321", LINE]);
}

#[test]
fn more_or_fewer_digits_are_no_line() {
    for text in [&LINE[..17], &LINE[..10], "2313101600001234567", "23131016000012345678901"] {
        let mut page = bare();
        write(&mut page, 14.0, BASELINE_MM, text, Typeface::OcrB);
        assert_eq!(read_of(&page), [""; 0], "{text}");
    }
}

#[test]
fn a_line_that_the_frame_cuts_is_no_line() {
    // Off either side by one digit, then by so much that the ink just touches the edge.
    for left_mm in [-PITCH_MM, -0.4, 80.0 - 17.0 * PITCH_MM, 80.0 - 18.0 * PITCH_MM + 0.4] {
        let mut page = bare();
        write(&mut page, left_mm, BASELINE_MM, LINE, Typeface::OcrB);
        assert_eq!(read_of(&page), [""; 0], "{left_mm}");
    }
}

#[test]
fn a_covered_digit_leaves_the_line_unread() {
    for place in [0, 4, 9, 17] {
        let mut page = lined();
        let left = LEFT_MM + place as f32 * PITCH_MM;
        page.fill(Area::new(left, BASELINE_MM - 3.0, PITCH_MM, 4.0), 255);
        assert_eq!(read_of(&page), [""; 0], "a note over {place}");
        let mut page = lined();
        page.stroke(&[(left - 0.2, BASELINE_MM - 4.0), (left + PITCH_MM, BASELINE_MM + 2.0)], 1.6, 20);
        let read = read_of(&page);
        assert!(read.is_empty() || read == [LINE], "a pen over {place}: {read:?}");
    }
}

#[test]
fn a_long_stroke_through_the_line_does_not_hide_it() {
    let mut page = lined();
    page.stroke(&[(LEFT_MM - 6.0, BASELINE_MM + 1.2), (LEFT_MM + 46.0, BASELINE_MM - 0.2)], 0.4, 60);
    let findings = found(&page);
    assert!(findings.looks_like_one);
    assert!(findings.sightings.iter().all(|line| line.digits.as_str() == LINE));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_line_anywhere_on_a_sheet_is_read(
        number in "[12][1-7][0-9]{16}",
        left in 3.0_f32..37.0,
        baseline in 5.0_f32..42.0,
        light in 0.2_f32..1.0,
    ) {
        let mut page = bare();
        write(&mut page, left, baseline, &number, Typeface::OcrB);
        let luma = turned(&page, 0.0, light);
        let findings = find(Pixels { width: page.width(), height: page.height(), luma: &luma }, &[]);
        let read: Vec<&str> = findings.sightings.iter().map(|line| line.digits.as_str()).collect();
        prop_assert_eq!(read, [number.as_str()]);
    }

    #[test]
    fn blots_and_rules_of_any_size_are_no_line(
        width in 16_usize..400,
        height in 16_usize..300,
        blots in proptest::collection::vec((any::<u16>(), any::<u16>(), 1_usize..60, 1_usize..60, any::<u8>()), 0..200),
    ) {
        let mut luma = vec![225_u8; width * height];
        for (x, y, wide, high, tone) in blots {
            let (left, top) = (usize::from(x) % width, usize::from(y) % height);
            for row in top..(top + high).min(height) {
                luma[row * width + left..][..wide.min(width - left)].fill(tone);
            }
        }
        prop_assert_eq!(find(Pixels { width, height, luma: &luma }, &[]).sightings, []);
    }
}
