//! Own-made blurred profiles: how many are read, and that none is misread.

use super::{
    blurred::{Blurred, laid},
    stack::Stack,
};

/// The symbology's published elements, the lowest bit first: digits, then A to D.
const WIDE: [u8; 14] = [
    0b110_0000, 0b011_0000, 0b100_1000, 0b000_0011, 0b010_0100, 0b010_0001, 0b100_0010, 0b001_0010,
    0b000_0110, 0b000_1001, 0b010_1100, 0b100_1010, 0b110_1000, 0b011_1000,
];
const MARGIN: usize = 50;

struct Dice(u64);

impl Dice {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
    fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * (self.bits() >> 40) as f32 / (1_u32 << 24) as f32
    }
    fn below(&mut self, count: usize) -> usize {
        (self.bits() % count as u64) as usize
    }
    fn chance(&mut self, share: f32) -> bool {
        self.between(0.0, 1.0) < share
    }
    /// Roughly normal.
    fn noise(&mut self) -> f32 {
        (0..6).map(|_| self.between(-1.0, 1.0)).sum::<f32>() / 1.42
    }
}

/// How a profile is made.
struct Making {
    module_px: f32,
    ratio: f32,
    /// Diameter of the blur in modules.
    blur: f32,
    noise: f32,
    /// How far the middle is off, in modules.
    bow: f32,
    /// Strength of a sharpening camera.
    sharpening: f32,
}

impl Making {
    fn at_random(dice: &mut Dice) -> Self {
        Self {
            module_px: dice.between(2.2, 8.0),
            ratio: dice.between(2.0, 3.0),
            blur: dice.between(0.3, 3.6),
            noise: dice.between(0.3, 6.0),
            bow: dice.between(-3.0, 3.0),
            sharpening: if dice.chance(0.4) { dice.between(0.2, 1.0) } else { 0.0 },
        }
    }
    /// A profile without noise.
    fn draw(&self, characters: &[usize]) -> Vec<f32> {
        let mut edges = vec![0.0];
        for character in characters {
            for element in 0..7 {
                let wide = WIDE[*character] >> element & 1 == 1;
                edges.push(edges[edges.len() - 1] + if wide { self.ratio } else { 1.0 });
            }
            edges.push(edges[edges.len() - 1] + 1.0);
        }
        edges.pop();
        let whole = edges[edges.len() - 1];
        let place = |module: f32| {
            let v = module / whole;
            ((module + 4.0 * self.bow * v * (1.0 - v)) * self.module_px) + MARGIN as f32 + 6.0
        };
        let places: Vec<f32> = edges.iter().map(|edge| place(*edge)).collect();
        let length = (place(whole) + MARGIN as f32 + 6.0) as usize;
        // Eight samples a pixel, so that edges fall between pixels.
        let mut fine = vec![1.0_f32; length * 8];
        for bar in places.chunks(2) {
            fine[(bar[0] * 8.0) as usize..(bar[1] * 8.0) as usize].fill(0.0);
        }
        // Two boxes after one another are near a disc seen from the side.
        let reach = ((self.blur * self.module_px * 8.0 * 0.3) as usize).max(4);
        let once = smoothed(&fine, reach);
        let twice = smoothed(&once, reach / 2 + 1);
        let seen: Vec<f32> = twice.chunks(8).map(|pixel| pixel.iter().sum::<f32>() / 8.0).collect();
        let around = smoothed(&seen, 2);
        seen.iter().zip(&around).map(|(own, mean)| own + self.sharpening * (own - mean)).collect()
    }
}

fn smoothed(values: &[f32], reach: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64];
    for value in values {
        sums.push(sums[sums.len() - 1] + f64::from(*value));
    }
    (0..values.len())
        .map(|at| {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(values.len()));
            ((sums[to] - sums[from]) / (to - from) as f64) as f32
        })
        .collect()
}

/// A profile as a camera shows it: light that changes along it, noise, now and then a stroke over the bars.
fn seen(profile: &[f32], noise: f32, light: f32, stroke: Option<(f32, f32)>, dice: &mut Dice) -> Vec<f32> {
    let count = profile.len() as f32;
    profile
        .iter()
        .enumerate()
        .map(|(at, white)| {
            let along = at as f32 / count;
            let covered = stroke.is_some_and(|(from, wide)| (from..from + wide).contains(&along));
            let white = if covered { white * 0.35 } else { *white };
            (60.0 + 130.0 * white) * (1.0 + light * (along - 0.5)) + noise * dice.noise()
        })
        .collect()
}

fn stack(upper: Vec<f32>, lower: Vec<f32>) -> Stack {
    let whole = upper.iter().zip(&lower).map(|(a, b)| (a + b) / 2.0).collect();
    Stack { whole, halves: [upper, lower], from_px: -20.0, to_px: 20.0, lean: (0.0, 0.0) }
}

fn symbol(dice: &mut Dice) -> Vec<usize> {
    let length = if dice.chance(0.7) { 10 } else { 18 };
    let guards = [10 + dice.below(4), 10 + dice.below(4)];
    let digits = (0..length).map(|_| dice.below(10));
    std::iter::once(guards[0]).chain(digits).chain([guards[1]]).collect()
}

fn text(characters: &[usize]) -> Vec<u8> {
    characters[1..characters.len() - 1].iter().map(|digit| b'0' + *digit as u8).collect()
}

fn read(stack: &Stack) -> Option<Blurred> {
    laid(stack, MARGIN)
}

/// Reads many made profiles; how many were read and how many of those wrongly.
fn tally(count: usize, seed: u64) -> (usize, usize) {
    let mut dice = Dice(seed);
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..count {
        let characters = symbol(&mut dice);
        let making = Making::at_random(&mut dice);
        let profile = making.draw(&characters);
        let light = dice.between(-0.6, 0.6);
        // A stroke may cross one half only, both at one place, or lean from one to the next.
        let mut stroke =
            |share| dice.chance(share).then(|| (dice.between(0.1, 0.85), dice.between(0.01, 0.1)));
        let (first, other) = (stroke(0.4), stroke(0.3));
        let second = if dice.chance(0.5) { first } else { other };
        let upper = seen(&profile, making.noise, light, first, &mut dice);
        let lower = seen(&profile, making.noise, light, second, &mut dice);
        match read(&stack(upper, lower)) {
            Some(found) if found.digits == text(&characters) => right += 1,
            Some(_) => wrong += 1,
            None => {}
        }
    }
    (right, wrong)
}

fn plain(blur: f32) -> Making {
    Making { module_px: 4.0, ratio: 2.5, blur, noise: 1.5, bow: 1.0, sharpening: 0.0 }
}

#[test]
fn bars_blurred_over_two_modules_are_read_either_way_up() {
    let mut dice = Dice(5);
    for round in 0..20 {
        let characters = symbol(&mut dice);
        let mut profile = plain(2.0).draw(&characters);
        if round % 2 == 1 {
            profile.reverse();
        }
        let halves = [0, 1].map(|_| seen(&profile, 1.5, 0.3, None, &mut dice));
        let [upper, lower] = halves;
        let found = read(&stack(upper, lower)).expect("two modules of blur are read");
        assert_eq!((found.digits, found.is_reversed), (text(&characters), round % 2 == 1));
    }
}

#[test]
fn halves_that_show_different_numbers_give_nothing() {
    let mut dice = Dice(6);
    for place in 1..11 {
        let mut characters = vec![10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 10];
        let upper = seen(&plain(1.2).draw(&characters), 1.0, 0.0, None, &mut dice);
        characters[place] = (characters[place] + 3) % 10;
        let lower = seen(&plain(1.2).draw(&characters), 1.0, 0.0, None, &mut dice);
        assert!(read(&stack(upper, lower)).is_none(), "digit {place}");
    }
}

#[test]
fn profiles_made_at_random_are_often_read_and_never_misread() {
    let (right, wrong) = tally(300, 1);
    assert!(right >= 75, "{right} of 300 were read");
    assert_eq!(wrong, 0);
}
