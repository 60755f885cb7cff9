//! The table held against the facts of a day and of a person.
//!
//! Must not: find anything in a fact that is not known.

use super::{Check, CheckName, RuleTable, Severity, is_written_as};
use crate::{
    calendar::CalendarDate,
    coupon::DoseNumber,
    day::{DaySettings, Manufacturer},
    draft::CouponMeaning,
    entry::{Corrected, Correction, Entry, EntryContent},
    moment::WallTime,
    supply::ReceivedLot,
};

/// What is known of the day.
#[derive(Debug, Clone, Copy)]
pub struct Day<'a> {
    /// 本日の設定.
    pub settings: &'a DaySettings,
    /// The calendar's day, where a clock says it.
    pub today: Option<CalendarDate>,
    /// The instant, for recalls.
    pub now: WallTime,
    /// The lot as the site received it.
    pub lot: Option<&'a ReceivedLot>,
    /// Doses of that lot that stand on this tablet.
    pub recorded: u32,
}

/// What is known of a person, by their coupon.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// What the 券種 means.
    pub meaning: CouponMeaning,
    /// What stands of the same coupon.
    pub earlier: &'a [EarlierDose],
    /// Age in years on the day, where it is known.
    pub age_years: Option<u8>,
    /// Whether the coupon's municipality is a ward of a city.
    pub is_ward: bool,
}

/// 過去の接種: a dose or screening that stands, not corrected and not cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierDose {
    /// The dose; none for a screening only.
    pub dose: Option<DoseNumber>,
    /// The day on which it was given.
    pub given_on: CalendarDate,
    /// Whose vaccine; none for a screening only.
    pub manufacturer: Option<Manufacturer>,
    /// When it was recorded on this tablet; none where the central says that it was recorded elsewhere.
    pub recorded_at: Option<WallTime>,
}

impl EarlierDose {
    /// What an entry says of a coupon; none where it says nothing, as a cancellation.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let (dose, given_on, manufacturer) = match &entry.content {
            EntryContent::Vaccination(vaccination)
            | EntryContent::Correction(Correction {
                corrected: Corrected::Vaccination(vaccination), ..
            }) => {
                let day = &vaccination.day;
                (Some(day.dose), day.vaccinated_on, Some(day.vaccine.manufacturer.clone()))
            }
            EntryContent::ScreenedOnly(screened)
            | EntryContent::Correction(Correction { corrected: Corrected::ScreenedOnly(screened), .. }) => {
                (None, screened.screened_on, None)
            }
            EntryContent::Cancellation(_) | EntryContent::Closing(_) | EntryContent::Stock(_) => return None,
        };
        Some(Self { dose, given_on, manufacturer, recorded_at: Some(entry.recorded_at) })
    }
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How strictly it is meant.
    pub severity: Severity,
    /// What it is.
    pub found: Found,
}

/// What was found, with what a sentence about it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The same is recorded; when, and which dose (none: a screening).
    RecordedBefore {
        /// When it was recorded.
        at: WallTime,
        /// The dose.
        dose: Option<DoseNumber>,
    },
    /// The same dose is recorded, on another tablet.
    RecordedElsewhere {
        /// The dose.
        dose: DoseNumber,
        /// When it was given.
        given_on: CalendarDate,
    },
    /// A later dose is recorded.
    LaterDoseRecorded {
        /// Which.
        dose: DoseNumber,
        /// When it was given.
        given_on: CalendarDate,
    },
    /// The dose before is not among those recorded.
    DoseSkipped {
        /// The last that is.
        last: DoseNumber,
    },
    /// The dose before was too few days ago.
    TooSoon {
        /// When that was.
        given_on: CalendarDate,
        /// Days since.
        days: i64,
        /// Days asked for.
        least: u16,
    },
    /// An earlier dose is another maker's.
    OtherManufacturer {
        /// Whose.
        earlier: Manufacturer,
    },
    /// The age lies outside.
    Age {
        /// In years.
        years: u8,
    },
    /// A ward's code.
    Ward,
    /// No dose is recorded.
    ScreenedOnly,
    /// The date lies ahead.
    FutureDate,
    /// The date lies far back.
    OldDate {
        /// How far, in days.
        days: i64,
    },
    /// The lot is past its last day.
    LotExpired {
        /// That day.
        good_until: CalendarDate,
    },
    /// The lot is recalled.
    LotRecalled {
        /// Since when.
        at: WallTime,
    },
    /// The lot was not received.
    LotNotReceived,
    /// The lot is written otherwise.
    LotPattern,
    /// All received doses are recorded.
    LotUsedUp {
        /// Doses received.
        received: u32,
        /// Doses recorded.
        recorded: u32,
    },
}

impl Found {
    /// The name of the rule that found it.
    #[must_use]
    pub fn name(&self) -> CheckName {
        match self {
            Self::RecordedBefore { .. } => CheckName::RecordedBefore,
            Self::RecordedElsewhere { .. } => CheckName::RecordedElsewhere,
            Self::LaterDoseRecorded { .. } => CheckName::LaterDoseRecorded,
            Self::DoseSkipped { .. } => CheckName::DoseSkipped,
            Self::TooSoon { .. } => CheckName::TooSoon,
            Self::OtherManufacturer { .. } => CheckName::OtherManufacturer,
            Self::Age { .. } => CheckName::Age,
            Self::Ward => CheckName::Ward,
            Self::ScreenedOnly => CheckName::ScreenedOnly,
            Self::FutureDate => CheckName::FutureDate,
            Self::OldDate { .. } => CheckName::OldDate,
            Self::LotExpired { .. } => CheckName::LotExpired,
            Self::LotRecalled { .. } => CheckName::LotRecalled,
            Self::LotNotReceived => CheckName::LotNotReceived,
            Self::LotPattern => CheckName::LotPattern,
            Self::LotUsedUp { .. } => CheckName::LotUsedUp,
        }
    }
}

impl RuleTable {
    /// What the table finds in the day itself, the strictest first; once for all people of the day.
    #[must_use]
    pub fn judge_day(&self, day: &Day<'_>) -> Vec<Finding> {
        self.judge(|check| of_day(check, day))
    }

    /// What the table finds of a person on that day, the strictest first.
    #[must_use]
    pub fn judge_person(&self, day: &Day<'_>, person: &Person<'_>) -> Vec<Finding> {
        self.judge(|check| of_person(check, day.settings, person))
    }

    fn judge(&self, find: impl Fn(&Check) -> Option<Found>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for rule in &self.0 {
            let Some(found) = find(&rule.check) else { continue };
            match findings.iter_mut().find(|known| known.found.name() == found.name()) {
                Some(known) if rule.then > known.severity => *known = Finding { severity: rule.then, found },
                Some(_) => {}
                None => findings.push(Finding { severity: rule.then, found }),
            }
        }
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        findings
    }
}

fn of_day(check: &Check, day: &Day<'_>) -> Option<Found> {
    let settings = day.settings;
    match check {
        Check::FutureDate => (settings.vaccinated_on > day.today?).then_some(Found::FutureDate),
        Check::OldDate { days } => {
            let back = day.today?.days_since(settings.vaccinated_on);
            (back > i64::from(*days)).then_some(Found::OldDate { days: back })
        }
        Check::LotExpired => {
            let good_until = day.lot?.good_until();
            (settings.vaccinated_on > good_until).then_some(Found::LotExpired { good_until })
        }
        Check::LotRecalled => {
            let at = day.lot?.recalled_at.filter(|_| day.lot.is_some_and(|lot| lot.is_recalled(day.now)))?;
            Some(Found::LotRecalled { at })
        }
        Check::LotNotReceived => day.lot.is_none().then_some(Found::LotNotReceived),
        Check::LotPattern { manufacturer, pattern } => {
            let is_theirs = settings.vaccine.manufacturer == *manufacturer;
            (is_theirs && !is_written_as(&settings.lot, pattern)).then_some(Found::LotPattern)
        }
        Check::LotUsedUp => {
            let received = day.lot?.doses?;
            (day.recorded >= received).then_some(Found::LotUsedUp { received, recorded: day.recorded })
        }
        Check::RecordedBefore
        | Check::RecordedElsewhere
        | Check::LaterDoseRecorded
        | Check::DoseSkipped
        | Check::TooSoon { .. }
        | Check::OtherManufacturer { .. }
        | Check::Age { .. }
        | Check::Ward
        | Check::ScreenedOnly => None,
    }
}

fn of_person(check: &Check, day: &DaySettings, person: &Person<'_>) -> Option<Found> {
    let vaccinates = person.meaning == CouponMeaning::Vaccination;
    let dose = vaccinates.then_some(day.dose);
    let doses = || person.earlier.iter().filter_map(|earlier| Some((earlier.dose?, earlier)));
    match check {
        Check::RecordedBefore => {
            // Somebody may be screened again on another day.
            let is_same = |earlier: &&EarlierDose| {
                earlier.dose == dose && (vaccinates || earlier.given_on == day.vaccinated_on)
            };
            let at = person.earlier.iter().filter(is_same).find_map(|earlier| earlier.recorded_at)?;
            Some(Found::RecordedBefore { at, dose })
        }
        Check::RecordedElsewhere => {
            let own = dose?;
            let is_same =
                |(dose, earlier): &(DoseNumber, &EarlierDose)| *dose == own && earlier.recorded_at.is_none();
            let (dose, before) = doses().find(is_same)?;
            Some(Found::RecordedElsewhere { dose, given_on: before.given_on })
        }
        Check::LaterDoseRecorded => {
            let (dose, later) = doses()
                .filter(|(earlier, _)| Some(*earlier) > dose && vaccinates)
                .min_by_key(|(dose, _)| *dose)?;
            Some(Found::LaterDoseRecorded { dose, given_on: later.given_on })
        }
        Check::DoseSkipped => {
            let own = dose?;
            let last = doses().map(|(earlier, _)| earlier).filter(|earlier| *earlier < own).max()?;
            (last.number() + 1 < own.number()).then_some(Found::DoseSkipped { last })
        }
        Check::TooSoon { manufacturer, dose: of_dose, days } => {
            let own = dose.filter(|own| of_dose.is_none_or(|asked| asked == *own))?;
            if manufacturer.as_ref().is_some_and(|asked| *asked != day.vaccine.manufacturer) {
                return None;
            }
            let given_on =
                doses().filter(|(dose, _)| *dose < own).map(|(_, earlier)| earlier.given_on).max()?;
            let since = day.vaccinated_on.days_since(given_on);
            (since < i64::from(*days)).then_some(Found::TooSoon { given_on, days: since, least: *days })
        }
        Check::OtherManufacturer { up_to_dose } => {
            let own = dose.filter(|own| own <= up_to_dose)?;
            let makers = doses()
                .filter(|(dose, _)| *dose < own)
                .filter_map(|(_, earlier)| earlier.manufacturer.as_ref());
            let earlier = makers.into_iter().find(|maker| **maker != day.vaccine.manufacturer)?.clone();
            Some(Found::OtherManufacturer { earlier })
        }
        Check::Age { manufacturer, from_years, to_years } => {
            let years = person.age_years?;
            if !vaccinates || manufacturer.as_ref().is_some_and(|asked| *asked != day.vaccine.manufacturer) {
                return None;
            }
            let is_outside =
                from_years.is_some_and(|from| years < from) || to_years.is_some_and(|to| years > to);
            is_outside.then_some(Found::Age { years })
        }
        Check::Ward => person.is_ward.then_some(Found::Ward),
        Check::ScreenedOnly => (!vaccinates).then_some(Found::ScreenedOnly),
        Check::FutureDate
        | Check::OldDate { .. }
        | Check::LotExpired
        | Check::LotRecalled
        | Check::LotNotReceived
        | Check::LotPattern { .. }
        | Check::LotUsedUp => None,
    }
}
