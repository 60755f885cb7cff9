//! What goes wrong with cameras: each is said as what it is, within its time, and ends by itself.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use app::camera::CameraState;
use fakecam::{
    Device, Mode, Offer, Picture, PixelFormat, Scene, Size, plug,
    reel::{Reel, Writer},
};

use super::watching::Watching;

const OFFER: Offer = Offer { form: PixelFormat::Mjpg, size: Size { width: 320, height: 240 }, fps: 30 };
/// What is tried again is tried at least every two seconds.
const TRIED_AGAIN_WITHIN: Duration = Duration::from_secs(5);
const SOON: Duration = Duration::from_secs(3);

fn paper(luma: u8) -> Picture {
    let at = |place: usize| if (place / 7).is_multiple_of(2) { luma } else { luma / 2 };
    Picture { size: OFFER.size, luma: (0..OFFER.size.pixels()).map(at).collect() }
}

fn camera() -> Device {
    Device::drawn(OFFER, |_, _| paper(200))
}

#[test]
fn a_camera_that_is_not_there_is_missed_and_found_once_it_is() {
    let plugged = plug(camera());
    plugged.set(Mode::Unplugged);
    let watching = Watching::begin();
    assert_eq!(watching.until(CameraState::Missing, SOON), [CameraState::Starting, CameraState::Missing]);
    assert_eq!(watching.says_within(Duration::from_millis(1_500)), [], "what is wrong stays said");
    plugged.set(Mode::Run);
    assert_eq!(watching.until(CameraState::Running, TRIED_AGAIN_WITHIN), [CameraState::Running]);
}

#[test]
fn a_camera_that_another_program_has_is_said_to_be_so_and_taken_once_it_is_free() {
    for others in [Mode::Taken, Mode::Locked] {
        let plugged = plug(camera());
        plugged.set(others);
        let watching = Watching::begin();
        let said = watching.until(CameraState::Busy, SOON);
        assert_eq!(said, [CameraState::Starting, CameraState::Busy], "{others:?}");
        plugged.set(Mode::Run);
        assert_eq!(watching.until(CameraState::Running, TRIED_AGAIN_WITHIN), [CameraState::Running]);
    }
}

#[test]
fn a_camera_that_falls_silent_is_given_up_within_its_time_and_comes_back() {
    let plugged = plug(camera());
    let watching = Watching::begin();
    watching.until(CameraState::Running, SOON);
    plugged.set(Mode::Stall);
    let began = Instant::now();
    assert_eq!(watching.until(CameraState::NotAnswering, SOON), [CameraState::NotAnswering]);
    assert!(began.elapsed() >= Duration::from_millis(1_500), "a pause is no silence");
    // The thread that hangs in the camera still holds it; that is not another program's doing.
    assert_eq!(watching.says_within(Duration::from_secs(3)), []);
    plugged.set(Mode::Run);
    assert_eq!(watching.until(CameraState::Running, TRIED_AGAIN_WITHIN), [CameraState::Running]);
    assert_eq!(plugged.openers(), 1, "the camera that was given up is closed");
}

#[test]
fn a_camera_that_is_silent_from_the_start_is_said_to_be_so() {
    let plugged = plug(camera());
    plugged.set(Mode::Stall);
    let watching = Watching::begin();
    let said = watching.until(CameraState::NotAnswering, SOON);
    assert_eq!(said, [CameraState::Starting, CameraState::NotAnswering]);
    // Taken out and in again, as the sentence asks for.
    plugged.set(Mode::Unplugged);
    assert_eq!(watching.until(CameraState::Missing, TRIED_AGAIN_WITHIN), [CameraState::Missing]);
    plugged.set(Mode::Run);
    assert_eq!(watching.until(CameraState::Running, TRIED_AGAIN_WITHIN), [CameraState::Running]);
}

#[test]
fn a_camera_that_is_unplugged_while_it_films_comes_back_by_itself() {
    let plugged = plug(camera());
    let watching = Watching::begin();
    watching.until(CameraState::Running, SOON);
    for _ in 0..2 {
        plugged.set(Mode::Unplugged);
        assert_eq!(watching.until(CameraState::Missing, SOON), [CameraState::Missing]);
        assert!(watching.slot.take(Duration::ZERO).is_none(), "no picture of before is left");
        let before = plugged.frames();
        plugged.set(Mode::Run);
        assert_eq!(watching.until(CameraState::Running, TRIED_AGAIN_WITHIN), [CameraState::Running]);
        watching.shot();
        assert!(plugged.frames() > before);
    }
}

/// A reel of those pictures, over and over.
fn reel(folder: &Path, pictures: &[Vec<u8>]) -> Device {
    let file = folder.join("reel");
    let mut writer = Writer::begin(&file, OFFER, pictures.len(), pictures.len()).unwrap();
    pictures.iter().for_each(|picture| writer.picture(picture).unwrap());
    writer.end(&(0..pictures.len() as u64).collect::<Vec<_>>()).unwrap();
    Device { offers: vec![OFFER], scene: Scene::Reel(Arc::new(Reel::open(&file).unwrap())) }
}

/// What can become of a JPEG on a bad cable.
fn damaged() -> Vec<Vec<u8>> {
    let sound = PixelFormat::Mjpg.encode(&paper(200));
    let half = sound.len() / 2;
    let mut flipped = sound.clone();
    flipped[20..].iter_mut().step_by(97).for_each(|byte| *byte ^= 0x55);
    let larger = Picture { size: Size { width: 400, height: 240 }, luma: vec![9; 400 * 240] };
    let noise = (0..9_000_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    vec![
        Vec::new(),
        sound[..2].to_vec(),
        sound[..300].to_vec(),
        sound[half..].to_vec(),
        flipped,
        PixelFormat::Mjpg.encode(&larger),
        noise,
        vec![0xff; 4_000],
    ]
}

#[test]
fn damaged_pictures_are_passed_over_and_sound_ones_still_come() {
    let folder = tempfile::tempdir().unwrap();
    let sound = PixelFormat::Mjpg.encode(&paper(200));
    let between = damaged().into_iter().flat_map(|damaged| [sound.clone(), damaged]);
    let plugged = plug(reel(folder.path(), &between.collect::<Vec<_>>()));
    let watching = Watching::begin();
    watching.until(CameraState::Running, SOON);
    let began = plugged.frames();
    let mut sound_ones = 0;
    while plugged.frames() < began + 60 {
        let frame = watching.shot().frame;
        assert_eq!((frame.width(), frame.height()), (OFFER.size.width, OFFER.size.height));
        let off = frame.luma().iter().zip(&paper(200).luma).map(|(is, was)| is.abs_diff(*was)).max();
        sound_ones += usize::from(off < Some(20));
    }
    assert!(sound_ones >= 20, "{sound_ones} sound pictures of about 30");
    assert_eq!(watching.says_within(Duration::ZERO), []);
}

#[test]
fn a_camera_that_sends_nothing_but_damaged_pictures_does_not_answer() {
    let folder = tempfile::tempdir().unwrap();
    let plugged = plug(reel(folder.path(), &[b"no picture".to_vec(), Vec::new()]));
    let watching = Watching::begin();
    let said = watching.until(CameraState::NotAnswering, SOON);
    assert_eq!(said, [CameraState::Starting, CameraState::NotAnswering]);
    assert!(plugged.frames() > 10, "it does send");
    assert_eq!(watching.says_within(Duration::from_millis(2_500)), [], "and is tried again in vain");
}

/// Whatever bytes are in the buffer.
#[test]
fn a_jpeg_with_any_bytes_changed_is_no_panic() {
    use app::camera::luma::{PixelForm, luma};
    let sound = PixelFormat::Mjpg.encode(&paper(200));
    let mut random = 1_u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % below
    };
    for _ in 0..400 {
        let mut bytes = sound.clone();
        for _ in 0..next(6) {
            let at = next(bytes.len());
            bytes[at] = next(256) as u8;
        }
        bytes.truncate(next(bytes.len()) + 1);
        // Either a picture or none; never a panic.
        let _ = luma(PixelForm::Mjpeg, &bytes, OFFER.size.width, OFFER.size.height);
    }
}
