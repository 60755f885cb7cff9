//! One paper under one camera, frame by frame: the lens settles, the paper trembles, each frame has its own noise.
//!
//! Must not: draw the paper or the light again for a frame; they are the paper's.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    lens::FrameSize,
    level::Level,
    page::Page,
    stand::{
        Disturbance, Slip, blur, exposure, jpeg,
        light::Light,
        pose::{CELL_PX, CELL_ROWS, Cells, Pose},
        print,
        range::{self, Bounds},
    },
};

/// The lens begins this far out of focus: so many times its settled blur more, and so many strokes beside that.
const HUNTING: (f32, f32) = (1.5, 1.2);
/// Frames in which a lens comes a third of the way nearer to its focus.
const SETTLES_IN: range::Range = (0.6, 3.0);
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
    settles_in: f32,
    noise: f32,
    sharpening: f32,
    jpeg_quality: u8,
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
    /// One of the frames in which the paper lies, the first still out of focus: luma, row after row.
    #[must_use]
    pub fn frame(&self, index: usize) -> Vec<u8> {
        let along = index as f32;
        let pose = self
            .pose
            .moved((TREMBLE * (along * 1.7).sin(), TREMBLE * (along * 2.3).cos()), TREMBLE_DEG * along.sin());
        self.developed(&pose, (-along / self.settles_in).exp(), index as u64 + 1)
    }
    /// A frame with the lens in focus and the paper still.
    #[must_use]
    pub fn settled_frame(&self) -> Vec<u8> {
        self.developed(&self.pose, 0.0, 0)
    }

    fn developed(&self, pose: &Pose, hunting: f32, number: u64) -> Vec<u8> {
        let size = self.size;
        let mut image = project(&self.page, &pose.cells(), size);
        let defocus_px = self.defocus_px * (1.0 + HUNTING.0 * hunting) + self.stroke_px * HUNTING.1 * hunting;
        let (mut way_px, mut angle) = (self.way_px, self.way_angle);
        if self.slip.disturbance == Disturbance::Smeared {
            let mut rng = lots(self.seed, 0x1000 + number);
            way_px += rng.random_range(SMEAR.0..SMEAR.1) * self.stroke_px;
            angle = rng.random_range(0.0..std::f32::consts::PI);
        }
        blur::blur(&mut image, size, defocus_px, way_px, angle);
        let grain = self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number);
        exposure::expose(&mut image, size, &self.light, self.noise, grain);
        if self.sharpening > 0.0 {
            exposure::sharpen(&mut image, size, self.sharpening);
        }
        jpeg::compress(&mut image, size, self.jpeg_quality);
        image
    }
}

/// Bits below the point of a place on the drawing.
const FRACTION_BITS: u32 = 16;
/// Farther than any drawing reaches, in its pixels; places are cut to it so that they fit 32 bits.
const FAR_PX: f32 = 30_000.0;

/// The drawing as the pixels see it, straight between its own; paper beyond it is bare.
fn project(page: &Page, cells: &Cells, size: FrameSize) -> Vec<u8> {
    let mut image = vec![255_u8; size.width * size.height];
    let px = |(x, y): (f32, f32)| {
        let (x, y) = page.to_px(x, y);
        // A pixel's value stands for its middle.
        (x - 0.5, y - 0.5)
    };
    let line = |row: usize| -> Vec<(f32, f32)> { cells.row(row).iter().map(|place| px(*place)).collect() };
    let mut above = line(0);
    for (band, rows) in image.chunks_mut(size.width * CELL_ROWS).enumerate() {
        let below = line(band + 1);
        for (y, row) in rows.chunks_exact_mut(size.width).enumerate() {
            let down = y as f32 / CELL_ROWS as f32;
            let place = |column: usize| {
                let ((ax, ay), (bx, by)) = (above[column], below[column]);
                let fixed = |along: f32| (along.clamp(-FAR_PX, FAR_PX) * (1 << FRACTION_BITS) as f32) as i32;
                (fixed(ax + (bx - ax) * down), fixed(ay + (by - ay) * down))
            };
            let mut from = place(0);
            for (column, pixels) in row.chunks_mut(CELL_PX).enumerate() {
                let to = place(column + 1);
                sample(pixels, page, from, to);
                from = to;
            }
        }
        above = below;
    }
    image
}

fn sample(pixels: &mut [u8], page: &Page, from: (i32, i32), to: (i32, i32)) {
    let (luma, width) = (page.luma(), page.width());
    let (last_column, last_row) = (page.width() - 1, page.height() - 1);
    let step_x = to.0.saturating_sub(from.0) / CELL_PX as i32;
    let step_y = to.1.saturating_sub(from.1) / CELL_PX as i32;
    let (mut x, mut y) = from;
    for pixel in pixels {
        // A negative place becomes a huge one.
        let (column, row) = ((x >> FRACTION_BITS) as usize, (y >> FRACTION_BITS) as usize);
        if column < last_column && row < last_row {
            let at = row * width + column;
            let (above, below) = (&luma[at..at + 2], &luma[at + width..at + width + 2]);
            let part = |along: i32| (along >> (FRACTION_BITS - 8) & 255) as u32;
            let (right, down) = (part(x), part(y));
            let mix = |pair: &[u8]| u32::from(pair[0]) * (256 - right) + u32::from(pair[1]) * right;
            *pixel = ((mix(above) * (256 - down) + mix(below) * down + (1 << 15)) >> 16) as u8;
        }
        x = x.wrapping_add(step_x);
        y = y.wrapping_add(step_y);
    }
}
