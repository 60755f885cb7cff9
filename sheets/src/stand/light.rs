//! How a paper is lit, the same in all of its frames: slope, shadow, glare, torch, moiré, exposure.
//!
//! Must not: know what is printed.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::{
    lens::FrameSize,
    stand::{
        Disturbance,
        range::{self, Bounds},
    },
};

/// One of a pixel's gain is this.
pub(super) const GAIN_UNIT: f32 = 16384.0;

/// Light on every pixel.
pub(super) struct Light {
    /// Gain in [`GAIN_UNIT`]s, row after row.
    pub(super) gain: Vec<u16>,
    /// Luma that mirrors the lamp; empty where none does.
    pub(super) glare: Vec<u8>,
}

/// A soft spot, turned.
struct Spot {
    at: (f32, f32),
    spread: (f32, f32),
    turn: f32,
    height: f32,
}

impl Spot {
    fn at(&self, x: f32, y: f32) -> f32 {
        let (sin, cos) = self.turn.sin_cos();
        let (dx, dy) = (x - self.at.0, y - self.at.1);
        let (p, q) = ((dx * cos + dy * sin) / self.spread.0, (dy * cos - dx * sin) / self.spread.1);
        self.height * (-p * p - q * q).exp()
    }
}

struct Shadow {
    direction: (f32, f32),
    at: f32,
    depth: f32,
    softness: f32,
}

/// All that lights a paper.
struct Lamps {
    base: f32,
    slope: (f32, f32),
    corners: f32,
    shadow: Option<Shadow>,
    /// Ambient share and the torch's spot.
    torch: Option<(f32, Spot)>,
    glare: Option<Spot>,
    exposure: f32,
}

impl Lamps {
    fn gain(&self, x: f32, y: f32) -> f32 {
        let mut gain = 1.0 + self.slope.0 * x + self.slope.1 * y - self.corners * (x * x + y * y);
        if let Some(shadow) = &self.shadow {
            let inside = (shadow.direction.0 * x + shadow.direction.1 * y - shadow.at) / shadow.softness;
            gain *= 1.0 - shadow.depth / (1.0 + (-inside.clamp(-40.0, 40.0)).exp());
        }
        if let Some((ambient, spot)) = &self.torch {
            gain *= ambient + spot.at(x, y);
        }
        gain.max(0.0) * self.exposure * self.base
    }
}

impl Light {
    /// Draws the light by lot; `line_at` is the middle of the line in the frame, 0 to 1 both ways.
    pub(super) fn by_lot(
        disturbance: Disturbance,
        bounds: &Bounds,
        size: FrameSize,
        line_at: (f32, f32),
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let lamps = lamps(disturbance, bounds, line_at, rng);
        let mut light = Self { gain: gains(&lamps, size), glare: Vec::new() };
        if let Some(spot) = &lamps.glare {
            let exposure = lamps.exposure * 255.0;
            light.glare =
                spread(size, |x, y| spot.at(x, y) * exposure).into_iter().map(|it| it as u8).collect();
        }
        if rng.random_bool(bounds.moire_chance) {
            let period = rng.random_range(2.2..9.0) * size.width as f32 / 1280.0;
            let angle = rng.random_range(0.0..std::f32::consts::TAU);
            let depth = rng.random_range(bounds.moire_depth.0..bounds.moire_depth.1);
            add_moire(&mut light.gain, size, period, angle, depth);
        }
        light
    }
}

fn lamps(disturbance: Disturbance, bounds: &Bounds, line_at: (f32, f32), rng: &mut ChaCha8Rng) -> Lamps {
    let mut between = |(from, to): range::Range| rng.random_range(from..=to);
    let steep = between(bounds.slope) * 1.4;
    let slope = (between((-1.0, 1.0)) * steep, between((-1.0, 1.0)) * steep);
    let corners = between((0.05, 0.35));
    let (base, exposure) = (between(range::PAPER), between(bounds.exposure));
    let shadow = rng.random_bool(bounds.shadow_chance).then(|| {
        let (sin, cos) = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
        Shadow {
            direction: (cos, sin),
            at: rng.random_range(-0.3..0.3),
            depth: rng.random_range(bounds.shadow_depth.0..=bounds.shadow_depth.1),
            softness: rng.random_range(0.003..0.08),
        }
    });
    let mut spot = |aside: f32, spread: range::Range, height: range::Range| {
        let mut normal = || (0..6).map(|_| rng.random_range(-1.0..1.0_f32)).sum::<f32>() / 1.414 * aside;
        let at = (line_at.0 - 0.5 + normal(), line_at.1 - 0.5 + normal());
        Spot {
            at,
            spread: (rng.random_range(spread.0..spread.1), rng.random_range(spread.0..spread.1)),
            turn: rng.random_range(0.0..std::f32::consts::PI),
            height: rng.random_range(height.0..height.1),
        }
    };
    let glare = spot(0.2, (0.04, 0.15), (0.15, 0.55));
    let torch = spot(0.12, (0.12, 0.4), (0.5, 1.3));
    let torch = (disturbance == Disturbance::Torch).then(|| (rng.random_range(0.06..0.3), torch));
    let glare = rng.random_bool(bounds.glare_chance).then_some(glare);
    Lamps { base, slope, corners, shadow, torch, glare, exposure }
}

/// Pixels between two exact values of what changes slowly.
const CELL_PX: usize = 16;

/// A slowly changing quantity at every pixel; −0.5 to 0.5 across and down the frame.
fn spread(size: FrameSize, of: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    let columns = size.width.div_ceil(CELL_PX) + 1;
    let line = |y: usize| -> Vec<f32> {
        let y = y as f32 / size.height as f32 - 0.5;
        (0..columns).map(|column| of((column * CELL_PX) as f32 / size.width as f32 - 0.5, y)).collect()
    };
    let mut all = Vec::with_capacity(size.width * size.height);
    let (mut above, mut below) = (line(0), line(CELL_PX));
    for y in 0..size.height {
        if y > 0 && y % CELL_PX == 0 {
            above = below;
            below = line(y + CELL_PX);
        }
        let down = (y % CELL_PX) as f32 / CELL_PX as f32;
        let at = |column: usize| above[column] * (1.0 - down) + below[column] * down;
        for column in 0..columns - 1 {
            let (from, to) = (at(column), at(column + 1));
            let width = CELL_PX.min(size.width - column * CELL_PX);
            all.extend((0..width).map(|step| from + (to - from) * (step as f32 / CELL_PX as f32)));
        }
    }
    all
}

/// The edge of a shadow may be sharper than the lattice of [`spread`]: it is told apart and looked up.
fn gains(lamps: &Lamps, size: FrameSize) -> Vec<u16> {
    let unshaded = Lamps { shadow: None, torch: None, glare: None, ..*lamps };
    let slow = spread(size, |x, y| {
        unshaded.gain(x, y) * lamps.torch.as_ref().map_or(1.0, |(ambient, spot)| ambient + spot.at(x, y))
    });
    let fixed = |gain: f32| (gain * GAIN_UNIT).min(65535.0) as u16;
    let Some(shadow) = &lamps.shadow else { return slow.into_iter().map(fixed).collect() };
    // One entry a 2048th of the frame's width, a little beyond its corners on both sides.
    const STEPS: f32 = 2048.0;
    let table: Vec<f32> = (0..4096)
        .map(|step| {
            let inside = (step as f32 / STEPS - 1.0 - shadow.at) / shadow.softness;
            1.0 - shadow.depth / (1.0 + (-inside.clamp(-40.0, 40.0)).exp())
        })
        .collect();
    let mut gains = Vec::with_capacity(slow.len());
    for (y, row) in slow.chunks_exact(size.width).enumerate() {
        let y = y as f32 / size.height as f32 - 0.5;
        let from = (shadow.direction.1 * y - shadow.direction.0 * 0.5 + 1.0) * STEPS;
        let step = shadow.direction.0 / size.width as f32 * STEPS;
        gains.extend(row.iter().enumerate().map(|(x, gain)| {
            let place = (from + step * x as f32) as usize;
            fixed(gain * table[place.min(4095)])
        }));
    }
    gains
}

fn add_moire(gain: &mut [u16], size: FrameSize, period: f32, angle: f32, depth: f32) {
    let (sin, cos) = angle.sin_cos();
    let turn = std::f32::consts::TAU / period;
    let across: Vec<(f32, f32)> = (0..size.width).map(|x| (turn * cos * x as f32).sin_cos()).collect();
    for (y, row) in gain.chunks_exact_mut(size.width).enumerate() {
        let (down_sin, down_cos) = (turn * sin * y as f32).sin_cos();
        for (gain, (across_sin, across_cos)) in row.iter_mut().zip(&across) {
            let wave = 1.0 + depth * (across_sin * down_cos + across_cos * down_sin);
            *gain = (f32::from(*gain) * wave).min(65535.0) as u16;
        }
    }
}
