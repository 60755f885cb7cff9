//! A day's stack of sample sheets: most are sound, each way of needing a person occurs.
//!
//! Must not: use a real person's number; numbers are drawn from the seed.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use record::{CouponKind, DoseNumber, MunicipalityCode, MunicipalityTable};

use crate::{
    qr::Correction,
    sheet::{Flaw, Layout, LineDigits, Nw7Content, QrContent, Sheet},
};

/// Fewest sheets of a demo set: every flaw occurs and still most sheets are sound.
pub const FEWEST: usize = 20;
/// Sheets at the start of a set that are always sound.
pub const SOUND_FIRST: usize = 3;

/// What the day expects of most coupons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoDay {
    /// 市町村 that issued them.
    pub municipality: MunicipalityCode,
    /// 回数 given today.
    pub dose: DoseNumber,
    /// 券種 of a vaccination.
    pub kind: CouponKind,
}

/// 見本の束: sheets in the order in which they pass.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetSet(Vec<Sheet>);

const NAMES: [&str; 12] = [
    "見本　太郎",
    "見本　花子",
    "試験　一郎",
    "例示　美咲",
    "見本　健",
    "練習　和子",
    "試験　由美",
    "例示　次郎",
    "見本　さくら",
    "練習　翔",
    "試験　恵子",
    "例示　大輔",
];

/// Every flaw of a demo set, once each.
const FLAWS: [Flaw; 9] = [
    Flaw::LeadingUnread,
    Flaw::OtherNw7,
    Flaw::QrAlone,
    Flaw::OtherMunicipality,
    Flaw::ScreenedOnly,
    Flaw::Covered,
    Flaw::OtherDose,
    Flaw::ForeignQr,
    Flaw::Misprinted,
];

impl SheetSet {
    /// `count` sheets (at least [`FEWEST`]) of `day`, the same for the same seed. The first
    /// [`SOUND_FIRST`] are sound, each of the nine flaws occurs once, no two sheets share a number.
    #[must_use]
    pub fn demo(seed: u64, day: DemoDay, count: usize) -> Self {
        let count = count.max(FEWEST);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let places = flawed_places(&mut rng, count);
        let mut used = BTreeSet::new();
        let sheets = (0..count).map(|place| {
            let flaw =
                places.iter().position(|flawed| *flawed == place).map_or(Flaw::None, |which| FLAWS[which]);
            draw_sheet(&mut rng, day, flaw, &mut used)
        });
        Self(sheets.collect())
    }
    /// The sheets in order.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.0
    }
}

/// Where each flaw of [`FLAWS`] lies: no two beside each other, as far as there is room.
fn flawed_places(rng: &mut ChaCha8Rng, count: usize) -> Vec<usize> {
    let room = count - SOUND_FIRST;
    let mut order: Vec<usize> = (0..FLAWS.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, rng.random_range(0..=last));
    }
    let slot = room as f64 / FLAWS.len() as f64;
    let first = rng.random_range(0.0..slot.min(2.0));
    order.into_iter().map(|which| SOUND_FIRST + (first * 0.5 + which as f64 * slot) as usize).collect()
}

fn draw_sheet(rng: &mut ChaCha8Rng, day: DemoDay, flaw: Flaw, used: &mut BTreeSet<String>) -> Sheet {
    let number = fresh_number(rng, used);
    let mut municipality = day.municipality.to_string();
    let mut dose = day.dose.number();
    let mut kind = day.kind.digit();
    match flaw {
        Flaw::OtherMunicipality => municipality = other_municipality(rng, day.municipality),
        Flaw::OtherDose => dose = if dose > 1 { dose - 1 } else { dose + 1 },
        Flaw::ScreenedOnly => kind = 1,
        Flaw::Misprinted => {
            let wrong = (municipality.as_bytes()[5] - b'0' + 1) % 10;
            municipality.replace_range(5.., &wrong.to_string());
        }
        _ => {}
    }
    let digits = line(&format!("{kind}{dose}{municipality}{number}"));
    // Half of the codes carry all 18 digits, half the ten of 2021.
    let ten_or_all =
        |rng: &mut ChaCha8Rng| if rng.random_bool(0.5) { Nw7Content::LastTen } else { Nw7Content::Whole };
    let (qr, nw7) = match flaw {
        // The later coupons have a QR code, those of 2021 often only a barcode beside the line.
        Flaw::None => match rng.random_range(0..4) {
            0 => (QrContent::Absent, Nw7Content::LastTen),
            1 => (QrContent::Line, Nw7Content::Absent),
            _ => (QrContent::Line, ten_or_all(rng)),
        },
        Flaw::ScreenedOnly | Flaw::Covered => (QrContent::Line, ten_or_all(rng)),
        Flaw::LeadingUnread => (QrContent::Absent, Nw7Content::LastTen),
        Flaw::QrAlone => (QrContent::Line, Nw7Content::Absent),
        Flaw::OtherNw7 => {
            let other = line(&format!("{kind}{dose}{municipality}{}", fresh_number(rng, used)));
            (QrContent::Line, Nw7Content::OtherLastTen(other))
        }
        Flaw::OtherMunicipality | Flaw::OtherDose => (QrContent::Line, Nw7Content::LastTen),
        Flaw::Misprinted => (QrContent::Line, Nw7Content::Whole),
        Flaw::ForeignQr => (QrContent::Foreign("https://example.jp/".to_owned()), Nw7Content::LastTen),
    };
    let name = MunicipalityTable::shipped()
        .iter()
        .find(|row| row.code.to_string() == municipality)
        .map_or_else(|| "見本県見本市".to_owned(), record::Municipality::full_name);
    let layout = draw_layout(rng, &nw7);
    Sheet {
        digits,
        qr,
        nw7,
        flaw,
        municipality_name: name,
        recipient_name: NAMES[rng.random_range(0..NAMES.len())].to_owned(),
        layout,
    }
}

fn draw_layout(rng: &mut ChaCha8Rng, nw7: &Nw7Content) -> Layout {
    let nw7_width_mm = match nw7 {
        Nw7Content::Whole => rng.random_range(48.0..54.0),
        _ if rng.random_bool(0.6) => 37.2,
        _ => rng.random_range(31.0..46.0),
    };
    let corrections = [Correction::Low, Correction::Medium, Correction::Quartile, Correction::High];
    Layout {
        pitch_mm: rng.random_range(2.15..2.6),
        digit_em_mm: rng.random_range(3.175..3.9),
        nw7_width_mm,
        nw7_ratio: [2.0, 2.5, 3.0][rng.random_range(0..3)],
        correction: corrections[rng.random_range(0..4)],
        ink_tone: rng.random_range(15..70),
    }
}

/// A coupon number that no other sheet of the set has; every second one begins with zeros, as many towns'.
fn fresh_number(rng: &mut ChaCha8Rng, used: &mut BTreeSet<String>) -> String {
    loop {
        let most: u64 = if rng.random_bool(0.5) { 1_000_000 } else { 10_000_000_000 };
        let number = format!("{:010}", rng.random_range(0..most));
        if used.insert(number.clone()) {
            return number;
        }
    }
}

/// A municipality that exists and is not `own`; no ward, because coupons carry the city's code.
fn other_municipality(rng: &mut ChaCha8Rng, own: MunicipalityCode) -> String {
    let others: Vec<_> =
        MunicipalityTable::shipped().iter().filter(|row| row.city.is_none() && row.code != own).collect();
    if others.is_empty() {
        return own.to_string();
    }
    others[rng.random_range(0..others.len())].code.to_string()
}

/// Digits that this module put together itself; all zeros would show a mistake in it at once.
fn line(text: &str) -> LineDigits {
    text.parse().unwrap_or(LineDigits::ZEROS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::OcrLine;

    fn day() -> DemoDay {
        DemoDay {
            municipality: "131016".parse().unwrap(),
            dose: 3.try_into().unwrap(),
            kind: "2".parse().unwrap(),
        }
    }

    #[test]
    fn a_set_is_mostly_sound_and_holds_every_flaw_once() {
        for (seed, count) in [(1, 0), (2, 20), (3, 24), (4, 100)] {
            let set = SheetSet::demo(seed, day(), count);
            let flaws: Vec<Flaw> = set.sheets().iter().map(|sheet| sheet.flaw).collect();
            assert_eq!(flaws.len(), count.max(FEWEST));
            assert!(flaws[..SOUND_FIRST].iter().all(|flaw| *flaw == Flaw::None));
            for flaw in FLAWS {
                assert_eq!(flaws.iter().filter(|found| **found == flaw).count(), 1, "{flaw:?}");
            }
            assert!(flaws.iter().filter(|flaw| **flaw == Flaw::None).count() * 2 > flaws.len());
        }
    }

    #[test]
    fn a_seed_gives_the_same_sheets_and_no_number_twice() {
        let set = SheetSet::demo(7, day(), 60);
        assert_eq!(set, SheetSet::demo(7, day(), 60));
        assert_ne!(set, SheetSet::demo(8, day(), 60));
        let numbers: BTreeSet<&str> = set.sheets().iter().map(|sheet| sheet.digits.last_ten()).collect();
        assert_eq!(numbers.len(), 60);
    }

    #[test]
    fn only_a_misprint_is_no_line_of_a_coupon() {
        for sheet in SheetSet::demo(11, day(), 40).sheets() {
            let parsed = sheet.digits.as_str().parse::<OcrLine>();
            assert_eq!(parsed.is_err(), sheet.flaw == Flaw::Misprinted);
            let Ok(line) = parsed else { continue };
            let foreign = line.municipality() != day().municipality;
            assert_eq!(foreign, sheet.flaw == Flaw::OtherMunicipality);
            assert_eq!(line.dose() != day().dose, sheet.flaw == Flaw::OtherDose);
            assert_eq!(line.kind().digit() == 1, sheet.flaw == Flaw::ScreenedOnly);
            assert!(MunicipalityTable::shipped().find(line.municipality()).is_some());
        }
    }
}
