//! Whatever the bytes are, reading them gives a value: no panic, and no number out of nothing.

use crate::noise;
use proptest::prelude::*;
use scanner::{CaptureId, Frame, InView, Reading, read};

fn read_luma(width: u32, height: u32, luma: Vec<u8>) -> Reading {
    read(&Frame::new(CaptureId(1), width, height, luma.into()).unwrap())
}

#[test]
fn bare_frames_show_nothing() {
    for luma in [0, 17, 128, 255] {
        for (width, height) in [(16, 16), (640, 480), (17, 4096), (4096, 16)] {
            let reading = read_luma(width, height, vec![luma; (width * height) as usize]);
            assert_eq!((reading.sightings.len(), reading.foreign_qr), (0, None));
            assert_eq!(reading.in_view, InView::NothingSeen, "{luma} at {width} × {height}");
        }
    }
}

#[test]
fn frames_full_of_bars_or_corner_squares_stay_unread() {
    let (width, height) = (1280_usize, 720_usize);
    let bars = |period: usize| {
        (0..width * height).map(move |at| if (at % width / period).is_multiple_of(2) { 20 } else { 230 })
    };
    for period in [1, 2, 3, 4, 7, 12] {
        assert_eq!(read_luma(1280, 720, bars(period).collect()).sightings, [], "bars of {period} px");
    }
    // 1 : 1 : 3 : 1 : 1 squares side by side, 13 px each: as many corner squares as a frame can hold.
    let square = |x: usize, y: usize| {
        let ring = |at: usize| (at % 16).min(13 - (at % 16).min(13));
        let depth = ring(x).min(ring(y));
        if x % 16 >= 14 || y % 16 >= 14 || (2..4).contains(&depth) { 230 } else { 20 }
    };
    let squares = (0..width * height).map(|at| square(at % width, at / width)).collect();
    assert_eq!(read_luma(1280, 720, squares).sightings, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_bytes_never_panic_and_say_no_number(
        width in 16_u32..300,
        height in 16_u32..300,
        seed: u64,
        contrast in 1_u8..=255,
    ) {
        let luma = noise((width * height) as usize, seed).into_iter().map(|byte| byte / contrast * contrast).collect();
        prop_assert_eq!(read_luma(width, height, luma).sightings, []);
    }

    #[test]
    fn random_rectangles_never_panic_and_say_no_number(
        width in 64_u32..700,
        height in 64_u32..500,
        shapes in proptest::collection::vec((any::<u16>(), any::<u16>(), 1_u32..40, 1_u32..200, any::<u8>()), 0..120),
    ) {
        let mut luma = vec![220_u8; (width * height) as usize];
        for (x, y, wide, high, tone) in shapes {
            let (left, top) = (u32::from(x) % width, u32::from(y) % height);
            for row in top..(top + high).min(height) {
                let start = (row * width + left) as usize;
                luma[start..start + wide.min(width - left) as usize].fill(tone);
            }
        }
        prop_assert_eq!(read_luma(width, height, luma).sightings, []);
    }
}
