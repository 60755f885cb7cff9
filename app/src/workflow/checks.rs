//! 接種前の確認 on this tablet: the bundle's rules held against what the tablet knows, and what a person said to it.
//!
//! Must not: hold a rule of its own; the table does.

use std::collections::BTreeSet;

use record::{
    DaySettings, Moment, MunicipalityTable, OcrLine,
    draft::CouponMeaning,
    rules::{CheckName, Day, EarlierDose, Finding, Found, Person, Severity},
};

use crate::workflow::open::Open;

/// What the rules found, and whether a person set it aside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checks {
    /// The strictest first.
    pub findings: Vec<Finding>,
    /// A person says that it is right all the same. Nothing that stops can be set aside.
    pub set_aside: bool,
}

impl Checks {
    /// Nothing said to them yet.
    #[must_use]
    pub fn of(findings: Vec<Finding>) -> Self {
        Self { findings, set_aside: false }
    }
    /// What stops, if anything.
    #[must_use]
    pub fn stop(&self) -> Option<&Found> {
        self.of_severity(Severity::Block).next()
    }
    /// Whether a person must say something first.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.of_severity(Severity::Warn).next().is_some()
    }
    /// Whether work may go on.
    #[must_use]
    pub fn lets_through(&self) -> bool {
        self.stop().is_none() && (self.set_aside || !self.asks())
    }
    /// The names of what is asked about.
    #[must_use]
    pub fn asked_names(&self) -> BTreeSet<CheckName> {
        self.of_severity(Severity::Warn).map(Found::name).collect()
    }
    /// Whether nothing stops, and nothing is asked but what a person set aside where it was found `before`.
    pub(crate) fn is_answered_by(&self, before: &Self) -> bool {
        let was_set_aside = before.set_aside && before.asked_names() == self.asked_names();
        self.stop().is_none() && (was_set_aside || !self.asks())
    }
    /// The person says that it is right all the same, or takes that back.
    pub(crate) fn turn(&mut self) {
        self.set_aside = !self.set_aside && self.asks() && self.stop().is_none();
    }
    fn of_severity(&self, severity: Severity) -> impl Iterator<Item = &Found> {
        self.findings.iter().filter(move |finding| finding.severity == severity).map(|finding| &finding.found)
    }
}

/// What the rules find in a day's settings.
pub(crate) fn of_day(open: &Open, settings: &DaySettings, now: Moment) -> Vec<Finding> {
    open.profile.rules.judge_day(&day(open, settings, now))
}

/// What they find of a coupon under a day's settings; of the day itself only what was not set aside when it was set.
pub(crate) fn of_person(
    open: &Open,
    settings: &DaySettings,
    coupon: OcrLine,
    meaning: CouponMeaning,
    earlier: &[EarlierDose],
    now: Moment,
) -> Vec<Finding> {
    let is_ward =
        MunicipalityTable::shipped().find(coupon.municipality()).is_some_and(|found| found.city.is_some());
    let person = Person { meaning, earlier, age_years: None, is_ward };
    let day = day(open, settings, now);
    let is_news = |finding: &Finding| match finding.severity {
        Severity::Block => true,
        Severity::Warn => !open.day_despite.contains(&finding.found.name()),
        Severity::Note => false,
    };
    let rules = &open.profile.rules;
    let mut findings: Vec<Finding> = rules.judge_day(&day).into_iter().filter(is_news).collect();
    findings.extend(rules.judge_person(&day, &person));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// What an entry keeps of them: what a person set aside for the day, and for this coupon.
pub(crate) fn despite(open: &Open, found: &Checks) -> BTreeSet<CheckName> {
    open.day_despite.union(&found.asked_names()).copied().collect()
}

fn day<'a>(open: &'a Open, settings: &'a DaySettings, now: Moment) -> Day<'a> {
    let (vaccine, lot) = (&settings.vaccine, &settings.lot);
    // A recalled lot stops also where nobody said that it was received.
    let lot = open.profile.received(vaccine, lot).or_else(|| open.profile.recalled_elsewhere(vaccine, lot));
    let recorded = open.doses_by_lot.get(&settings.lot).copied().unwrap_or(0);
    Day { settings, today: open.today(now), now: now.wall, lot, recorded }
}
