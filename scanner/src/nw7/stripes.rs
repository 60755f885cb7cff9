//! Where a frame is striped like a barcode, and which way the stripes run.
//!
//! The structure tensor of small blocks: a barcode has strong slopes in one direction only, text and QR codes
//! in several.
//!
//! Must not: read the stripes.

use crate::{frame::Pixels, reading::Point};

/// How finely a frame is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grain {
    /// Side of a block.
    block_px: usize,
    /// Every how many rows are looked at.
    row_step: usize,
    /// Shortest barcode that is looked for.
    shortest_px: f32,
    /// Mean squared slope (luma per two pixels) under which a block is bare.
    bare: f32,
    /// How much of the noise, as the calmer blocks show it, is taken away.
    noise_share: f32,
    /// Blocks to either side that are added to a block.
    spread: usize,
}

/// For a frame as it is: every second row tells enough.
pub(super) const FINE: Grain =
    Grain { block_px: 16, row_step: 2, shortest_px: 80.0, bare: 60.0, noise_share: 0.0, spread: 0 };
/// For a frame [`reduced`]: noise and blur no longer hide which way the stripes run.
pub(super) const COARSE: Grain =
    Grain { block_px: 4, row_step: 1, shortest_px: 40.0, bare: 6.0, noise_share: 0.9, spread: 1 };
/// Side of the squares whose mean is one pixel of a [`reduced`] frame.
pub(super) const REDUCTION: usize = 4;

/// Share of the frame's steepest blocks under which a block is bare: the screen's or the lamp's own stripes
/// lie over everything, and are faint beside print.
const FAINT: f32 = 0.08;
/// Share of the slopes that must run one way.
const LEAST_COHERENCE: f32 = 0.55;
/// Neighbouring blocks belong together when their stripes run alike: cosine of twice the angle between.
const LEAST_ALIKE: f32 = 0.8;
/// Stripes steeper than this against the frame's columns are not a coupon's that lies upright.
const STEEPEST_DEG: f32 = 28.0;
/// Patches whose ends are nearer to each other than this share of their length lie alike.
const NEAR_ENDS: f32 = 0.04;
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

impl Patch {
    /// Whether two patches begin and end at nearly the same places across the stripes.
    pub(super) fn covers_as_much_as(&self, other: &Self) -> bool {
        let ends = |patch: &Self| {
            let (x, y) = (patch.half_length_px * patch.across.x, patch.half_length_px * patch.across.y);
            [(patch.center.x - x, patch.center.y - y), (patch.center.x + x, patch.center.y + y)]
        };
        let reach = NEAR_ENDS * 2.0 * self.half_length_px.min(other.half_length_px);
        ends(self)
            .into_iter()
            .zip(ends(other))
            .all(|(own, its)| (own.0 - its.0).hypot(own.1 - its.1) <= reach)
    }
    /// The same patch in the frame that was [`reduced`].
    pub(super) fn enlarged(self) -> Self {
        let by = REDUCTION as f32;
        Self {
            center: Point { x: by * self.center.x, y: by * self.center.y },
            across: self.across,
            half_length_px: by * self.half_length_px,
            half_height_px: by * self.half_height_px,
        }
    }
}

/// A frame's pixels in squares, row after row.
pub(super) fn reduced(pixels: Pixels<'_>) -> Vec<u8> {
    let (width, height) = (pixels.width / REDUCTION, pixels.height / REDUCTION);
    let mut luma = Vec::with_capacity(width * height);
    let mut sums = vec![0_u16; width];
    for y in 0..height {
        sums.fill(0);
        for row in 0..REDUCTION {
            for (sum, four) in sums.iter_mut().zip(pixels.row(y * REDUCTION + row).chunks_exact(REDUCTION)) {
                *sum += four.iter().map(|luma| u16::from(*luma)).sum::<u16>();
            }
        }
        luma.extend(sums.iter().map(|sum| (sum / (REDUCTION * REDUCTION) as u16) as u8));
    }
    luma
}

/// The striped patches of a frame, the largest first.
pub(super) fn find(pixels: Pixels<'_>, grain: Grain) -> Vec<Patch> {
    let Grain { block_px, row_step, .. } = grain;
    let across = pixels.width / block_px;
    let down = pixels.height / block_px;
    let mut tensors = measure(pixels, grain, across, down);
    if grain.spread > 0 {
        tensors = spread(&tensors, grain, across);
    }
    let rows_looked_at = (block_px / row_step * block_px) as f32;
    let steepest = (2.0 * STEEPEST_DEG).to_radians().cos();
    let mut slopes: Vec<f32> = tensors.iter().map(|tensor| tensor.xx + tensor.yy).collect();
    let steep = slopes.len() - 1 - slopes.len() / 50;
    let (_, steepest_blocks, _) = slopes.select_nth_unstable_by(steep, f32::total_cmp);
    let least_slope = (grain.bare * rows_looked_at).max(FAINT * *steepest_blocks);
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
            patches.extend(patch(&blocks, &tensors, across, grain).map(|patch| (blocks.len(), patch)));
        }
    }
    patches.sort_by_key(|(blocks, _)| std::cmp::Reverse(*blocks));
    patches.into_iter().take(MOST_PATCHES).map(|(_, patch)| patch).collect()
}

/// Each block with its neighbours to either side, without the noise that the calmer blocks show.
fn spread(tensors: &[Tensor], grain: Grain, across: usize) -> Vec<Tensor> {
    let mut traces: Vec<f32> = tensors.iter().map(|tensor| tensor.xx + tensor.yy).collect();
    let calm = traces.len() / 4;
    let noise = if traces.is_empty() { 0.0 } else { *traces.select_nth_unstable_by(calm, f32::total_cmp).1 };
    let noise = noise * grain.noise_share / 2.0;
    let mean = |row: &[Tensor], column: usize| {
        let near = &row[column.saturating_sub(grain.spread)..(column + grain.spread + 1).min(row.len())];
        let sum = near.iter().fold(Tensor::default(), |sum, tensor| sum.plus(*tensor));
        let share = 1.0 / near.len() as f32;
        Tensor {
            xx: (sum.xx * share - noise).max(0.0),
            yy: (sum.yy * share - noise).max(0.0),
            xy: sum.xy * share,
        }
    };
    tensors
        .chunks(across.max(1))
        .flat_map(|row| (0..row.len()).map(move |column| mean(row, column)))
        .collect()
}

fn measure(pixels: Pixels<'_>, grain: Grain, across: usize, down: usize) -> Vec<Tensor> {
    let Grain { block_px, row_step, .. } = grain;
    let mut tensors = vec![Tensor::default(); across * down];
    let mut sums = vec![[0_i32; 3]; across];
    for line in 0..down {
        sums.fill([0; 3]);
        for y in (line * block_px + 1..((line + 1) * block_px).min(pixels.height - 1)).step_by(row_step) {
            let (above, row, below) = (pixels.row(y - 1), pixels.row(y), pixels.row(y + 1));
            for (block, sum) in sums.iter_mut().enumerate() {
                // The frame's last column has no right neighbour; the block ends before it.
                let start = block * block_px + 1;
                let end = (start + block_px).min(pixels.width - 1);
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

fn patch(blocks: &[usize], tensors: &[Tensor], across: usize, grain: Grain) -> Option<Patch> {
    let block_px = grain.block_px;
    let whole = blocks.iter().fold(Tensor::default(), |sum, block| sum.plus(tensors[*block]));
    let (cosine, sine) = whole.double_angle();
    let angle = sine.atan2(cosine) / 2.0;
    let direction = Point { x: angle.cos(), y: angle.sin() };
    let middle = |block: usize| Point {
        x: (block % across * block_px + block_px / 2) as f32,
        y: (block / across * block_px + block_px / 2) as f32,
    };
    let reach = |of: &dyn Fn(Point) -> f32| {
        let along = blocks.iter().map(|block| of(middle(*block)));
        along.fold((f32::MAX, f32::MIN), |(least, greatest), at| (least.min(at), greatest.max(at)))
    };
    let (left, right) = reach(&|point| point.x * direction.x + point.y * direction.y);
    let (top, bottom) = reach(&|point| point.y * direction.x - point.x * direction.y);
    let (u, v) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let half = block_px as f32 / 2.0;
    let found = Patch {
        center: Point { x: u * direction.x - v * direction.y, y: u * direction.y + v * direction.x },
        across: direction,
        half_length_px: (right - left) / 2.0 + half,
        half_height_px: (bottom - top) / 2.0 + half,
    };
    (2.0 * found.half_length_px >= grain.shortest_px && found.half_length_px > found.half_height_px)
        .then_some(found)
}
