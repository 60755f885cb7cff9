//! 本日の設定: rows that each open a list. Also the list a correction chooses from.
//!
//! Must not: judge a lot or a date; the bundle's rules do.

use record::{CalendarDate, DaySettings, DoseNumber, LotNumber, Moment, Site, Vaccine, day::PhysicianName};
use scanner::{
    package::PackageLabel,
    wedge::{self, Typed},
};

use crate::{
    messages::{Notice, PackageProblem},
    profile::Profile,
    workflow::{
        Effect, Event, Press,
        checks::{self, Checks},
        open::{Open, Page, watch},
    },
};

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// 接種日.
    Date,
    /// 会場.
    Site,
    /// 医師.
    Physician,
    /// ワクチン.
    Vaccine,
    /// ロット.
    Lot,
    /// 回数.
    Dose,
}

impl Field {
    /// All, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Date, Self::Site, Self::Physician, Self::Vaccine, Self::Lot, Self::Dose];
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A day.
    Date(CalendarDate),
    /// A site.
    Site(Site),
    /// A physician.
    Physician(PhysicianName),
    /// A vaccine.
    Vaccine(Vaccine),
    /// A lot, and until when it is good.
    Lot(LotNumber, CalendarDate),
    /// A dose.
    Dose(DoseNumber),
}

/// The settings while they are being chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayEdit {
    /// 接種日.
    pub date: Option<CalendarDate>,
    /// 会場.
    pub site: Option<Site>,
    /// 医師.
    pub physician: Option<PhysicianName>,
    /// ワクチン.
    pub vaccine: Option<Vaccine>,
    /// ロット.
    pub lot: Option<LotNumber>,
    /// 回数.
    pub dose: Option<DoseNumber>,
    /// The row whose list is open.
    pub choosing: Option<Field>,
    /// While the lots are listed: those that a sticker under the camera seems to name.
    pub seen: Vec<LotNumber>,
    /// What the rules found in these settings when they were to be used.
    pub checks: Checks,
}

impl DayEdit {
    /// All rows as they are in `day`.
    #[must_use]
    pub fn of(day: &DaySettings) -> Self {
        Self {
            date: Some(day.vaccinated_on),
            site: Some(day.site.clone()),
            physician: Some(day.physician.clone()),
            vaccine: Some(day.vaccine.clone()),
            lot: Some(day.lot.clone()),
            dose: Some(day.dose),
            choosing: None,
            seen: Vec::new(),
            checks: Checks::default(),
        }
    }

    /// A new day: today's date; site, vaccine and dose as before where the profile still has them; lot and
    /// physician are asked again. What leaves no choice is chosen.
    #[must_use]
    pub fn from_earlier(
        earlier: Option<&DaySettings>,
        today: Option<CalendarDate>,
        profile: &Profile,
    ) -> Self {
        let mut edit = Self { date: today, ..Self::default() };
        if let Some(day) = earlier {
            edit.site = profile.sites.iter().find(|site| **site == day.site).cloned();
            edit.vaccine = profile
                .vaccines
                .iter()
                .map(|supply| &supply.vaccine)
                .find(|vaccine| **vaccine == day.vaccine)
                .cloned();
            edit.dose = profile.doses.iter().find(|dose| **dose == day.dose).copied();
        }
        for field in Field::ALL {
            if let ([only], false) = (&edit.choices(field, profile, today)[..], edit.has(field)) {
                edit.choose(only.clone());
            }
        }
        edit
    }

    /// Whether the row has a value.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Date => self.date.is_some(),
            Field::Site => self.site.is_some(),
            Field::Physician => self.physician.is_some(),
            Field::Vaccine => self.vaccine.is_some(),
            Field::Lot => self.lot.is_some(),
            Field::Dose => self.dose.is_some(),
        }
    }

    /// What a row offers: the last seven days for the date, the profile's lists for the rest.
    #[must_use]
    pub fn choices(&self, field: Field, profile: &Profile, today: Option<CalendarDate>) -> Vec<Choice> {
        match field {
            Field::Date => {
                let days =
                    today.into_iter().flat_map(|today| (0..7).filter_map(move |back| today.plus_days(-back)));
                days.map(Choice::Date).collect()
            }
            Field::Site => profile.sites.iter().cloned().map(Choice::Site).collect(),
            Field::Physician => profile.physicians.iter().cloned().map(Choice::Physician).collect(),
            Field::Vaccine => {
                profile.vaccines.iter().map(|supply| Choice::Vaccine(supply.vaccine.clone())).collect()
            }
            Field::Lot => profile
                .vaccines
                .iter()
                .filter(|supply| self.vaccine.as_ref().is_none_or(|vaccine| *vaccine == supply.vaccine))
                .flat_map(|supply| supply.lots.iter())
                .map(|lot| Choice::Lot(lot.lot.clone(), lot.good_until()))
                .collect(),
            Field::Dose => profile.doses.iter().copied().map(Choice::Dose).collect(),
        }
    }

    /// Takes a choice. Another vaccine takes the lot with it.
    pub fn choose(&mut self, choice: Choice) {
        self.checks = Checks::default();
        match choice {
            Choice::Date(date) => self.date = Some(date),
            Choice::Site(site) => self.site = Some(site),
            Choice::Physician(physician) => self.physician = Some(physician),
            Choice::Vaccine(vaccine) => {
                if self.vaccine.as_ref() != Some(&vaccine) {
                    self.lot = None;
                }
                self.vaccine = Some(vaccine);
            }
            Choice::Lot(lot, _) => self.lot = Some(lot),
            Choice::Dose(dose) => self.dose = Some(dose),
        }
    }

    /// Whether this choice is the one taken.
    #[must_use]
    pub fn is_chosen(&self, choice: &Choice) -> bool {
        match choice {
            Choice::Date(date) => self.date.as_ref() == Some(date),
            Choice::Site(site) => self.site.as_ref() == Some(site),
            Choice::Physician(physician) => self.physician.as_ref() == Some(physician),
            Choice::Vaccine(vaccine) => self.vaccine.as_ref() == Some(vaccine),
            Choice::Lot(lot, _) => self.lot.as_ref() == Some(lot),
            Choice::Dose(dose) => self.dose.as_ref() == Some(dose),
        }
    }

    /// The settings, once every row has a value.
    #[must_use]
    pub fn complete(&self) -> Option<DaySettings> {
        Some(DaySettings {
            vaccinated_on: self.date?,
            site: self.site.clone()?,
            physician: self.physician.clone()?,
            vaccine: self.vaccine.clone()?,
            lot: self.lot.clone()?,
            dose: self.dose?,
        })
    }

    /// Opens a list, or takes a choice from the open one and closes it.
    pub(crate) fn press(&mut self, press: &Press, profile: &Profile, today: Option<CalendarDate>) {
        match press {
            Press::OpenField(field) => {
                self.choosing = Some(*field);
                self.seen.clear();
            }
            Press::Choose(index) => {
                if let Some(field) = self.choosing
                    && let Some(choice) = self.choices(field, profile, today).get(*index)
                {
                    self.choose(choice.clone());
                    self.choosing = None;
                }
            }
            _ => {}
        }
    }
}

/// The page of the day's settings.
pub(crate) fn step(open: &mut Open, notice: &mut Option<Notice>, event: Event, now: Moment) -> Vec<Effect> {
    match event {
        Event::Press(press) => pressed(open, notice, press, now),
        // Said of a frame from before the list was closed.
        Event::PackageSeen(_) | Event::LotsSeen(_) if !lists_lots(open) => Vec::new(),
        Event::PackageSeen(label) => take_package(open, notice, &label),
        Event::LotsSeen(lots) => {
            if let Page::Day(edit) = &mut open.page {
                edit.seen = lots;
            }
            Vec::new()
        }
        // Without a clock the lists of the page are the way.
        Event::Typed(text) => {
            if let Typed::Package(label) =
                open.today(now).map_or(Typed::Nothing, |today| wedge::parse(&text, today))
            {
                return take_package(open, notice, &label);
            }
            *notice = Some(Notice::Package(PackageProblem::NoPackage));
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn lists_lots(open: &Open) -> bool {
    matches!(&open.page, Page::Day(edit) if edit.choosing == Some(Field::Lot))
}

/// Chooses the vaccine and the lot of a package, where the site has received that lot, of one vaccine only.
fn take_package(open: &mut Open, notice: &mut Option<Notice>, label: &PackageLabel) -> Vec<Effect> {
    let Page::Day(edit) = &mut open.page else { return Vec::new() };
    let Some(lot) = label.lot.as_ref().filter(|_| !label.lot_in_doubt) else {
        *notice = Some(Notice::Package(PackageProblem::NoLot));
        return Vec::new();
    };
    let mut received =
        open.profile.vaccines.iter().filter(|supply| supply.lots.iter().any(|own| own.lot == *lot));
    let (Some(supply), None) = (received.next(), received.next()) else {
        *notice = Some(Notice::Package(PackageProblem::UnknownLot(lot.clone())));
        return Vec::new();
    };
    edit.vaccine = Some(supply.vaccine.clone());
    edit.lot = Some(lot.clone());
    edit.checks = Checks::default();
    edit.choosing = None;
    *notice = Some(Notice::LotTaken(lot.clone()));
    vec![Effect::StopWatching]
}

fn pressed(open: &mut Open, notice: &mut Option<Notice>, press: Press, now: Moment) -> Vec<Effect> {
    let today = open.today(now);
    let Page::Day(edit) = &mut open.page else { return Vec::new() };
    match press {
        Press::Back if edit.choosing.is_some() => {
            edit.choosing = None;
            return vec![Effect::StopWatching];
        }
        Press::Back => {
            if let Some(day) = &open.day {
                let effects = watch(&open.profile, day);
                open.page = Page::Scan;
                return effects;
            }
        }
        Press::SetAside => edit.checks.turn(),
        Press::Done => {
            if let Some(day) = edit.complete() {
                return begin(open, notice, day, now);
            }
        }
        press => {
            edit.press(&press, &open.profile, today);
            // While the lots are listed, a package under the camera chooses one, and a sticker points at one.
            return match (edit.choosing, today) {
                (Some(Field::Lot), Some(today)) => {
                    vec![Effect::WatchForPackage { today, lots: open.profile.lots().cloned().collect() }]
                }
                _ => vec![Effect::StopWatching],
            };
        }
    }
    Vec::new()
}

/// Begins with these settings, unless the rules stop them, or ask about something that nobody has set aside yet. A day
/// after another tablet took this one's place belongs to that one.
fn begin(open: &mut Open, notice: &mut Option<Notice>, day: DaySettings, now: Moment) -> Vec<Effect> {
    if let Some(replaced) = open.profile.replaced
        && CalendarDate::in_japan(replaced.at).is_ok_and(|last| day.vaccinated_on > last)
    {
        *notice = Some(Notice::Replaced(replaced.by));
        return Vec::new();
    }
    let found = Checks::of(checks::of_day(open, &day, now));
    let Page::Day(edit) = &mut open.page else { return Vec::new() };
    if !found.is_answered_by(&edit.checks) {
        edit.checks = found;
        return Vec::new();
    }
    let mut effects = vec![Effect::KeepDay(Box::new(day.clone()), open.staff_id.clone())];
    effects.extend(watch(&open.profile, &day));
    open.day = Some(day);
    open.day_set_on = open.today(now);
    open.day_despite = found.asked_names();
    open.scan.clear();
    open.page = Page::Scan;
    effects
}

/// Whether the day's settings, as they are, would be asked about again: the lot is used up or recalled, say.
pub(crate) fn asks_again(open: &Open, now: Moment) -> bool {
    let Some(day) = &open.day else { return false };
    let found = Checks::of(checks::of_day(open, day, now));
    found.stop().is_some() || found.asked_names().iter().any(|name| !open.day_despite.contains(name))
}

/// Whether another day has begun since the settings were set: at a site that works past midnight, or where the tablet was
/// left open overnight.
pub(crate) fn is_over(open: &Open, now: Moment) -> bool {
    matches!((open.day_set_on, open.today(now)), (Some(set_on), Some(today)) if set_on != today)
}

/// A new day is asked for, as after unlocking.
pub(crate) fn ask_new(open: &mut Open, now: Moment) -> Vec<Effect> {
    let earlier = open.day.take();
    open.scan.clear();
    open.page = Page::Day(DayEdit::from_earlier(earlier.as_ref(), open.today(now), &open.profile));
    vec![Effect::StopWatching, Effect::CountLots]
}

/// Back to the day's settings, with what the rules find in them.
pub(crate) fn ask_again(open: &mut Open, now: Moment) -> Vec<Effect> {
    if let Some(day) = &open.day {
        let mut edit = DayEdit::of(day);
        edit.checks = Checks::of(checks::of_day(open, day, now));
        open.scan.clear();
        open.page = Page::Day(edit);
    }
    vec![Effect::NextPaper, Effect::StopWatching]
}
