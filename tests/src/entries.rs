//! Entries as a busy site makes them: one day, one room, a few staff, coupons of a city of some 240,000 people.
//!
//! Must not: be taken for anybody's; the numbers come from a seed.

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use record::{
    CalendarDate, DaySettings, Entry, EntryContent, EntryId, MunicipalityCode, OcrLine, WallTime,
    entry::{Cancellation, ChangeReason, Corrected, Correction, ScreenedOnly, VERSION, Vaccination},
};

/// 2021-11-22 09:00 in Japan.
pub const MORNING: WallTime = WallTime::from_unix_ms(1_637_539_200_000);

/// Makes entries one after the other.
pub struct EntryMaker {
    random: ChaCha8Rng,
    municipality: MunicipalityCode,
    recorded_at: WallTime,
    monotonic_ms: u64,
}

impl EntryMaker {
    /// The same seed makes the same entries.
    pub fn new(municipality: MunicipalityCode, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let monotonic_ms = random.random_range(60_000..40_000_000);
        Self { random, municipality, recorded_at: MORNING, monotonic_ms }
    }

    /// An entry that says `content`, some 8 to 70 seconds after the one before.
    pub fn entry(&mut self, content: EntryContent) -> Entry {
        let step = self.random.random_range(8_000..70_000);
        self.monotonic_ms += step;
        self.recorded_at = self.recorded_at.plus_ms(step as i64);
        let mut entry_id = [0; 16];
        self.random.fill_bytes(&mut entry_id);
        Entry {
            version: VERSION,
            entry_id: EntryId::from_bytes(entry_id),
            municipality: self.municipality,
            staff_id: ["staff-01", "staff-02", "staff-03"][self.random.random_range(0..3)].parse().unwrap(),
            recorded_at: self.recorded_at,
            monotonic_ms: self.monotonic_ms,
            content,
        }
    }

    /// A coupon; one in twelve comes from another city.
    pub fn coupon(&mut self) -> OcrLine {
        let other = self.random.random_range(0..12) == 0;
        let city =
            if other { ["131016", "131041", "141003"][self.random.random_range(0..3)] } else { "131130" };
        format!("21{city}{:010}", self.random.random_range(1..240_000)).parse().unwrap()
    }

    /// How a coupon was witnessed: mostly OCR line and barcode or QR code.
    fn witnessed(&mut self) -> &'static str {
        match self.random.random_range(0..20) {
            0 => "18P",
            1 => "8EOQ,6OQ,1PQ,3OQ",
            2..=6 => "8EO,10NO",
            _ => "8EOQ,10OQ",
        }
    }

    /// A dose given to the holder of that coupon.
    pub fn vaccination_of(&mut self, coupon: OcrLine, day: DaySettings) -> Entry {
        let witnessed = self.witnessed().parse().unwrap();
        self.entry(EntryContent::Vaccination(Vaccination {
            coupon,
            witnessed,
            day,
            despite: Default::default(),
        }))
    }

    /// A dose given today.
    pub fn vaccination(&mut self) -> Entry {
        let coupon = self.coupon();
        self.vaccination_of(coupon, day())
    }

    /// Somebody who was not vaccinated.
    pub fn screened_only(&mut self) -> Entry {
        let (coupon, today) = (self.coupon(), day());
        self.entry(EntryContent::ScreenedOnly(ScreenedOnly {
            coupon,
            witnessed: "18P".parse().unwrap(),
            screened_on: today.vaccinated_on,
            site: today.site,
            physician: today.physician,
            despite: Default::default(),
        }))
    }

    /// Takes that entry back.
    pub fn cancellation(&mut self, cancels: EntryId) -> Entry {
        let reason = ChangeReason::RecordedTwice;
        self.entry(EntryContent::Cancellation(Cancellation { cancels, reason }))
    }

    /// Says what that entry should have said.
    pub fn correction(&mut self, replaces: EntryId, right: Vaccination) -> Entry {
        let (reason, corrected) = (ChangeReason::WrongDaySettings, Corrected::Vaccination(right));
        self.entry(EntryContent::Correction(Correction { replaces, reason, corrected }))
    }

    /// A day of `count` entries: doses, now and then a screening.
    pub fn day_of(&mut self, count: usize) -> Vec<Vec<u8>> {
        let one = |index| if index % 25 == 24 { self.screened_only() } else { self.vaccination() };
        (0..count).map(one).map(|entry| entry.to_bytes()).collect()
    }
}

/// 2021-11-22, first dose.
pub fn day() -> DaySettings {
    serde_json::from_value(serde_json::json!({
        "vaccinated_on": "2021-11-22",
        "site": {"facility_code": "1311399999", "name": "渋谷区見本体育館 集団接種会場"},
        "physician": "見本 太郎",
        "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
        "lot": "FF3620",
        "dose": "1",
    }))
    .unwrap()
}

/// The same but on another day.
pub fn day_on(vaccinated_on: CalendarDate) -> DaySettings {
    DaySettings { vaccinated_on, ..day() }
}

/// The same but of another lot.
pub fn day_with_lot(lot: &str) -> DaySettings {
    DaySettings { lot: lot.parse().unwrap(), ..day() }
}

/// What a vaccination says.
pub fn vaccination_in(entry: &Entry) -> Vaccination {
    entry.content.vaccination().unwrap().clone()
}
