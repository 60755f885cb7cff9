//! The digit networks: for each of a strip's 112 columns the log-odds of ten digits and of none.
//!
//! Two small convolution networks of one shape, trained by `scanner/train` from different beginnings, so that they seldom
//! mistake the same; their weights are `assets/ocr-line/model-1.bin` and `model-2.bin` (half-precision floats). The loops
//! keep channels innermost, in blocks that the compiler turns into vector instructions on any processor. Must not: decide where a digit stands or what a line says; [`super::decode`] does.

use std::sync::OnceLock;

use super::strip::{COLUMNS, ROWS};

/// Columns that the network speaks of; column `j` is centred on the strip's pixel `4 j`.
pub(crate) const OUTPUTS: usize = COLUMNS / STEP;
/// Pixels from one of the network's columns to the next.
pub(crate) const STEP: usize = 4;
/// What a column can be: a digit, or none.
pub(crate) const CLASSES: usize = 11;
/// The class that says that no digit stands here.
pub(crate) const NONE: usize = 10;

/// The shapes of `net.py`: what a layer looks at, and by how much it moves on.
const LAYERS: [Shape; 7] = [
    Shape { rows: 3, columns: 3, inputs: 1, outputs: 12, down: 2, along: 2, pad: 1 },
    Shape { rows: 3, columns: 3, inputs: 12, outputs: 24, down: 2, along: 2, pad: 1 },
    Shape { rows: 3, columns: 3, inputs: 24, outputs: 32, down: 2, along: 1, pad: 1 },
    Shape { rows: 4, columns: 3, inputs: 32, outputs: 56, down: 1, along: 1, pad: 0 },
    Shape { rows: 1, columns: 5, inputs: 56, outputs: 56, down: 1, along: 1, pad: 0 },
    Shape { rows: 1, columns: 3, inputs: 56, outputs: 56, down: 1, along: 1, pad: 0 },
    Shape { rows: 1, columns: 1, inputs: 56, outputs: CLASSES, down: 1, along: 1, pad: 0 },
];
/// The layer whose input is added to its output.
const ADDS: usize = 5;
/// Channels, and columns, that are reckoned together: as many as keep their sums in sixteen vector registers.
const LANES: usize = 8;
const ABREAST: usize = 4;

/// Two bytes a weight; the compiler holds the files to the layers' size.
const MODELS: [&[u8; model_size()]; 2] = [
    include_bytes!("../../../assets/ocr-line/model-1.bin"),
    include_bytes!("../../../assets/ocr-line/model-2.bin"),
];

/// Which of the two is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// The one that reads a line as it lies.
    One,
    /// The one that reads it again, jolted.
    Two,
}

#[derive(Debug, Clone, Copy)]
struct Shape {
    rows: usize,
    columns: usize,
    inputs: usize,
    outputs: usize,
    down: usize,
    along: usize,
    /// Blank rows above and below; blank columns are always added so that no column is lost.
    pad: usize,
}

/// A layer's weights: for each block of [`LANES`] outputs, for each pixel looked at and each of its channels,
/// the block's weights; and the outputs' biases.
#[derive(Debug)]
struct Layer {
    shape: Shape,
    weights: Vec<[f32; LANES]>,
    biases: Vec<[f32; LANES]>,
}

/// Values of a layer: row after row, column after column, the channels innermost.
struct Plane {
    rows: usize,
    columns: usize,
    channels: usize,
    values: Vec<f32>,
}

impl Shape {
    const fn taps(self) -> usize {
        self.rows * self.columns * self.inputs
    }
}

const fn model_size() -> usize {
    let (mut bytes, mut layer) = (0, 0);
    while layer < LAYERS.len() {
        bytes += 2 * LAYERS[layer].outputs * (LAYERS[layer].taps() + 1);
        layer += 1;
    }
    bytes
}

/// The log-odds of each column's classes for a strip's ink ([`ROWS`] × [`COLUMNS`]; what is missing is paper).
pub(crate) fn log_odds(network: Network, ink: &[f32]) -> Vec<[f32; CLASSES]> {
    static NETWORKS: OnceLock<[Vec<Layer>; 2]> = OnceLock::new();
    let [one, two] = NETWORKS.get_or_init(|| MODELS.map(|model| unpacked(model)));
    let layers = match network {
        Network::One => one,
        Network::Two => two,
    };
    let mut plane = Plane { rows: ROWS, columns: COLUMNS, channels: 1, values: ink.to_vec() };
    plane.values.resize(ROWS * COLUMNS, 0.0);
    for (at, layer) in layers.iter().enumerate() {
        let is_last = at == LAYERS.len() - 1;
        let mut next = layer.run(&plane, !is_last);
        if at == ADDS {
            next.values.iter_mut().zip(&plane.values).for_each(|(out, input)| *out += input);
        }
        plane = next;
    }
    plane.values.as_chunks::<CLASSES>().0.to_vec()
}

/// The layers out of the file: each layer's weights (row, column, input, output), then its biases.
fn unpacked(bytes: &[u8]) -> Vec<Layer> {
    let mut halves = bytes.as_chunks::<2>().0.iter().map(|pair| half(u16::from_le_bytes(*pair)));
    let mut layers = Vec::with_capacity(LAYERS.len());
    for shape in LAYERS {
        let blocks = shape.outputs.div_ceil(LANES);
        let mut weights = vec![[0.0; LANES]; blocks * shape.taps()];
        let mut biases = vec![[0.0; LANES]; blocks];
        for tap in 0..shape.taps() {
            for (output, weight) in halves.by_ref().take(shape.outputs).enumerate() {
                weights[output / LANES * shape.taps() + tap][output % LANES] = weight;
            }
        }
        for (output, bias) in halves.by_ref().take(shape.outputs).enumerate() {
            biases[output / LANES][output % LANES] = bias;
        }
        layers.push(Layer { shape, weights, biases });
    }
    layers
}

/// A half-precision float. The file has no infinities.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        _ => (1024.0 + fraction) * 2_f32.powi(exponent - 25),
    }
}

impl Layer {
    /// Convolves; with `rectified`, what is below 0 becomes 0. Runs with the widest vectors that the processor at hand
    /// has; they add in the same order, so that what is read does not depend on it.
    fn run(&self, input: &Plane, rectified: bool) -> Plane {
        pulp::Arch::new().dispatch(|| self.convolve(input, rectified))
    }

    #[inline(always)]
    fn convolve(&self, input: &Plane, rectified: bool) -> Plane {
        let Shape { rows, columns, outputs, down, along, pad, .. } = self.shape;
        let padded = input.padded(pad, columns / 2);
        let out_rows = (padded.rows - rows) / down + 1;
        let out_columns = (input.columns - 1) / along + 1;
        let mut values = vec![0.0; out_rows * out_columns * outputs];
        for (row, line) in values.chunks_exact_mut(out_columns * outputs).enumerate() {
            for (block, bias) in self.biases.iter().enumerate() {
                let weights = &self.weights[block * self.shape.taps()..][..self.shape.taps()];
                for from in (0..out_columns).step_by(ABREAST) {
                    // The last few overlap the ones before rather than be reckoned one by one.
                    let from = from.min(out_columns.saturating_sub(ABREAST));
                    let sums = self.sums(&padded, weights, bias, row * down, from * along);
                    for (sum, out) in sums.iter().zip(line[from * outputs..].chunks_exact_mut(outputs)) {
                        for (sum, out) in sum.iter().zip(&mut out[block * LANES..]) {
                            *out = if rectified { sum.max(0.0) } else { *sum };
                        }
                    }
                }
            }
        }
        Plane { rows: out_rows, columns: out_columns, channels: outputs, values }
    }

    /// [`LANES`] outputs of [`ABREAST`] columns in a row, the first of which looks at `row`, `column` and on.
    #[inline(always)]
    fn sums(
        &self,
        padded: &Plane,
        weights: &[[f32; LANES]],
        bias: &[f32; LANES],
        row: usize,
        column: usize,
    ) -> [[f32; LANES]; ABREAST] {
        let mut sums = [*bias; ABREAST];
        // A row's pixels and their channels lie one after another, as their weights do.
        let run = self.shape.columns * self.shape.inputs;
        let step = self.shape.along * self.shape.inputs;
        for (down, weights) in weights.chunks_exact(run).enumerate() {
            let start = ((row + down) * padded.columns + column) * padded.channels;
            let line = &padded.values[start..];
            let (a, b) = (&line[..run], &line[step..][..run]);
            let (c, d) = (&line[2 * step..][..run], &line[3 * step..][..run]);
            for ((((weight, a), b), c), d) in weights.iter().zip(a).zip(b).zip(c).zip(d) {
                for lane in 0..LANES {
                    sums[0][lane] += a * weight[lane];
                    sums[1][lane] += b * weight[lane];
                    sums[2][lane] += c * weight[lane];
                    sums[3][lane] += d * weight[lane];
                }
            }
        }
        sums
    }
}

impl Plane {
    /// The same with zeros around: `above` and below, `beside` left and right.
    fn padded(&self, above: usize, beside: usize) -> Plane {
        let (rows, columns) = (self.rows + 2 * above, self.columns + 2 * beside);
        let mut values = vec![0.0; rows * columns * self.channels];
        let inner = values.chunks_exact_mut(columns * self.channels).skip(above);
        for (to, from) in inner.zip(self.values.chunks_exact(self.columns * self.channels)) {
            to[beside * self.channels..][..from.len()].copy_from_slice(from);
        }
        Plane { rows, columns, channels: self.channels, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that the training's generator drew, and what each network says of it in Python.
    const STRIP: &[u8; ROWS * COLUMNS] = include_bytes!("../../train/golden/strip.bin");
    const SAID: [&[u8; 4 * OUTPUTS * CLASSES]; 2] = [
        include_bytes!("../../train/golden/log-odds-1.bin"),
        include_bytes!("../../train/golden/log-odds-2.bin"),
    ];
    const NETWORKS: [Network; 2] = [Network::One, Network::Two];

    fn ink() -> Vec<f32> {
        STRIP.iter().map(|pixel| f32::from(*pixel) / 255.0).collect()
    }

    #[test]
    fn they_say_what_they_say_where_they_were_trained() {
        for (network, said) in NETWORKS.into_iter().zip(SAID) {
            let said = said.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
            let says = log_odds(network, &ink());
            assert_eq!(says.len(), OUTPUTS);
            for (at, (ours, theirs)) in says.as_flattened().iter().zip(said).enumerate() {
                assert!((ours - theirs).abs() < 1e-3, "{network:?}: {ours} {theirs} at {at}");
            }
        }
    }

    #[test]
    fn they_are_two() {
        assert_ne!(MODELS[0], MODELS[1]);
    }

    #[test]
    fn the_line_is_read_from_what_they_say() {
        for network in NETWORKS {
            let line = crate::ocr::decode::decode(&log_odds(network, &ink())).unwrap();
            assert_eq!(line.digits, [3, 9, 6, 5, 1, 8, 0, 2, 1, 4, 5, 7, 5, 5, 6, 3, 0, 7]);
            assert!(line.confidence.iter().all(|sure| *sure > 0.8), "{:?}", line.confidence);
        }
    }

    #[test]
    fn bare_paper_blackness_and_strange_sizes_are_no_line() {
        for ink in [vec![0.0; ROWS * COLUMNS], vec![1.0; ROWS * COLUMNS], vec![0.5; 17], vec![0.0; 99_999]] {
            for network in NETWORKS {
                assert_eq!(crate::ocr::decode::decode(&log_odds(network, &ink)), None);
            }
        }
    }

    #[test]
    fn halves_are_read_as_they_are_written() {
        for (bits, value) in
            [(0x3c00, 1.0), (0xc000, -2.0), (0x0001, 5.960_464_5e-8), (0x3555, 0.333_251_95), (0, 0.0)]
        {
            assert_eq!(half(bits), value);
        }
    }
}
