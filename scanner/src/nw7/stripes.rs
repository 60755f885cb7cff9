//! Where a frame is striped like a barcode, and which way the stripes run.
//!
//! The structure tensor of small blocks: a barcode has strong slopes in one direction only, text and QR codes
//! in several.
//!
//! Must not: read the stripes.

use crate::{frame::Pixels, reading::Point};

/// Side of a block; every second row of it is looked at.
const BLOCK_PX: usize = 16;
/// Mean squared slope (luma per two pixels) under which a block is bare.
const BARE: f32 = 60.0;
/// Share of the frame's steepest blocks under which a block is bare: the screen's or the lamp's own stripes
/// lie over everything, and are faint beside print.
const FAINT: f32 = 0.08;
/// Share of the slopes that must run one way.
const LEAST_COHERENCE: f32 = 0.55;
/// Neighbouring blocks belong together when their stripes run alike: cosine of twice the angle between.
const LEAST_ALIKE: f32 = 0.8;
/// Stripes steeper than this against the frame's columns are not a coupon's that lies upright.
const STEEPEST_DEG: f32 = 28.0;
/// Shortest barcode that is looked for.
const SHORTEST_PX: f32 = 80.0;
/// Patches that are read in one frame; the most striped first.
const MOST_PATCHES: usize = 6;

/// A striped patch of the frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patch {
    /// Its middle.
    pub(super) center: Point,
    /// Unit vector across the stripes: the direction in which a barcode is read.
    pub(super) across: Point,
    /// Half of its extent across the stripes.
    pub(super) half_length_px: f32,
    /// Half of its extent along the stripes.
    pub(super) half_height_px: f32,
}

/// Sums of squared slopes of one block.
#[derive(Clone, Copy, Default)]
struct Tensor {
    xx: f32,
    yy: f32,
    xy: f32,
}

impl Tensor {
    fn coherence(self) -> f32 {
        (self.xx - self.yy).hypot(2.0 * self.xy) / (self.xx + self.yy).max(1.0)
    }
    /// Unit vector of twice the angle of the slopes.
    fn double_angle(self) -> (f32, f32) {
        let (x, y) = (self.xx - self.yy, 2.0 * self.xy);
        let length = x.hypot(y).max(1e-6);
        (x / length, y / length)
    }
    fn plus(self, other: Self) -> Self {
        Self { xx: self.xx + other.xx, yy: self.yy + other.yy, xy: self.xy + other.xy }
    }
}

/// The striped patches of a frame, the largest first.
pub(super) fn find(pixels: Pixels<'_>) -> Vec<Patch> {
    let across = pixels.width / BLOCK_PX;
    let down = pixels.height / BLOCK_PX;
    let tensors = measure(pixels, across, down);
    let rows_looked_at = (BLOCK_PX / 2 * BLOCK_PX) as f32;
    let steepest = (2.0 * STEEPEST_DEG).to_radians().cos();
    let mut slopes: Vec<f32> = tensors.iter().map(|tensor| tensor.xx + tensor.yy).collect();
    let steep = slopes.len() - 1 - slopes.len() / 50;
    let (_, steepest_blocks, _) = slopes.select_nth_unstable_by(steep, f32::total_cmp);
    let least_slope = (BARE * rows_looked_at).max(FAINT * *steepest_blocks);
    let striped: Vec<bool> = tensors
        .iter()
        .map(|tensor| {
            tensor.xx + tensor.yy > least_slope
                && tensor.coherence() > LEAST_COHERENCE
                && tensor.double_angle().0 > steepest
        })
        .collect();
    let mut taken = vec![false; striped.len()];
    let mut patches: Vec<(usize, Patch)> = Vec::new();
    for seed in 0..striped.len() {
        if striped[seed] && !taken[seed] {
            let blocks = flood(seed, &tensors, &striped, &mut taken, across);
            patches.extend(patch(&blocks, &tensors, across).map(|patch| (blocks.len(), patch)));
        }
    }
    patches.sort_by_key(|(blocks, _)| std::cmp::Reverse(*blocks));
    patches.into_iter().take(MOST_PATCHES).map(|(_, patch)| patch).collect()
}

fn measure(pixels: Pixels<'_>, across: usize, down: usize) -> Vec<Tensor> {
    let mut tensors = vec![Tensor::default(); across * down];
    let mut sums = vec![[0_i32; 3]; across];
    for line in 0..down {
        sums.fill([0; 3]);
        for y in (line * BLOCK_PX + 1..((line + 1) * BLOCK_PX).min(pixels.height - 1)).step_by(2) {
            let (above, row, below) = (pixels.row(y - 1), pixels.row(y), pixels.row(y + 1));
            for (block, sum) in sums.iter_mut().enumerate() {
                // The frame's last column has no right neighbour; the block ends before it.
                let start = block * BLOCK_PX + 1;
                let end = (start + BLOCK_PX).min(pixels.width - 1);
                let mut own = [0_i32; 3];
                let slopes = row[start - 1..end - 1].iter().zip(&row[start + 1..end + 1]);
                let falls = above[start..end].iter().zip(&below[start..end]);
                for ((left, right), (up, low)) in slopes.zip(falls) {
                    let (dx, dy) = (i32::from(*right) - i32::from(*left), i32::from(*low) - i32::from(*up));
                    own[0] += dx * dx;
                    own[1] += dy * dy;
                    own[2] += dx * dy;
                }
                for (all, one) in sum.iter_mut().zip(own) {
                    *all += one;
                }
            }
        }
        for (tensor, sum) in tensors[line * across..].iter_mut().zip(&sums) {
            *tensor = Tensor { xx: sum[0] as f32, yy: sum[1] as f32, xy: sum[2] as f32 };
        }
    }
    tensors
}

/// The striped blocks that hang together with `seed` and run as it does.
fn flood(seed: usize, tensors: &[Tensor], striped: &[bool], taken: &mut [bool], across: usize) -> Vec<usize> {
    let own = tensors[seed].double_angle();
    let down = tensors.len() / across;
    let mut blocks = vec![seed];
    taken[seed] = true;
    let mut next = 0;
    while next < blocks.len() {
        let (column, line) = (blocks[next] % across, blocks[next] / across);
        next += 1;
        // One bare block between two striped ones is a wide bar or a smear.
        for y in line.saturating_sub(1)..(line + 2).min(down) {
            for x in column.saturating_sub(2)..(column + 3).min(across) {
                let block = y * across + x;
                let its = tensors[block].double_angle();
                let is_alike = own.0 * its.0 + own.1 * its.1 > LEAST_ALIKE;
                if striped[block] && !taken[block] && is_alike {
                    taken[block] = true;
                    blocks.push(block);
                }
            }
        }
    }
    blocks
}

fn patch(blocks: &[usize], tensors: &[Tensor], across: usize) -> Option<Patch> {
    let whole = blocks.iter().fold(Tensor::default(), |sum, block| sum.plus(tensors[*block]));
    let (cosine, sine) = whole.double_angle();
    let angle = sine.atan2(cosine) / 2.0;
    let direction = Point { x: angle.cos(), y: angle.sin() };
    let middle = |block: usize| Point {
        x: (block % across * BLOCK_PX + BLOCK_PX / 2) as f32,
        y: (block / across * BLOCK_PX + BLOCK_PX / 2) as f32,
    };
    let reach = |of: &dyn Fn(Point) -> f32| {
        let along = blocks.iter().map(|block| of(middle(*block)));
        along.fold((f32::MAX, f32::MIN), |(least, greatest), at| (least.min(at), greatest.max(at)))
    };
    let (left, right) = reach(&|point| point.x * direction.x + point.y * direction.y);
    let (top, bottom) = reach(&|point| point.y * direction.x - point.x * direction.y);
    let (u, v) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let half = BLOCK_PX as f32 / 2.0;
    let found = Patch {
        center: Point { x: u * direction.x - v * direction.y, y: u * direction.y + v * direction.x },
        across: direction,
        half_length_px: (right - left) / 2.0 + half,
        half_height_px: (bottom - top) / 2.0 + half,
    };
    (2.0 * found.half_length_px >= SHORTEST_PX && found.half_length_px > found.half_height_px)
        .then_some(found)
}
