//! What NW-7 characters look like through a lens out of focus.
//!
//! Lengths are in digit pitches (a digit and its gap): all digits are equally wide, so the pitch stays whatever the
//! ratio of wide to narrow is. Darkness is 0 on paper and 1 in ink.
//!
//! Must not: look at pixels; decide.

/// Samples a digit pitch.
pub(super) const FINENESS: usize = 40;
/// Samples of a template: from half a pitch before its cell to half a pitch behind.
pub(super) const SPAN: usize = 2 * FINENESS;
/// The characters that are as wide as a digit: the ten digits, `-` and `$`. The last two never stand on a
/// coupon; they are known here so that none of them is taken for a digit.
pub(super) const CELLS: usize = 12;
/// The guards A to D.
pub(super) const GUARDS: usize = 4;
/// Edges of a character.
const EDGES: usize = 8;

/// Wide elements of the digits, `-`, `$`: the first element is the lowest bit.
const WIDE: [u8; CELLS] = [
    0b110_0000, 0b011_0000, 0b100_1000, 0b000_0011, 0b010_0100, 0b010_0001, 0b100_0010, 0b001_0010,
    0b000_0110, 0b000_1001, 0b001_1000, 0b000_1100,
];
/// Wide elements of A to D.
const GUARD_WIDE: [u8; GUARDS] = [0b010_1100, 0b100_1010, 0b110_1000, 0b011_1000];

/// How a symbol is printed and seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// A wide element's width over a narrow one's.
    pub(super) ratio: f32,
    /// Radius of the blur.
    pub(super) blur: f32,
    /// How much wider bars are than they should be.
    pub(super) spread: f32,
}

impl Shape {
    /// Modules a digit pitch.
    pub(super) fn modules(self) -> f32 {
        6.0 + 2.0 * self.ratio
    }
    /// A guard's width.
    pub(super) fn guard(self) -> f32 {
        (4.0 + 3.0 * self.ratio) / self.modules()
    }
    /// Held inside what can be printed and read.
    pub(super) fn bounded(self) -> Self {
        Self {
            ratio: self.ratio.clamp(1.7, 3.4),
            blur: self.blur.clamp(0.02, 0.3),
            spread: self.spread.clamp(-0.04, 0.04),
        }
    }
}

/// All characters in one shape.
pub(super) struct Templates {
    /// Digits, `-` and `$`, beginning at the middle of the cell before theirs.
    pub(super) cells: [[f32; SPAN]; CELLS],
    /// Guards in front: their gap ends where the first cell begins.
    pub(super) starts: [[f32; SPAN]; GUARDS],
    /// Guards behind.
    pub(super) stops: [[f32; SPAN]; GUARDS],
}

impl Templates {
    pub(super) fn of(shape: Shape) -> Self {
        let start = 1.0 - shape.guard() - 1.0 / shape.modules();
        Self {
            cells: WIDE.map(|wide| character(wide, 0.0, shape)),
            starts: GUARD_WIDE.map(|wide| character(wide, start, shape)),
            stops: GUARD_WIDE.map(|wide| character(wide, 0.0, shape)),
        }
    }
}

/// The darkness that one character adds.
fn character(wide: u8, begin: f32, shape: Shape) -> [f32; SPAN] {
    let module = 1.0 / shape.modules();
    let mut sum = [0.0; SPAN];
    let mut at = begin + 0.5;
    for edge in 0..EDGES {
        let darkens = edge % 2 == 0;
        let sign = if darkens { 1.0 } else { -1.0 };
        add_step(&mut sum, at - sign * shape.spread / 2.0, shape.blur, sign);
        at += if wide >> edge & 1 == 1 { shape.ratio * module } else { module };
    }
    sum
}

/// Adds a blurred step at a place.
fn add_step(sum: &mut [f32; SPAN], at: f32, blur: f32, sign: f32) {
    let fine = FINENESS as f32;
    let from = (((at - 1.5 * blur) * fine - 0.5).ceil().max(0.0) as usize).min(SPAN);
    let to = (((at + 1.5 * blur) * fine - 0.5).ceil().max(0.0) as usize).clamp(from, SPAN);
    for (place, dark) in sum[from..to].iter_mut().enumerate() {
        *dark += sign * step((((from + place) as f32 + 0.5) / fine - at) / blur);
    }
    sum[to..].iter_mut().for_each(|dark| *dark += sign);
}

/// A step from 0 to 1 seen through a quadratic spline of half width 1.5: nearly a lens's disc seen from the side.
fn step(z: f32) -> f32 {
    if z <= -1.5 {
        0.0
    } else if z < -0.5 {
        (z + 1.5).powi(3) / 6.0
    } else if z < 0.5 {
        0.5 + 0.75 * z - z * z * z / 3.0
    } else if z < 1.5 {
        1.0 - (1.5 - z).powi(3) / 6.0
    } else {
        1.0
    }
}
