//! Whatever the bytes are, looking for packages gives a value: no panic, no label out of nothing.

use crate::noise;
use proptest::prelude::*;
use scanner::{
    CaptureId, Frame,
    package::{self, PackageFindings, sticker},
};

fn find(width: u32, height: u32, luma: Vec<u8>) -> PackageFindings {
    let frame = Frame::new(CaptureId(1), width, height, luma.into()).unwrap();
    let lots = ["FF3620", "3004734"].map(|lot| lot.parse().unwrap());
    assert_eq!(sticker::find(&frame, &lots), [], "no sticker out of nothing");
    package::find(&frame, "2021-11-22".parse().unwrap())
}

#[test]
fn bare_frames_and_frames_full_of_bars_hold_no_label() {
    for (width, height) in [(16, 16), (640, 480), (17, 4096), (4096, 16)] {
        for luma in [0, 128, 255] {
            assert_eq!(find(width, height, vec![luma; (width * height) as usize]).found, []);
        }
    }
    for period in [1, 2, 3, 5] {
        let bars = |at: usize| if (at % 1280 / period).is_multiple_of(2) { 20 } else { 230 };
        assert_eq!(find(1280, 720, (0..1280 * 720).map(bars).collect()).found, [], "bars of {period} px");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn random_bytes_never_panic_and_hold_no_label(
        width in 16_u32..400,
        height in 16_u32..300,
        seed: u64,
        contrast in 1_u8..=255,
    ) {
        let luma = noise((width * height) as usize, seed).into_iter().map(|byte| byte / contrast * contrast).collect();
        prop_assert_eq!(find(width, height, luma).found, []);
    }

    #[test]
    fn random_bars_never_panic_and_hold_no_label(
        width in 64_u32..700,
        height in 64_u32..300,
        widths in proptest::collection::vec(1_usize..12, 20..120),
        slant in -3_i32..=3,
    ) {
        let row: Vec<u8> = widths
            .iter()
            .enumerate()
            .flat_map(|(at, width)| std::iter::repeat_n(if at % 2 == 0 { 220 } else { 30 }, *width))
            .collect();
        let luma = (0..width * height).map(|at| {
            let across = (at % width) as i32 + slant * (at / width) as i32 / 4;
            row[across.rem_euclid(row.len() as i32) as usize]
        });
        prop_assert_eq!(find(width, height, luma.collect()).found, []);
    }
}
