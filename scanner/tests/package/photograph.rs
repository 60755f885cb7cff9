//! A plain camera for the codes of packages: a symbol lies turned on grey paper, a little blurred, with noise.

use scanner::{CaptureId, Frame};

/// Width and height of the pictures taken.
pub(crate) const SIZE: (u32, u32) = (960, 720);

/// How a symbol lies under the camera.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pose {
    /// Turned by so many degrees.
    pub(crate) degrees: f32,
    /// Pixels of the picture for one of the symbol's file.
    pub(crate) scale: f32,
    /// Radius of the blur in pixels: passes of a box of 3.
    pub(crate) blur: u32,
    /// Luma of dark and of light.
    pub(crate) levels: (f32, f32),
    /// Greatest luma of the noise.
    pub(crate) noise: f32,
}

/// A grey picture.
pub(crate) struct Symbol {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Symbol {
    pub(crate) fn open(name: &str) -> Self {
        let path = format!("{}/tests/data/package/{name}.png", env!("CARGO_MANIFEST_DIR"));
        let picture = image::open(path).unwrap().into_luma8();
        Self { width: picture.width() as usize, height: picture.height() as usize, luma: picture.into_raw() }
    }

    /// The same with nothing printed in its upper part.
    pub(crate) fn with_light_above(mut self, part: f32) -> Self {
        let rows = (self.height as f32 * part) as usize;
        self.luma[..rows * self.width].fill(255);
        self
    }

    /// 0 dark to 1 light, and light beyond the edges.
    fn at(&self, x: f32, y: f32) -> f32 {
        let inside = x >= 0.0 && y >= 0.0 && x < self.width as f32 && y < self.height as f32;
        if !inside { 1.0 } else { f32::from(self.luma[y as usize * self.width + x as usize]) / 255.0 }
    }

    pub(crate) fn photographed(&self, pose: Pose) -> Frame {
        let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
        let (sine, cosine) = pose.degrees.to_radians().sin_cos();
        let mut light = vec![0.0; width * height];
        for (at, light) in light.iter_mut().enumerate() {
            // Nine places in each pixel.
            for part in 0..9 {
                let x = (at % width) as f32 + (part % 3) as f32 / 3.0 + 1.0 / 6.0 - width as f32 / 2.0;
                let y = (at / width) as f32 + (part / 3) as f32 / 3.0 + 1.0 / 6.0 - height as f32 / 2.0;
                let (along, across) = (x * cosine + y * sine, y * cosine - x * sine);
                let place = (
                    along / pose.scale + self.width as f32 / 2.0,
                    across / pose.scale + self.height as f32 / 2.0,
                );
                *light += self.at(place.0, place.1) / 9.0;
            }
        }
        for _ in 0..pose.blur {
            light = blurred(&light, 1);
            light = blurred(&light, width);
        }
        let mut state = 20_211_122_u64;
        let luma = light.iter().map(|light| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = ((state >> 40) as f32 / 16_777_216.0 - 0.5) * 2.0 * pose.noise;
            (pose.levels.0 + light * (pose.levels.1 - pose.levels.0) + noise).clamp(0.0, 255.0) as u8
        });
        Frame::new(CaptureId(1), SIZE.0, SIZE.1, luma.collect::<Vec<u8>>().into()).unwrap()
    }
}

/// Each place with its two neighbours, `step` places away.
fn blurred(light: &[f32], step: usize) -> Vec<f32> {
    let at = |place: usize| light[place.min(light.len() - 1)];
    (0..light.len())
        .map(|place| (at(place.saturating_sub(step)) + at(place) + at(place + step)) / 3.0)
        .collect()
}
