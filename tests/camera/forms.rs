//! Every form of picture a camera may send gives the luma that lay in front of it.

use std::time::Duration;

use app::{
    camera::{
        CameraState,
        luma::{PixelForm, luma},
    },
    shell::picture,
};
use fakecam::{Device, Offer, Picture, PixelFormat, Scene, Size, plug};

use super::watching::Watching;

const SMALL: Size = Size { width: 320, height: 240 };
const SOON: Duration = Duration::from_secs(5);

/// Rows and columns can be told apart, and every luma occurs.
fn slope(size: Size) -> Picture {
    let at =
        |place: u32| (place % size.width * 200 / size.width + place / size.width * 50 / size.height) as u8;
    Picture { size, luma: (0..size.width * size.height).map(at).collect() }
}

fn camera(form: PixelFormat) -> Device {
    Device::drawn(Offer { form, size: SMALL, fps: 30 }, |_, size| slope(size))
}

/// How far two pictures are apart: at most, and on average.
fn apart(is: &[u8], was: &[u8]) -> (u8, f64) {
    assert_eq!(is.len(), was.len());
    let off: Vec<u8> = is.iter().zip(was).map(|(is, was)| is.abs_diff(*was)).collect();
    let sum: f64 = off.iter().map(|off| f64::from(*off)).sum();
    (off.iter().copied().max().unwrap(), sum / off.len() as f64)
}

#[test]
fn each_form_gives_the_luma_and_the_grey_picture_of_what_lies_there() {
    for form in [PixelFormat::Yuyv, PixelFormat::Nv12, PixelFormat::Mjpg] {
        let _plugged = plug(camera(form));
        let watching = Watching::begin();
        let frame = watching.shot().frame;
        assert_eq!((frame.width(), frame.height()), (SMALL.width, SMALL.height), "{form:?}");
        let (most, mean) = apart(frame.luma(), &slope(SMALL).luma);
        // A JPEG keeps the picture, not each of its bytes.
        let (most_allowed, mean_allowed) = if form == PixelFormat::Mjpg { (8, 1.5) } else { (0, 0.0) };
        assert!(most <= most_allowed && mean <= mean_allowed, "{form:?}: off by {most}, {mean} on average");
        let shown = picture(frame.luma(), frame.width(), frame.height());
        let grey = |(pixel, luma): (&slint::Rgb8Pixel, &u8)| [pixel.r, pixel.g, pixel.b] == [*luma; 3];
        assert!(shown.as_slice().iter().zip(frame.luma().iter()).all(grey), "{form:?}: the picture is grey");
    }
}

/// nokhwa does not know the name that luma alone has in V4L2.
#[test]
fn a_camera_of_luma_alone_is_said_to_be_of_no_use_though_its_bytes_could_be_read() {
    let grey = PixelFormat::Grey.encode(&slope(SMALL));
    assert_eq!(luma(PixelForm::Grey, &grey, SMALL.width, SMALL.height), Ok(slope(SMALL).luma));
    let plugged = plug(camera(PixelFormat::Grey));
    let watching = Watching::begin();
    watching.until(CameraState::Unusable, SOON);
    assert_eq!(plugged.frames(), 0);
}

#[test]
fn of_many_offers_the_one_the_reader_is_made_for_is_taken() {
    let offer = |form, width, height, fps| Offer { form, size: Size { width, height }, fps };
    let large_and_small = [
        offer(PixelFormat::Mjpg, 1920, 1080, 30),
        offer(PixelFormat::Mjpg, 1280, 720, 30),
        offer(PixelFormat::Mjpg, 640, 480, 30),
        offer(PixelFormat::Yuyv, 1280, 720, 10),
        offer(PixelFormat::Yuyv, 640, 480, 30),
    ];
    let grey_first = [offer(PixelFormat::Mjpg, 640, 480, 30), offer(PixelFormat::Grey, 1280, 720, 30)];
    let slow_only = [offer(PixelFormat::Nv12, 1280, 720, 10)];
    for (offers, expected) in
        [(&large_and_small[..], (1280, 720)), (&grey_first[..], (640, 480)), (&slow_only[..], (1280, 720))]
    {
        let scene = Scene::Drawn(std::sync::Arc::new(|_, size| slope(size)));
        let _plugged = plug(Device { offers: offers.to_vec(), scene });
        let frame = Watching::begin().shot().frame;
        assert_eq!((frame.width(), frame.height()), expected, "{offers:?}");
    }
}
