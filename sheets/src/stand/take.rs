//! One paper under one camera, frame by frame: the lens settles, the paper trembles, each frame has its own noise.
//!
//! Must not: draw the paper or the light again for a frame; they are the paper's.

use std::sync::{Mutex, PoisonError};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    lens::FrameSize,
    level::Level,
    page::Page,
    stand::{
        Disturbance, Slip, blur, exposure, jpeg,
        light::Light,
        pose::Pose,
        print,
        projection::project,
        range::{self, Bounds},
    },
};

/// The lens begins this far out of focus: so many times its settled blur more, and so many strokes beside that.
const HUNTING: (f32, f32) = (1.5, 1.2);
/// Frames in which a lens comes a third of the way nearer to its focus.
const SETTLES_IN: range::Range = (0.3, 1.5);
/// Share of the cameras whose lens is still out of focus when a paper comes to lie. The others stay where they are:
/// every paper on a stand is equally far.
const HUNTING_CAMERAS: f64 = 0.5;
/// A lens this near to its focus has settled.
const SETTLED: f32 = 0.02;
/// Frames in which a hand's tremble is one and the same place: it trembles slower than the camera looks.
const REST: usize = 3;
/// Tremble in shares of the frame and in degrees.
const TREMBLE: f32 = 0.002;
const TREMBLE_DEG: f32 = 0.15;
/// Share of the cameras that sharpen, and by how much; and how much those do that are a disturbance.
const SHARPENING_CAMERAS: f64 = 0.4;
const SHARPENING: range::Range = (0.2, 0.8);
const OVERSHARPENING: range::Range = (1.0, 2.5);
/// Way in strokes that a smeared frame has beyond its level's.
const SMEAR: range::Range = (0.2, 2.2);

/// A paper under a camera.
pub struct Take {
    slip: Slip,
    size: FrameSize,
    seed: u64,
    pose: Pose,
    page: Page,
    light: Light,
    stroke_px: f32,
    defocus_px: f32,
    way_px: f32,
    way_angle: f32,
    /// Of a lens that has to settle.
    settles_in: Option<f32>,
    noise: f32,
    sharpening: f32,
    jpeg_quality: u8,
    shown: Mutex<Shown>,
}

/// What the lens last showed, before the sensor: the sharp paper at one of its places, and the same as a settled lens
/// shows it.
#[derive(Default)]
struct Shown {
    sharp: Option<(usize, Vec<u8>)>,
    settled: Option<Vec<u8>>,
}

/// A stream of lots of its own for each thing that is drawn by lot, so that one may change without the others.
fn lots(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

impl Take {
    /// Lays the paper under a camera. Sides of the frame are cut to 64 to 4096 pixels.
    #[must_use]
    pub fn set_up(slip: Slip, level: Level, size: FrameSize, seed: u64) -> Self {
        let size = FrameSize { width: size.width.clamp(64, 4096), height: size.height.clamp(64, 4096) };
        let bounds = Bounds::of(level);
        let pose = Pose::by_lot(&slip, &bounds, size, &mut lots(seed, 1));
        let reach = pose.cells().reach_mm();
        let px_per_mm = pose.px_per_mm();
        let page = print::draw(&slip, reach, px_per_mm, pose.askew_deg, &bounds, &mut lots(seed, 2));
        let line = slip.line_corners_mm().map(|corner| pose.project(corner));
        let middle = (
            line.iter().map(|it| it.0).sum::<f32>() / 4.0 / size.width as f32,
            line.iter().map(|it| it.1).sum::<f32>() / 4.0 / size.height as f32,
        );
        let light = Light::by_lot(slip.disturbance, &bounds, size, middle, &mut lots(seed, 3));
        let pitch_px = (line[1].0 - line[0].0).hypot(line[1].1 - line[0].1) / 18.0;
        let stroke_px = pitch_px * range::STROKE;
        let rng = &mut lots(seed, 4);
        let mut between = |(from, to): range::Range| rng.random_range(from..=to);
        let (defocus_px, way_px) = (between(bounds.defocus) * stroke_px, between(bounds.motion) * stroke_px);
        let (way_angle, settles_in) = (between((0.0, std::f32::consts::PI)), between(SETTLES_IN));
        let mut noise = between(bounds.noise);
        let (usual, over) = (between(SHARPENING), between(OVERSHARPENING));
        let does_sharpen = rng.random_bool(SHARPENING_CAMERAS);
        let sharpening = match slip.disturbance {
            Disturbance::Sharpened => over,
            _ if does_sharpen => usual,
            _ => 0.0,
        };
        if slip.disturbance == Disturbance::Torch {
            // In the dark the camera amplifies.
            noise *= rng.random_range(1.0..1.6);
        }
        let settles_in = rng.random_bool(HUNTING_CAMERAS).then_some(settles_in);
        let jpeg_quality = rng.random_range(bounds.jpeg_quality.0..=bounds.jpeg_quality.1);
        Self {
            slip,
            size,
            seed,
            pose,
            page,
            light,
            stroke_px,
            defocus_px,
            way_px,
            way_angle,
            settles_in,
            noise,
            sharpening,
            jpeg_quality,
            shown: Mutex::default(),
        }
    }
    /// What lies there.
    #[must_use]
    pub fn slip(&self) -> &Slip {
        &self.slip
    }
    /// Whether there is a QR code, wholly in view.
    #[must_use]
    pub fn shows_qr(&self) -> bool {
        self.slip.has_qr && self.pose.shows(&self.slip.qr_corners_mm(), 2.0)
    }
    /// Whether there is an NW-7, wholly in view.
    #[must_use]
    pub fn shows_nw7(&self) -> bool {
        self.slip.nw7_digits().is_some() && self.pose.shows(&self.slip.nw7_corners_mm(), 2.0)
    }
    /// Whether the line is wholly in view.
    #[must_use]
    pub fn shows_line(&self) -> bool {
        self.pose.shows(&self.slip.line_corners_mm(), 2.0)
    }
    /// One of the frames in which the paper lies, the first still out of focus: luma, row after row. Frames may be
    /// asked for in any order; asking in order is quickest, because what the lens last showed is kept.
    #[must_use]
    pub fn frame(&self, index: usize) -> Vec<u8> {
        let hunting = self.settles_in.map_or(0.0, |frames| (-(index as f32) / frames).exp());
        let hunting = if hunting < SETTLED { 0.0 } else { hunting };
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = index / REST;
        if shown.sharp.as_ref().is_none_or(|(kept, _)| *kept != rest) {
            let along = rest as f32;
            let by = (TREMBLE * (along * 1.7).sin(), TREMBLE * (along * 2.3).cos());
            let pose = self.pose.moved(by, TREMBLE_DEG * along.sin());
            *shown =
                Shown { sharp: Some((rest, project(&self.page, &pose.cells(), self.size))), settled: None };
        }
        let image = match (&shown.settled, &shown.sharp) {
            (Some(settled), _) if hunting == 0.0 => settled.clone(),
            (_, Some((_, sharp))) => self.blurred(sharp.clone(), hunting, index as u64 + 1),
            _ => Vec::new(),
        };
        if hunting == 0.0 && shown.settled.is_none() && self.slip.disturbance != Disturbance::Smeared {
            shown.settled = Some(image.clone());
        }
        drop(shown);
        self.developed(image, index as u64 + 1)
    }
    /// A frame with the lens in focus and the paper still.
    #[must_use]
    pub fn settled_frame(&self) -> Vec<u8> {
        let sharp = project(&self.page, &self.pose.cells(), self.size);
        self.developed(self.blurred(sharp, 0.0, 0), 0)
    }

    /// What the lens makes of it, `hunting` far from its focus.
    fn blurred(&self, mut image: Vec<u8>, hunting: f32, number: u64) -> Vec<u8> {
        let defocus_px = self.defocus_px * (1.0 + HUNTING.0 * hunting) + self.stroke_px * HUNTING.1 * hunting;
        let (mut way_px, mut angle) = (self.way_px, self.way_angle);
        if self.slip.disturbance == Disturbance::Smeared {
            let mut rng = lots(self.seed, 0x1000 + number);
            way_px += rng.random_range(SMEAR.0..SMEAR.1) * self.stroke_px;
            angle = rng.random_range(0.0..std::f32::consts::PI);
        }
        blur::blur(&mut image, self.size, defocus_px, way_px, angle);
        image
    }

    /// What the camera delivers of it.
    fn developed(&self, mut image: Vec<u8>, number: u64) -> Vec<u8> {
        let size = self.size;
        let grain = self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number);
        exposure::expose(&mut image, size, &self.light, self.noise, grain);
        if self.sharpening > 0.0 {
            exposure::sharpen(&mut image, size, self.sharpening);
        }
        jpeg::compress(&mut image, size, self.jpeg_quality);
        image
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Nw7Content;

    const SIZE: FrameSize = FrameSize { width: 320, height: 180 };

    fn take(disturbance: Disturbance, level: Level, seed: u64) -> Take {
        let digits = "231310160000123456".parse().unwrap();
        Take::set_up(Slip::by_lot(digits, disturbance, &mut lots(seed, 0)), level, SIZE, seed)
    }

    fn spread(frame: &[u8]) -> f64 {
        let mean = frame.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / frame.len() as f64;
        (frame.iter().map(|pixel| (f64::from(*pixel) - mean).powi(2)).sum::<f64>() / frame.len() as f64)
            .sqrt()
    }

    /// Mean change from a pixel to the next.
    fn edges(frame: &[u8]) -> f64 {
        let steps = frame.windows(2).map(|pair| f64::from(pair[0].abs_diff(pair[1])));
        steps.sum::<f64>() / frame.len() as f64
    }

    #[test]
    fn the_same_seed_gives_the_same_frames_to_the_byte() {
        for disturbance in Disturbance::ALL {
            let (one, other) = (take(disturbance, Level::Bad, 7), take(disturbance, Level::Bad, 7));
            let third = one.frame(3);
            let (fifth, first) = (one.frame(5), one.frame(0));
            assert!(other.frame(5) == fifth, "{}, in any order", disturbance.name());
            assert!(other.frame(0) == first && other.frame(3) == third, "{}", disturbance.name());
            assert!(first != third, "each frame has its own noise");
            assert!(take(disturbance, Level::Bad, 8).frame(3) != third, "another seed, another paper");
        }
    }

    #[test]
    fn a_lens_that_hunts_settles_and_another_stays_in_focus() {
        let (hunts, stays): (Vec<Take>, Vec<Take>) = (0..12)
            .map(|seed| take(Disturbance::None, Level::Good, seed))
            .partition(|take| take.settles_in.is_some());
        assert!(hunts.len() > 2 && stays.len() > 2);
        let gain = |take: &Take| edges(&take.frame(12)) / edges(&take.frame(0));
        assert!(hunts.iter().map(gain).all(|gain| gain > 1.15));
        assert!(stays.iter().map(gain).all(|gain| (0.9..1.1).contains(&gain)));
    }

    #[test]
    fn a_printed_paper_is_in_view_at_every_level_and_size() {
        for (seed, level) in [(1, Level::Good), (2, Level::Usual), (3, Level::Bad)] {
            for disturbance in Disturbance::ALL {
                let take = take(disturbance, level, seed);
                let frame = take.settled_frame();
                assert_eq!(frame.len(), SIZE.width * SIZE.height);
                assert!(spread(&frame) > 8.0, "{level:?}, {}: {}", disturbance.name(), spread(&frame));
            }
        }
        let slip = take(Disturbance::Askew, Level::Bad, 1).slip;
        let odd = Take::set_up(slip, Level::Bad, FrameSize { width: 0, height: 99_999 }, 1);
        assert_eq!(odd.frame(0).len(), 64 * 4096);
    }

    #[test]
    fn a_level_is_harder_than_the_one_before() {
        let sharpness = |level| (0..6).map(|seed| edges(&without_noise(level, seed))).sum::<f64>();
        let [good, usual, bad] = [Level::Good, Level::Usual, Level::Bad].map(sharpness);
        assert!(good > usual && usual > bad, "{good} {usual} {bad}");
    }

    fn without_noise(level: Level, seed: u64) -> Vec<u8> {
        let mut take = take(Disturbance::None, level, seed);
        take.noise = 0.0;
        take.sharpening = 0.0;
        take.settled_frame()
    }

    #[test]
    fn codes_that_are_not_printed_are_not_shown() {
        for seed in 0..40 {
            let take = take(Disturbance::None, Level::Good, seed);
            let slip = take.slip();
            assert!(slip.has_qr || !take.shows_qr());
            assert_eq!(slip.nw7 == Nw7Content::Absent, slip.nw7_digits().is_none());
            assert!(slip.nw7_digits().is_some() || !take.shows_nw7());
        }
    }
}
