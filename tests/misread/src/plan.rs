//! What a seed stands for: one paper with a number of its own, its level, what went wrong, and what the day expects.
//!
//! Must not: draw the paper; `sheets` does.

use std::{collections::BTreeSet, sync::OnceLock};

use rand::{RngExt, SeedableRng, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use record::{Municipality, MunicipalityTable, OcrLine};
use scanner::Expectation;
use sheets::{
    FrameSize, Level, LineDigits,
    stand::{Disturbance, Slip, Take},
};

/// What a frame measures: a usual camera's.
pub const SIZE: FrameSize = FrameSize { width: 1280, height: 720 };
/// Share of the papers without a disturbance; the others share the rest evenly.
const UNDISTURBED: f64 = 0.3;
/// Share of the papers that are what the day expects.
const EXPECTED: f64 = 0.93;
/// Share of the slips with a QR code that are drawn anew.
const DRAWN_ANEW: f64 = 0.4;
/// Frames for which a paper lies under the camera, at most and at least: about one second. A person is
/// asked after ten with digits.
pub const FRAMES: usize = 16;
const FEWEST_FRAMES: usize = 12;
/// Most municipalities that a day expects.
const MOST_MUNICIPALITIES: usize = 5;

/// One paper.
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// A third of the seeds each.
    pub level: Level,
    /// What is printed.
    pub slip: Slip,
    /// What the day's settings say.
    pub expectation: Expectation,
    /// Whether the paper is as the day expects.
    pub is_expected: bool,
    /// Frames for which it lies under the camera.
    pub frames: usize,
}

/// Whether the paper of this seed is pushed in right behind the one before, without a gap and while the reader still
/// has that one in mind. The others come before a reader that knows of nothing.
#[must_use]
pub fn follows(seed: u64) -> bool {
    seed % 4 == 3
}

impl Plan {
    /// The paper of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let level = [Level::Good, Level::Usual, Level::Bad][(seed % 3) as usize];
        // Papers that follow each other belong to one day.
        let day = Day::of(seed / 4);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let disturbance = if rng.random_bool(UNDISTURBED) {
            Disturbance::None
        } else {
            *Disturbance::ALL[1..].choose(&mut rng).unwrap_or(&Disturbance::None)
        };
        let is_expected = rng.random_bool(EXPECTED);
        let digits = day.line(seed, is_expected, &mut rng);
        let slip = by_lot(digits, disturbance, &mut rng);
        let frames = rng.random_range(FEWEST_FRAMES..=FRAMES);
        Self { seed, level, slip, expectation: day.expectation(), is_expected, frames }
    }
    /// The paper under its camera.
    #[must_use]
    pub fn take(&self) -> Take {
        Take::set_up(self.slip.clone(), self.level, SIZE, self.seed)
    }
}

/// A slip by lot; one with a QR code is now and then drawn anew, because it is accepted more often: so that three in
/// ten of the accepted have none.
fn by_lot(digits: LineDigits, disturbance: Disturbance, rng: &mut ChaCha8Rng) -> Slip {
    let slip = Slip::by_lot(digits, disturbance, rng);
    if slip.has_qr && rng.random_bool(DRAWN_ANEW) { Slip::by_lot(digits, disturbance, rng) } else { slip }
}

/// The settings of one day.
struct Day {
    kind: u8,
    dose: u8,
    /// Places in the table.
    municipalities: BTreeSet<usize>,
}

fn cities() -> &'static [&'static Municipality] {
    static CITIES: OnceLock<Vec<&'static Municipality>> = OnceLock::new();
    // Coupons carry the city's code, not its ward's.
    CITIES.get_or_init(|| MunicipalityTable::shipped().iter().filter(|row| row.city.is_none()).collect())
}

impl Day {
    fn of(number: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(number);
        rng.set_stream(1);
        let count = rng.random_range(1..=MOST_MUNICIPALITIES);
        let first = rng.random_range(0..cities().len());
        // Neighbours in the table have similar codes, as the towns around a site have.
        let municipalities = (0..count).map(|step| (first + step * 2) % cities().len()).collect();
        Self { kind: if rng.random_bool(0.9) { 2 } else { 1 }, dose: rng.random_range(1..=7), municipalities }
    }

    /// A line as expected, or one that differs in its kind, its dose or its municipality; the number is the seed's.
    fn line(&self, seed: u64, is_expected: bool, rng: &mut ChaCha8Rng) -> LineDigits {
        let all = cities();
        let own: Vec<usize> = self.municipalities.iter().copied().collect();
        let mut place = own.choose(rng).copied().unwrap_or(0);
        let (mut kind, mut dose) = (self.kind, self.dose);
        if !is_expected {
            match rng.random_range(0..5) {
                0 => kind = 3 - kind,
                1 | 2 => dose = dose % 7 + 1,
                _ => {
                    while self.municipalities.contains(&place) {
                        place = (place + 1) % all.len();
                    }
                }
            }
        }
        let municipality = all[place].code;
        let text = format!("{kind}{dose}{municipality}{}", number(seed, rng.random_bool(0.5)));
        text.parse().unwrap_or(LineDigits::ZEROS)
    }

    fn expectation(&self) -> Expectation {
        let all = cities();
        Expectation {
            kinds: Some(self.kind.to_string().parse().into_iter().collect()),
            dose: self.dose.try_into().ok(),
            municipalities: Some(self.municipalities.iter().map(|place| all[*place].code).collect()),
        }
    }
}

/// The ten digits of a seed, never those of another: small towns number from 1, large ones over all ten digits.
fn number(seed: u64, is_small: bool) -> String {
    const SMALL: u64 = 1_000_000;
    const LARGE: u64 = 10_000_000_000;
    // Odd multipliers that share no factor with 10 reach every number once.
    if is_small && seed < SMALL {
        format!("{:010}", seed * 618_033 % SMALL)
    } else {
        let spread = seed.wrapping_mul(6_180_339_887) % (LARGE - SMALL);
        format!("{:010}", SMALL + spread)
    }
}

/// A line by lot that no day knows of.
pub(crate) fn any_line(rng: &mut ChaCha8Rng) -> LineDigits {
    let seed = rng.random_range(0..1_000_000);
    Day::of(rng.random_range(0..1_000_000)).line(seed, true, rng)
}

/// The line of a paper in the reader's own type, where it is one.
#[must_use]
pub fn truth(slip: &Slip) -> Option<OcrLine> {
    slip.digits.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_seed_has_a_number_of_its_own() {
        let seeds = 0..50_000;
        let numbers: HashSet<String> =
            seeds.clone().flat_map(|seed| [number(seed, true), number(seed, false)]).collect();
        assert_eq!(numbers.len(), 100_000);
        assert!(numbers.iter().all(|number| number.len() == 10));
        let late: HashSet<String> = (1_000_000..1_050_000).map(|seed| number(seed, true)).collect();
        assert_eq!((late.len(), late.intersection(&numbers).count()), (50_000, 0));
    }

    #[test]
    fn a_paper_right_behind_another_belongs_to_its_day() {
        let followers: Vec<u64> = (0..40).filter(|seed| follows(*seed)).collect();
        assert_eq!(followers.len(), 10);
        for seed in followers {
            assert!(!follows(seed - 1), "what it follows came before a reader that knew of nothing");
            assert_eq!(Plan::of(seed).expectation, Plan::of(seed - 1).expectation);
        }
    }
}
