//! Stickers of lots under a simple camera: a floor of what must be named, and no lot that is not there.

use record::LotNumber;
use scanner::{CaptureId, Frame, package::sticker};
use sheets::{
    lettering::{Hand, Typeface, write},
    page::{Area, Page},
};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
/// What the site has received: some differ in one digit.
const RECEIVED: [&str; 8] =
    ["FF3620", "FF3629", "FJ7489", "FK0108", "FL1839", "FM3289", "3004734", "3004667"];

/// How a sticker lies and is seen.
#[derive(Debug, Clone, Copy)]
struct Pose {
    px_per_mm: f32,
    degrees: f32,
    /// Reach of a box blur in pixels.
    blur: usize,
    /// Luma of paper; and of the noise, either way.
    light: (f32, f32),
}

/// A sticker with its product, lot and last day, 見本.
fn sticker(lot: &str, typeface: Typeface, px_per_mm: f32) -> Page {
    let mut page = Page::blank(Area::new(0.0, 0.0, 60.0, 32.0), px_per_mm);
    page.outline(Area::new(2.0, 2.0, 50.0, 26.0), 0.2, 90);
    let small = Hand { typeface: Typeface::Form, size_mm: 3.0, tone: 30 };
    let large = Hand { typeface, size_mm: 4.4, tone: 20 };
    write(&mut page, 5.0, 8.0, "コミナティ筋注 見本", small);
    let after = write(&mut page, 5.0, 15.0, "製造番号 ", small);
    write(&mut page, 5.0 + after, 15.0, lot, large);
    write(&mut page, 5.0, 22.0, "最終有効年月日 2022.02.28", small);
    page
}

fn seen(page: &Page, pose: Pose, seed: u64) -> Frame {
    let (sin, cos) = pose.degrees.to_radians().sin_cos();
    let at = |x: isize, y: isize| -> f32 {
        let inside = x >= 0 && y >= 0 && (x as usize) < page.width() && (y as usize) < page.height();
        if inside { f32::from(page.luma()[y as usize * page.width() + x as usize]) } else { 255.0 }
    };
    let mut state = seed;
    let mut luma = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (dx, dy) = (x as f32 - WIDTH as f32 / 2.0, y as f32 - HEIGHT as f32 / 2.0);
            let across = (dx * cos + dy * sin + page.width() as f32 / 2.0).floor();
            let down = (dy * cos - dx * sin + page.height() as f32 / 2.0).floor();
            let reach = pose.blur as isize;
            let around = (-reach..=reach).flat_map(|row| (-reach..=reach).map(move |column| (column, row)));
            let sum: f32 =
                around.map(|(column, row)| at(across as isize + column, down as isize + row)).sum();
            let side = (2 * pose.blur + 1) as f32;
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = ((state >> 40) as f32 / 16_777_216.0 - 0.5) * 2.0 * pose.light.1;
            luma.push((sum / (side * side) / 255.0 * pose.light.0 + noise).clamp(0.0, 255.0) as u8);
        }
    }
    Frame::new(CaptureId(1), WIDTH as u32, HEIGHT as u32, luma.into()).unwrap()
}

fn received() -> Vec<LotNumber> {
    RECEIVED.iter().map(|lot| lot.parse().unwrap()).collect()
}

#[test]
fn a_sticker_held_under_the_camera_names_its_lot_and_no_other() {
    let good = Pose { px_per_mm: 12.0, degrees: 0.0, blur: 0, light: (210.0, 4.0) };
    let poses = [
        good,
        Pose { px_per_mm: 9.0, degrees: 4.0, blur: 1, light: (180.0, 8.0) },
        Pose { px_per_mm: 16.0, degrees: -6.0, blur: 2, light: (150.0, 10.0) },
        Pose { px_per_mm: 8.0, degrees: 9.0, blur: 1, ..good },
    ];
    let (mut named, mut all) = (0, 0);
    for (at, lot) in RECEIVED.iter().enumerate() {
        for typeface in [Typeface::Form, Typeface::Heading] {
            for pose in poses {
                let frame = seen(&sticker(lot, typeface, pose.px_per_mm), pose, at as u64);
                let found = sticker::find(&frame, &received());
                assert!(found.iter().all(|found| found.as_str() == *lot), "{lot} {pose:?}: {found:?}");
                named += found.len();
                all += 1;
            }
        }
    }
    assert!(named * 10 >= all * 9, "{named} of {all}");
}

#[test]
fn a_lot_that_was_not_received_and_a_lot_among_other_digits_are_not_named() {
    let pose = Pose { px_per_mm: 12.0, degrees: 2.0, blur: 1, light: (200.0, 5.0) };
    for text in ["FF3621", "FF36200", "13004734", "FJ7480", "2022.02.28", "EA0000", "231310160000123456"] {
        let frame = seen(&sticker(text, Typeface::Form, pose.px_per_mm), pose, 7);
        assert_eq!(sticker::find(&frame, &received()), [], "{text}");
    }
}
