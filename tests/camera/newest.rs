//! Whoever looks sees the newest picture, however slow he is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use fakecam::{Device, Offer, Picture, PixelFormat, Size, plug};

use super::watching::Watching;

const SIZE: Size = Size { width: 320, height: 240 };
/// Six frames' time.
const SLOW: Duration = Duration::from_millis(200);

/// A picture that carries its frame's number: a black or white pixel for each bit.
fn numbered(number: u64, size: Size) -> Picture {
    let bit = |place: usize| if place < 64 { (number >> place & 1) as u8 * 255 } else { 90 };
    Picture { size, luma: (0..size.pixels()).map(bit).collect() }
}

fn number_on(luma: &[u8]) -> u64 {
    luma[..64].iter().rev().fold(0, |number, bit| number << 1 | u64::from(*bit > 128))
}

#[test]
fn a_slow_reader_sees_the_newest_picture_and_never_an_old_one() {
    let filmed = Arc::new(AtomicU64::new(0));
    let newest = Arc::clone(&filmed);
    let camera =
        Device::drawn(Offer { form: PixelFormat::Yuyv, size: SIZE, fps: 30 }, move |number, size| {
            newest.store(number, Ordering::SeqCst);
            numbered(number, size)
        });
    let _plugged = plug(camera);
    let watching = Watching::begin();
    let mut seen = vec![number_on(watching.shot().frame.luma())];
    for _ in 0..10 {
        std::thread::sleep(SLOW);
        let newest = filmed.load(Ordering::SeqCst);
        let number = number_on(watching.shot().frame.luma());
        // The newest may still be on its way out of the camera.
        assert!(newest <= number + 2, "picture {number} is seen when {newest} is there");
        seen.push(number);
    }
    assert!(seen.windows(2).all(|pair| pair[0] + 3 <= pair[1]), "pictures in between are dropped: {seen:?}");
    assert!(watching.slot.dropped() >= 30, "{} dropped", watching.slot.dropped());
}
