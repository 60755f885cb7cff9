//! 本日の締め: what a person counted at the end of a day, what the tablet counted, and where the two differ.
//!
//! Must not: know why they differ; whoever holds the entries names the candidates.

use serde::{Deserialize, Serialize};

use crate::{
    calendar::CalendarDate,
    day::{LotNumber, Site},
};

/// The most forms, vials or discarded doses that are taken: a typing error, not a day's work, is more.
pub const MOST_COUNTED: u32 = 9_999;
/// The most lots in one closing.
pub const MOST_LOTS: usize = 12;
/// The most doses that a vial holds.
pub const MOST_DOSES_PER_VIAL: u32 = 20;

/// 本日の締め: a day as it was counted by hand and as the tablet holds it. A later closing of the same day stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedClosing")]
pub struct Closing {
    /// 締める日: the day of the shots, not of the recording.
    pub closed_on: CalendarDate,
    /// 会場.
    pub site: Site,
    /// 予診票の枚数: paper forms in the hand.
    pub paper_forms: u32,
    /// Each lot of the day, once.
    pub lots: Vec<LotUse>,
    /// What the tablet holds of that day.
    pub held: HeldDay,
}

/// 使ったバイアル: what was drawn of one lot, and what the tablet recorded of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotUse {
    /// ロット番号.
    pub lot: LotNumber,
    /// 使ったバイアルの数.
    pub vials: u32,
    /// 1バイアルの回数: doses a vial, 1 to [`MOST_DOSES_PER_VIAL`].
    pub doses_per_vial: u32,
    /// 廃棄した回数: doses that were drawn or left, and given to nobody.
    pub discarded: u32,
    /// Doses of it that stand as given on that day.
    pub recorded: u32,
}

/// What a tablet holds of one day: entries that stand, corrected and cancelled ones left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldDay {
    /// 接種.
    pub vaccinations: u32,
    /// 予診のみ.
    pub screened_only: u32,
    /// 送信済み: how many of them have their receipt.
    pub delivered: u32,
}

/// 違い: two numbers that should be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Paper forms and entries.
    Paper {
        /// Forms in the hand.
        paper_forms: u32,
        /// Entries on the tablet.
        entries: u32,
    },
    /// Entries and receipts.
    Receipts {
        /// Entries on the tablet.
        entries: u32,
        /// Those that the central has signed for.
        delivered: u32,
    },
    /// Doses drawn of a lot and recorded of it.
    Doses {
        /// Of which lot.
        lot: LotNumber,
        /// Vials × doses a vial − discarded; below 0 where more was discarded than drawn.
        drawn: i64,
        /// Doses recorded.
        recorded: u32,
    },
}

/// Numbers that no day can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClosingError {
    /// More than [`MOST_COUNTED`] of anything, or a vial of no or too many doses.
    #[error("a number of the closing is out of range")]
    OutOfRange,
    /// A lot twice, or more than [`MOST_LOTS`].
    #[error("the lots of the closing do not fit")]
    Lots,
}

/// As it comes from outside.
#[derive(Deserialize)]
struct UncheckedClosing {
    closed_on: CalendarDate,
    site: Site,
    paper_forms: u32,
    lots: Vec<LotUse>,
    held: HeldDay,
}

impl TryFrom<UncheckedClosing> for Closing {
    type Error = ClosingError;
    fn try_from(it: UncheckedClosing) -> Result<Self, ClosingError> {
        Self::new(it.closed_on, it.site, it.paper_forms, it.lots, it.held)
    }
}

impl HeldDay {
    /// Entries that stand.
    #[must_use]
    pub fn entries(&self) -> u32 {
        self.vaccinations.saturating_add(self.screened_only)
    }
}

impl LotUse {
    /// Doses that were drawn and not discarded.
    #[must_use]
    pub fn drawn(&self) -> i64 {
        i64::from(self.vials) * i64::from(self.doses_per_vial) - i64::from(self.discarded)
    }
}

impl Closing {
    /// A day's closing.
    ///
    /// # Errors
    /// [`ClosingError`].
    pub fn new(
        closed_on: CalendarDate,
        site: Site,
        paper_forms: u32,
        lots: Vec<LotUse>,
        held: HeldDay,
    ) -> Result<Self, ClosingError> {
        let counted = lots.iter().flat_map(|lot| [lot.vials, lot.discarded]).chain([paper_forms]);
        let vials = lots.iter().map(|lot| lot.doses_per_vial);
        if counted.into_iter().any(|count| count > MOST_COUNTED)
            || vials.into_iter().any(|doses| doses == 0 || doses > MOST_DOSES_PER_VIAL)
        {
            return Err(ClosingError::OutOfRange);
        }
        let is_twice =
            |(place, lot): (usize, &LotUse)| lots[..place].iter().any(|other| other.lot == lot.lot);
        if lots.len() > MOST_LOTS || lots.iter().enumerate().any(is_twice) {
            return Err(ClosingError::Lots);
        }
        Ok(Self { closed_on, site, paper_forms, lots, held })
    }

    /// Doses that were drawn of all lots and not discarded.
    #[must_use]
    pub fn drawn(&self) -> i64 {
        self.lots.iter().map(LotUse::drawn).sum()
    }

    /// Where the numbers differ: paper, then receipts, then each lot in order. Empty where the day is even.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let (paper_forms, entries, delivered) = (self.paper_forms, self.held.entries(), self.held.delivered);
        let paper = (paper_forms != entries).then_some(Difference::Paper { paper_forms, entries });
        let receipts = (entries != delivered).then_some(Difference::Receipts { entries, delivered });
        let doses = self.lots.iter().filter(|lot| lot.drawn() != i64::from(lot.recorded)).map(|lot| {
            let (drawn, recorded) = (lot.drawn(), lot.recorded);
            Difference::Doses { lot: lot.lot.clone(), drawn, recorded }
        });
        paper.into_iter().chain(receipts).chain(doses).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn site() -> Site {
        serde_json::from_value(serde_json::json!({"facility_code": "1311399999", "name": "見本市民体育館"}))
            .unwrap()
    }

    fn closing(paper_forms: u32, lots: Vec<LotUse>, held: HeldDay) -> Result<Closing, ClosingError> {
        Closing::new("2021-11-22".parse().unwrap(), site(), paper_forms, lots, held)
    }

    fn lot(name: &str, vials: u32, doses_per_vial: u32, discarded: u32, recorded: u32) -> LotUse {
        LotUse { lot: name.parse().unwrap(), vials, doses_per_vial, discarded, recorded }
    }

    #[test]
    fn a_day_that_is_even_shows_no_difference() {
        let held = HeldDay { vaccinations: 17, screened_only: 2, delivered: 19 };
        let day = closing(19, vec![lot("FF3620", 2, 6, 1, 11), lot("FL1839", 1, 6, 0, 6)], held).unwrap();
        assert_eq!((day.drawn(), day.differences()), (17, vec![]));
    }

    #[test]
    fn each_difference_is_named_by_its_two_numbers() {
        let held = HeldDay { vaccinations: 11, screened_only: 0, delivered: 9 };
        let day = closing(12, vec![lot("FF3620", 2, 6, 0, 11)], held).unwrap();
        let doses = Difference::Doses { lot: "FF3620".parse().unwrap(), drawn: 12, recorded: 11 };
        let paper = Difference::Paper { paper_forms: 12, entries: 11 };
        let receipts = Difference::Receipts { entries: 11, delivered: 9 };
        assert_eq!(day.differences(), [paper, receipts, doses]);
    }

    #[test]
    fn numbers_that_no_day_can_have_are_refused_also_from_outside() {
        let held = HeldDay::default();
        let out = Err(ClosingError::OutOfRange);
        assert_eq!(closing(MOST_COUNTED + 1, vec![], held), out);
        assert_eq!(closing(1, vec![lot("A", 1, 0, 0, 0)], held), out);
        assert_eq!(closing(1, vec![lot("A", 1, 21, 0, 0)], held), out);
        assert_eq!(closing(1, vec![lot("A", 1, 6, 10_000, 0)], held), out);
        assert_eq!(
            closing(1, vec![lot("A", 1, 6, 0, 0), lot("A", 2, 6, 0, 0)], held),
            Err(ClosingError::Lots)
        );
        let good = serde_json::to_string(&closing(7, vec![lot("A", 1, 6, 0, 6)], held).unwrap()).unwrap();
        assert!(serde_json::from_str::<Closing>(&good).is_ok());
        assert!(
            serde_json::from_str::<Closing>(&good.replace("\"doses_per_vial\":6", "\"doses_per_vial\":60"))
                .is_err()
        );
    }

    proptest! {
        #[test]
        fn a_difference_is_found_exactly_where_two_numbers_differ(
            paper_forms in 0_u32..40, vaccinations in 0_u32..30, screened_only in 0_u32..5, delivered in 0_u32..40,
            vials in 0_u32..6, doses_per_vial in 1_u32..8, discarded in 0_u32..9, recorded in 0_u32..30,
        ) {
            let held = HeldDay { vaccinations, screened_only, delivered };
            let day = closing(paper_forms, vec![lot("FF3620", vials, doses_per_vial, discarded, recorded)], held).unwrap();
            let found = day.differences();
            let has = |wanted: fn(&Difference) -> bool| found.iter().any(wanted);
            let entries = vaccinations + screened_only;
            prop_assert_eq!(has(|it| matches!(it, Difference::Paper { .. })), paper_forms != entries);
            prop_assert_eq!(has(|it| matches!(it, Difference::Receipts { .. })), entries != delivered);
            let drawn = i64::from(vials * doses_per_vial) - i64::from(discarded);
            prop_assert_eq!(has(|it| matches!(it, Difference::Doses { .. })), drawn != i64::from(recorded));
        }
    }
}
