//! Which modules of a sampled symbol are dark: several ways to draw the line.
//!
//! Must not: look at the frame; decode.

use super::deblur;

/// A way to tell dark modules from light ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// After the light at the three corner squares.
    Planar,
    /// Half way between the darkest and the lightest around each: for shadows and glare.
    Local,
    /// After undoing the blur that the corner squares show: for a lens out of focus and a moving paper.
    Deblurred,
}

impl Way {
    /// What it costs a module to draw the line and to decode, in places sampled.
    pub(super) fn work(self) -> usize {
        match self {
            Self::Planar => 2,
            Self::Local => 4,
            Self::Deblurred => 30,
        }
    }
    /// The dark modules.
    pub(super) fn dark(self, modules: &[f32], side: usize) -> Vec<bool> {
        let below =
            |levels: Vec<f32>| modules.iter().zip(levels).map(|(luma, level)| *luma < level).collect();
        match self {
            Self::Planar => below(planar(modules, side)),
            Self::Local => below(local(modules, side)),
            Self::Deblurred => deblur::dark(modules, &local(modules, side), side),
        }
    }
}

/// One threshold a module, on the plane through those of the three corner squares.
fn planar(modules: &[f32], side: usize) -> Vec<f32> {
    let square = |left: usize, top: usize| {
        let at = |column: usize, row: usize| modules[(top + row) * side + left + column];
        let core = (2..5).flat_map(|row| (2..5).map(move |column| (column, row)));
        let dark = core.map(|(column, row)| at(column, row)).sum::<f32>() / 9.0;
        let ring = (1..6).flat_map(|step| [(step, 1), (step, 5), (1, step), (5, step)]);
        let light = ring.map(|(column, row)| at(column, row)).sum::<f32>() / 20.0;
        (dark + light) / 2.0
    };
    let far = side - 7;
    let (origin, right, down) = (square(0, 0), square(far, 0), square(0, far));
    let share = |at: usize| (at as f32 - 3.0) / far as f32;
    let mut levels = Vec::with_capacity(side * side);
    for row in 0..side {
        let start = origin + (down - origin) * share(row);
        levels.extend((0..side).map(|column| start + (right - origin) * share(column)));
    }
    levels
}

/// One threshold a module, half way between the darkest and the lightest of the square around it.
fn local(modules: &[f32], side: usize) -> Vec<f32> {
    let least = spread(&spread(modules, side, 1, f32::min), side, side, f32::min);
    let greatest = spread(&spread(modules, side, 1, f32::max), side, side, f32::max);
    least.iter().zip(greatest).map(|(least, greatest)| (least + greatest) / 2.0).collect()
}

/// The least or greatest of a module and its neighbours along rows (stride 1) or columns (stride `side`).
fn spread(modules: &[f32], side: usize, stride: usize, pick: fn(f32, f32) -> f32) -> Vec<f32> {
    const REACH: usize = 3;
    let mut picked = modules.to_vec();
    for (at, best) in picked.iter_mut().enumerate() {
        let place = if stride == 1 { at % side } else { at / side };
        let first = at - place.min(REACH) * stride;
        let last = at + (side - 1 - place).min(REACH) * stride;
        *best = (first..=last).step_by(stride).map(|other| modules[other]).fold(*best, pick);
    }
    picked
}
