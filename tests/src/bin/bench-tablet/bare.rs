//! A window of the same toolkit that does nothing but show pictures of the camera's size at the camera's rate, where
//! and as large as the tablet shows them: what any program with such a window pays.
//!
//! Must not: do anything else.

use std::time::Duration;

use slint::{ComponentHandle, Image, Rgb8Pixel, SharedPixelBuffer};
use tests::demo::Failure;

use crate::reel::OFFER;

mod window {
    slint::slint! {
        export component Bare inherits Window {
            in property <image> picture;
            in property <length> picture-x;
            in property <length> picture-y;
            in property <length> picture-width;
            in property <length> picture-height;
            preferred-width: 1280px;
            preferred-height: 800px;
            background: black;
            Image {
                x: root.picture-x;
                y: root.picture-y;
                width: root.picture-width;
                height: root.picture-height;
                source: root.picture;
                image-fit: contain;
            }
        }
    }
}

/// Pictures that take turns, so that each differs from the one before.
const PICTURES: u32 = 8;

/// Shows pictures at that place until it is ended.
pub(crate) fn show([x, y, width, height]: [f32; 4]) -> Result<(), Failure> {
    let window = window::Bare::new()?;
    window.set_picture_x(x);
    window.set_picture_y(y);
    window.set_picture_width(width);
    window.set_picture_height(height);
    let weak = window.as_weak();
    std::thread::spawn(move || {
        let pictures: Vec<_> = (0..PICTURES).map(picture).collect();
        for picture in pictures.iter().cycle() {
            let picture = picture.clone();
            let show = move |window: window::Bare| window.set_picture(Image::from_rgb8(picture));
            if weak.upgrade_in_event_loop(show).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_secs(1) / OFFER.fps);
        }
    });
    Ok(window.run()?)
}

fn picture(number: u32) -> SharedPixelBuffer<Rgb8Pixel> {
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(OFFER.size.width, OFFER.size.height);
    for (place, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let luma = (place as u32 * 7 + number * 29) as u8;
        *pixel = Rgb8Pixel { r: luma, g: luma, b: luma };
    }
    buffer
}
