//! A film: sheets passing under a camera one after the other, frame by frame, the same for the same seed.
//!
//! Must not: keep time; a frame is asked for by its number.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    coupon,
    lens::{self, FrameSize, View},
    level::{Level, Ranges},
    passing::{self, Phase},
    questionnaire::{COUPON_AT_MM, Plate},
    sensor::{self, Conditions, Glare, Grain, Shadow},
    sheet::Sheet,
};

/// How a film is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilmStyle {
    /// Size of its frames. The scale follows the width, so that the same stretch of paper is in view.
    pub size: FrameSize,
    /// How hard its pictures are.
    pub level: Level,
    /// Seed of pose, light and noise.
    pub seed: u64,
    /// Frames in which one sheet passes, at least 8; 60 is two to four seconds.
    pub frames_per_sheet: usize,
}

/// How one sheet lies and is lit; the same in all of its frames.
struct Pose {
    view: View,
    conditions: Conditions,
}

/// 見本の束 passing under a camera. Frames may be asked for in any order; asking in order is quickest,
/// because the paper last drawn is kept.
pub struct Film {
    sheets: Vec<Sheet>,
    style: FilmStyle,
    grain: Grain,
    drawn: Mutex<Option<(usize, Arc<Plate>)>>,
}

impl Film {
    /// A film of the sheets in their order. Frame sides are cut to 16 to 4096 pixels, frames per sheet to
    /// at least 8.
    #[must_use]
    pub fn new(sheets: Vec<Sheet>, mut style: FilmStyle) -> Self {
        style.size.width = style.size.width.clamp(16, 4096);
        style.size.height = style.size.height.clamp(16, 4096);
        style.frames_per_sheet = style.frames_per_sheet.max(8);
        let grain = Grain::new(style.seed, style.size.width);
        Self { sheets, style, grain, drawn: Mutex::new(None) }
    }
    /// Width and height of every frame.
    #[must_use]
    pub fn size(&self) -> FrameSize {
        self.style.size
    }
    /// The sheets, in the order in which they pass.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }
    /// Frames until the last sheet is gone. Past it the film begins again.
    #[must_use]
    pub fn frame_count(&self) -> usize {
        self.sheets.len() * self.style.frames_per_sheet
    }
    /// What the sheet of that frame does.
    #[must_use]
    pub fn phase_at(&self, index: usize) -> Phase {
        self.locate(index)
            .map_or(Phase::Away, |(sheet, at)| passing::moment(sheet, at, self.style.frames_per_sheet).phase)
    }
    /// Which sheet (its place in [`Film::sheets`]) is at least partly in view in that frame.
    #[must_use]
    pub fn sheet_at(&self, index: usize) -> Option<usize> {
        let (sheet, _) = self.locate(index)?;
        (self.phase_at(index) != Phase::Away).then_some(sheet)
    }
    /// The luma of one frame, width × height bytes, row after row.
    #[must_use]
    pub fn frame(&self, index: usize) -> Vec<u8> {
        let size = self.style.size;
        let Some((sheet, at)) = self.locate(index) else {
            let empty = vec![80; size.width * size.height];
            return sensor::expose(empty, size, &Conditions::default(), &self.grain, index as u64);
        };
        let moment = passing::moment(sheet, at, self.style.frames_per_sheet);
        let Pose { mut view, mut conditions } = self.pose(sheet);
        view.center_mm.0 -= moment.offset_mm.0;
        view.center_mm.1 -= moment.offset_mm.1;
        view.turn_deg += moment.turn_deg;
        let px = view.px_per_mm;
        conditions.defocus_px += moment.hunting * px * 0.6;
        // Only the paper mirrors the lamp, and only as it lies.
        if moment.phase != Phase::Lying {
            conditions.glare = None;
        }
        // The shutter is open for a third of the time between two frames.
        conditions.motion_px = (moment.step_mm.0 * px / 3.0, moment.step_mm.1 * px / 3.0);
        let scene = lens::project(&self.plate(sheet), &view, size);
        let number = (index % self.frame_count().max(1)) as u64;
        sensor::expose(scene, size, &conditions, &self.grain, number)
    }

    /// Which sheet passes in that frame, and the frame's number within its passing.
    fn locate(&self, index: usize) -> Option<(usize, usize)> {
        let index = index.checked_rem(self.frame_count())?;
        Some((index / self.style.frames_per_sheet, index % self.style.frames_per_sheet))
    }

    fn plate(&self, sheet: usize) -> Arc<Plate> {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, plate)) = &*drawn
            && *of == sheet
        {
            return Arc::clone(plate);
        }
        let plate = Arc::new(Plate::print(&self.sheets[sheet]));
        *drawn = Some((sheet, Arc::clone(&plate)));
        plate
    }

    fn pose(&self, sheet: usize) -> Pose {
        let ranges = self.style.level.ranges();
        let mixed = self.style.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (sheet as u64 + 1);
        let mut rng = ChaCha8Rng::seed_from_u64(mixed);
        let mut within = |most: f32| if most > 0.0 { rng.random_range(-most..=most) } else { 0.0 };
        let scale = self.style.size.width as f32 / 1280.0;
        let middle = (COUPON_AT_MM.0 + coupon::WIDTH_MM / 2.0, COUPON_AT_MM.1 + coupon::HEIGHT_MM / 2.0);
        let view = View {
            center_mm: (middle.0 + within(ranges.off_center_mm), middle.1 + within(ranges.off_center_mm)),
            turn_deg: within(ranges.turn_deg),
            tilt_deg: (within(ranges.tilt_deg), within(ranges.tilt_deg)),
            px_per_mm: (9.5 + within(0.9)) * scale,
            focal_px: (1200.0 + within(200.0)) * scale,
        };
        let slope = (within(ranges.slope), within(ranges.slope));
        let mut between = |(least, most): (f32, f32)| rng.random_range(least..=most);
        let conditions = Conditions {
            defocus_px: between(ranges.defocus_px) * scale,
            motion_px: (0.0, 0.0),
            exposure: between(ranges.exposure),
            slope,
            vignette: between((0.05, 0.3)),
            shadow: None,
            glare: None,
            noise: between(ranges.noise),
        };
        Pose { view, conditions: shaded(conditions, &ranges, &mut rng) }
    }
}

fn shaded(mut conditions: Conditions, ranges: &Ranges, rng: &mut ChaCha8Rng) -> Conditions {
    if rng.random_bool(ranges.shadow_chance) {
        conditions.shadow = Some(Shadow {
            angle_deg: rng.random_range(0.0..360.0),
            at: rng.random_range(-0.3..0.3),
            depth: rng.random_range(0.1..=ranges.shadow_depth),
            softness: rng.random_range(0.004..0.08),
        });
    }
    if rng.random_bool(ranges.glare_chance) {
        conditions.glare = Some(Glare {
            at: (rng.random_range(-0.3..0.3), rng.random_range(-0.3..0.3)),
            radius: rng.random_range(0.05..0.15),
            luma: rng.random_range(30.0..120.0),
        });
    }
    conditions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Nw7Content;

    fn film(level: Level) -> Film {
        let sheets = ["231310160000123456", "231310169876543210"]
            .map(|digits| Sheet::sound(digits.parse().unwrap(), Nw7Content::LastTen));
        let size = FrameSize { width: 320, height: 180 };
        Film::new(sheets.into(), FilmStyle { size, level, seed: 5, frames_per_sheet: 30 })
    }

    fn spread(frame: &[u8]) -> f64 {
        let mean = frame.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / frame.len() as f64;
        (frame.iter().map(|pixel| (f64::from(*pixel) - mean).powi(2)).sum::<f64>() / frame.len() as f64)
            .sqrt()
    }

    #[test]
    fn frames_come_out_the_same_in_any_order() {
        let (first, second) = (film(Level::Usual), film(Level::Usual));
        let forward: Vec<_> = (0..first.frame_count()).map(|index| first.frame(index)).collect();
        for index in (0..second.frame_count()).rev() {
            assert!(second.frame(index) == forward[index], "frame {index}");
        }
        assert!(first.frame(first.frame_count() + 7) == forward[7], "the film begins again");
    }

    #[test]
    fn a_sheet_is_in_view_when_the_film_says_so() {
        let film = film(Level::Good);
        assert_eq!(film.frame_count(), 60);
        for index in 0..film.frame_count() {
            assert_eq!(film.frame(index).len(), 320 * 180);
            match film.phase_at(index) {
                Phase::Away => {
                    assert_eq!(film.sheet_at(index), None);
                    assert!(spread(&film.frame(index)) < 12.0, "frame {index} shows the bare table");
                }
                Phase::Lying => {
                    assert_eq!(film.sheet_at(index), Some(index / 30));
                    assert!(spread(&film.frame(index)) > 25.0, "frame {index} shows a printed sheet");
                }
                Phase::Arriving | Phase::Leaving => assert_eq!(film.sheet_at(index), Some(index / 30)),
            }
        }
    }

    #[test]
    fn a_film_without_sheets_shows_the_table() {
        let style = FilmStyle {
            size: FrameSize { width: 0, height: 99_999 },
            level: Level::Bad,
            seed: 1,
            frames_per_sheet: 0,
        };
        let empty = Film::new(Vec::new(), style);
        assert_eq!((empty.frame_count(), empty.sheet_at(3), empty.phase_at(3)), (0, None, Phase::Away));
        assert_eq!(empty.frame(3).len(), 16 * 4096);
    }
}
