//! 見本: facilities where people could live. Towns of very different sizes around the capitals of 47 prefectures, facilities
//! around the towns, four in ten of them short and four in ten with something to spare.
//!
//! Must not: place anything by chance alone: the same seed is the same country.

use record::{CalendarDate, MunicipalityCode, MunicipalityTable, WallTime};
use vsys::{
    Amount, FacilityKind, Packaging, ProductRule, Storage,
    demand::{Booking, Stock},
    facility::Coordinates,
    proposal::{Preference, Question, Reach, Site, Travel},
    transfer::prefecture as prefecture_of,
};

/// 2026-11-28 00:00 in Japan.
const MIDNIGHT: WallTime = WallTime::from_unix_ms(1_795_791_600_000);
const DAY_MS: i64 = 86_400_000;

/// About where each prefecture's people live, in hundredths of a degree north and east, and thousands of people.
const PREFECTURES: [(i32, i32, u32); 47] = [
    (4306, 14135, 5_200),
    (4082, 14074, 1_200),
    (3970, 14115, 1_200),
    (3827, 14087, 2_300),
    (3972, 14010, 950),
    (3824, 14036, 1_050),
    (3775, 14047, 1_800),
    (3634, 14045, 2_850),
    (3657, 13988, 1_900),
    (3639, 13906, 1_900),
    (3586, 13965, 7_300),
    (3560, 14012, 6_250),
    (3569, 13969, 14_000),
    (3545, 13964, 9_200),
    (3790, 13902, 2_200),
    (3670, 13721, 1_000),
    (3659, 13663, 1_100),
    (3607, 13622, 750),
    (3566, 13857, 800),
    (3665, 13818, 2_000),
    (3539, 13672, 1_950),
    (3498, 13838, 3_600),
    (3518, 13691, 7_500),
    (3473, 13651, 1_750),
    (3500, 13587, 1_400),
    (3502, 13576, 2_550),
    (3469, 13552, 8_800),
    (3469, 13518, 5_400),
    (3469, 13583, 1_300),
    (3423, 13517, 900),
    (3550, 13424, 550),
    (3547, 13305, 650),
    (3466, 13393, 1_850),
    (3440, 13246, 2_750),
    (3419, 13147, 1_300),
    (3407, 13456, 700),
    (3434, 13404, 950),
    (3384, 13277, 1_300),
    (3356, 13353, 650),
    (3361, 13042, 5_100),
    (3325, 13030, 800),
    (3274, 12987, 1_300),
    (3279, 13074, 1_700),
    (3324, 13161, 1_100),
    (3191, 13142, 1_050),
    (3156, 13056, 1_550),
    (2621, 12768, 1_450),
];

/// Numbers that look drawn; the same for the same seed (SplitMix64, Steele et al. 2014).
pub(crate) struct Drawn(u64);

impl Drawn {
    pub(crate) const fn from_seed(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
    /// 0 to `most` − 1.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
    /// −`most` to `most`, the middle likelier.
    fn around(&mut self, most: i32) -> i32 {
        let each = u64::from(most.unsigned_abs()) + 1;
        let drawn = self.below(each) + self.below(each);
        i32::try_from(drawn).unwrap() - most
    }
}

struct Town {
    code: MunicipalityCode,
    at: Coordinates,
    /// How far it reaches, in millionths of a degree.
    radius: i32,
    weight: u64,
}

/// So many facilities of one crowded prefecture.
pub(crate) fn prefecture(facilities: u32) -> Question {
    let towns = towns().into_iter().filter(|town| prefecture_of(town.code) == 27).collect();
    question(facilities, towns, Reach::Prefecture)
}

/// So many facilities of all prefectures.
pub(crate) fn nation(facilities: u32) -> Question {
    question(facilities, towns(), Reach::Nation)
}

fn towns() -> Vec<Town> {
    let mut drawn = Drawn::from_seed(1);
    let mut towns = Vec::new();
    for municipality in MunicipalityTable::shipped().iter() {
        let (north, east, people) = PREFECTURES[usize::from(prefecture_of(municipality.code)) - 1];
        // A few are large, most are small.
        let size = 1 + 60 / (1 + drawn.below(60));
        towns.push(Town {
            code: municipality.code,
            at: Coordinates {
                latitude: north * 10_000 + drawn.around(350_000),
                longitude: east * 10_000 + drawn.around(400_000),
            },
            radius: 20_000 + 2_000 * i32::try_from(size).unwrap(),
            weight: size * u64::from(people),
        });
    }
    towns
}

fn question(facilities: u32, towns: Vec<Town>, reach: Reach) -> Question {
    let mut drawn = Drawn::from_seed(2);
    let mut sums = Vec::new();
    let mut sum = 0;
    for town in &towns {
        sum += town.weight;
        sums.push(sum);
    }
    let site = |number: u32| {
        let at = drawn.below(sum);
        let town = &towns[sums.partition_point(|up_to| *up_to <= at)];
        site(number, town, &mut drawn)
    };
    let sites = (1..=facilities).map(site).collect();
    let packaging = Packaging { doses_per_vial: 6, vials_per_tray: 195, vials_per_box: 195 };
    let rule = ProductRule::open("見本一号".parse().unwrap(), packaging);
    let travel = Travel { reach, ..Travel::USUAL };
    let now = MIDNIGHT.plus_ms(8 * 3_600_000);
    Question { now, rule, travel, preference: Preference::USUAL, sites }
}

fn site(number: u32, town: &Town, drawn: &mut Drawn) -> Site {
    let is_core = drawn.below(10) == 0;
    let kind = match (is_core, drawn.below(4)) {
        (true, _) => FacilityKind::Core,
        (false, 0) => FacilityKind::Linked,
        (false, _) => FacilityKind::Satellite,
    };
    let size = if is_core { 600 } else { 120 };
    // Six doses a vial for what people are booked for, and up to as much again, less or just enough.
    let booked = 12 + drawn.below(size);
    let there = match drawn.below(10) {
        0..4 => booked / (2 + drawn.below(4)),
        4..8 => booked + drawn.below(booked),
        _ => booked,
    };
    let today = CalendarDate::in_japan(MIDNIGHT).unwrap();
    let day = |offset: u64| today.plus_days(i64::try_from(offset).unwrap()).unwrap();
    let bookings = (0..4)
        .map(|_| Booking { on: day(drawn.below(10)), doses: booked / 4 })
        .filter(|booking| booking.doses > 0)
        .collect();
    let lot = |number: u64| format!("SAMPLE-{number:04}").parse().unwrap();
    let stock = (0..2)
        .map(|half| {
            let is_frozen = is_core && half == 1;
            let good_days = 3 + i64::try_from(drawn.below(28)).unwrap();
            Stock {
                lot: lot(drawn.below(5_000)),
                storage: if is_frozen { Storage::Frozen } else { Storage::Thawed },
                expires_at: MIDNIGHT.plus_ms(180 * DAY_MS),
                thawed_until: (!is_frozen).then_some(MIDNIGHT.plus_ms(good_days * DAY_MS)),
                amount: Amount::of_vials(there / 12, 6),
                received: Amount::default(),
            }
        })
        .collect();
    Site {
        code: format!("{number:010}").parse().unwrap(),
        municipality: town.code,
        kind,
        position: Some(Coordinates {
            latitude: town.at.latitude + drawn.around(town.radius),
            longitude: town.at.longitude + drawn.around(town.radius),
        }),
        freezer_room: if is_core { 400 } else { 0 },
        stock,
        bookings,
        arrivals: Vec::new(),
    }
}
