//! 設定ファイルを作る画面の入力: from what an officer typed, one item a line, to a specification.
//!
//! Must not: keep or show a PIN that somebody typed; those that are made here are shown once, to whoever asked for them.

use record::{
    CalendarDate, MunicipalityCode, Site, Vaccine,
    bundle::{StaffName, StaffRole, TabletName},
    bundle_box::MOST_SLOTS,
};
use seal::random::Random;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    bundles::{BundleSpec, LotSpec, StaffSpec, TabletSpec, VaccineSpec},
    storage::BoxKind,
};

/// Digits of a PIN that is made here: at eight, trying them all on a stolen disk takes thousands of core-hours.
const PIN_DIGITS: usize = 8;

/// What the form sends. No `Debug`: there are names and PINs in it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entered {
    pub(super) word: String,
    /// `look`, `make` or `edit`.
    pub(super) what: String,
    pub(super) kind: String,
    pub(super) first_number: String,
    pub(super) count: String,
    pub(super) tablet_name: String,
    pub(super) central_url: String,
    pub(super) valid_days: String,
    pub(super) sites: String,
    pub(super) staff: Zeroizing<String>,
    pub(super) physicians: String,
    pub(super) lots: String,
    pub(super) doses: String,
    pub(super) municipalities: String,
    /// `yes` where the box is ticked.
    pub(super) keeps_stock: String,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Kind,
    FirstNumber,
    Count,
    TabletName,
    ValidDays,
    Sites,
    /// More than one for the tablets of one site.
    OneSite,
    Staff,
    /// Nobody in charge: new settings could not be applied.
    NoAdministrator,
    Physicians,
    Lots,
    Doses,
    Municipalities,
}

/// Where the form does not hold: the field, and the line in it from 1 where it has lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) field: Field,
    pub(super) line: Option<usize>,
}

/// What was read.
pub(super) struct Read {
    pub(super) spec: BundleSpec,
    /// PINs that were made here, by the person's name; secret.
    pub(super) pins: Vec<(StaffName, Zeroizing<String>)>,
}

fn wrong(field: Field) -> Wrong {
    Wrong { field, line: None }
}

/// Lines that hold something, with their number from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())).filter(|(_, line)| !line.is_empty())
}

fn fields(line: &str) -> Vec<&str> {
    line.split([',', '、', '，', '\t']).map(str::trim).collect()
}

/// Reads each line of a field by `read`; none at all is wrong too.
fn each<T>(field: Field, text: &str, mut read: impl FnMut(&str) -> Option<T>) -> Result<Vec<T>, Wrong> {
    let read = |(line, text)| read(text).ok_or(Wrong { field, line: Some(line) });
    let items: Vec<T> = lines(text).map(read).collect::<Result<_, _>>()?;
    if items.is_empty() { Err(wrong(field)) } else { Ok(items) }
}

/// Reads the form for that municipality.
///
/// # Errors
/// [`Wrong`]: the first field that does not hold.
pub(super) fn read(
    entered: &Entered,
    municipality: MunicipalityCode,
    random: &mut dyn Random,
) -> Result<Read, Wrong> {
    let kind: BoxKind = entered.kind.parse().map_err(|_| wrong(Field::Kind))?;
    let mut pins = Vec::new();
    let staff = each(Field::Staff, &entered.staff, |line| {
        let (spec, is_made) = staff(line, random)?;
        if is_made {
            pins.push((spec.name.clone(), spec.pin.clone()));
        }
        Some(spec)
    })?;
    let words = |text: &str| -> Vec<String> { fields(text).into_iter().map(str::to_owned).collect() };
    let all = |field: Field, text: &str| match words(text) {
        items if items.iter().all(String::is_empty) => Err(wrong(field)),
        items => Ok(items),
    };
    let doses = all(Field::Doses, &entered.doses)?;
    let codes = all(Field::Municipalities, &entered.municipalities)?;
    let parsed = |field| move |_| wrong(field);
    let spec = BundleSpec {
        municipality,
        kind,
        tablets: tablets(entered, kind)?,
        central_url: entered.central_url.trim().to_owned(),
        valid_days: entered.valid_days.trim().parse().map_err(parsed(Field::ValidDays))?,
        staff,
        sites: each(Field::Sites, &entered.sites, site)?,
        physicians: each(Field::Physicians, &entered.physicians, |line| line.parse().ok())?,
        vaccines: vaccines(&entered.lots)?,
        doses: doses
            .iter()
            .map(|dose| dose.parse().map_err(|_| wrong(Field::Doses)))
            .collect::<Result<_, _>>()?,
        expected_municipalities: codes
            .iter()
            .map(|code| code.parse().map_err(|_| wrong(Field::Municipalities)))
            .collect::<Result<_, _>>()?,
        coupon_kinds: Default::default(),
        rules: Default::default(),
        keeps_stock: entered.keeps_stock == "yes",
    };
    if spec.valid_days == 0 || spec.valid_days > 400 {
        return Err(wrong(Field::ValidDays));
    }
    if kind == BoxKind::Site && spec.sites.len() != 1 {
        return Err(wrong(Field::OneSite));
    }
    if spec.staff.iter().all(|person| person.role != StaffRole::Administrator) {
        return Err(wrong(Field::NoAdministrator));
    }
    Ok(Read { spec, pins })
}

/// Numbers that follow each other, each with the name and how manieth it is.
fn tablets(entered: &Entered, kind: BoxKind) -> Result<Vec<TabletSpec>, Wrong> {
    let number = |field, text: &str| text.trim().parse::<u32>().map_err(|_| wrong(field));
    let first = number(Field::FirstNumber, &entered.first_number)?;
    let count = if kind == BoxKind::Tablet { 1 } else { number(Field::Count, &entered.count)? };
    if count == 0 || count as usize > MOST_SLOTS {
        return Err(wrong(Field::Count));
    }
    let last = first.checked_add(count).filter(|last| *last <= 1_000_000);
    if first == 0 || last.is_none() {
        return Err(wrong(Field::FirstNumber));
    }
    let name = entered.tablet_name.trim();
    let named = |at: u32| -> Result<TabletName, Wrong> {
        let name = if kind == BoxKind::Tablet { name.to_owned() } else { format!("{name}{}", at + 1) };
        name.parse().map_err(|_| wrong(Field::TabletName))
    };
    if name.is_empty() {
        return Err(wrong(Field::TabletName));
    }
    (0..count).map(|at| Ok(TabletSpec { tablet_number: first + at, tablet_name: named(at)? })).collect()
}

/// `番号, 名前, 職員 or 責任者, 暗証番号`; whether its PIN was made here, because none was typed.
fn staff(line: &str, random: &mut dyn Random) -> Option<(StaffSpec, bool)> {
    let fields = fields(line);
    let [staff_id, name, role, pin @ ..] = &fields[..] else { return None };
    let role = match *role {
        "職員" | "staff" => StaffRole::Staff,
        "責任者" | "administrator" => StaffRole::Administrator,
        _ => return None,
    };
    let (pin, is_made) = match pin {
        [] | [""] => (made_pin(random)?, true),
        [typed] => (Zeroizing::new((*typed).to_owned()), false),
        _ => return None,
    };
    pin.parse::<seal::pin::Pin>().ok()?;
    Some((StaffSpec { staff_id: staff_id.parse().ok()?, name: name.parse().ok()?, role, pin }, is_made))
}

fn made_pin(random: &mut dyn Random) -> Option<Zeroizing<String>> {
    let mut pin = Zeroizing::new(String::with_capacity(PIN_DIGITS));
    while pin.len() < PIN_DIGITS {
        let [byte] = seal::random::bytes(random).ok()?;
        // 250 is the last multiple of ten a byte reaches: every digit is as likely as any other.
        if byte < 250 {
            pin.push(char::from(b'0' + byte % 10));
        }
    }
    Some(pin)
}

/// `会場コード, 会場名`.
fn site(line: &str) -> Option<Site> {
    match &fields(line)[..] {
        [code, name] => Some(Site { facility_code: code.parse().ok()?, name: name.parse().ok()? }),
        _ => None,
    }
}

/// `メーカー, 製品名, ロット番号, 有効期限, 延長後の期限, 入荷回数, 1バイアルの回数`; the last three may be left out.
fn vaccines(text: &str) -> Result<Vec<VaccineSpec>, Wrong> {
    let rows = each(Field::Lots, text, |line| {
        let fields = fields(line);
        if !(4..=7).contains(&fields.len()) {
            return None;
        }
        let field = |at: usize| fields.get(at).copied().filter(|field| !field.is_empty());
        let day = |at: usize| -> Option<Option<CalendarDate>> {
            field(at).map_or(Some(None), |text| text.replace('/', "-").parse().ok().map(Some))
        };
        let count = |at: usize| -> Option<Option<u32>> {
            field(at).map_or(Some(None), |text| text.parse().ok().map(Some))
        };
        let vaccine = Vaccine { manufacturer: field(0)?.parse().ok()?, product: field(1)?.parse().ok()? };
        let lot = LotSpec {
            lot: field(2)?.parse().ok()?,
            expires_on: day(3)??,
            extended_to: day(4)?,
            recalled_at: None,
            doses: count(5)?,
        };
        Some((vaccine, lot, count(6)?))
    })?;
    let mut vaccines: Vec<VaccineSpec> = Vec::new();
    for (vaccine, lot, doses_per_vial) in rows {
        match vaccines.iter_mut().find(|known| known.vaccine == vaccine) {
            Some(known) => {
                known.doses_per_vial = known.doses_per_vial.or(doses_per_vial);
                known.lots.push(lot);
            }
            None => vaccines.push(VaccineSpec { vaccine, doses_per_vial, lots: vec![lot] }),
        }
    }
    Ok(vaccines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seal::random::SystemRandom;

    fn entered() -> Entered {
        Entered {
            kind: "spares".to_owned(),
            first_number: "900".to_owned(),
            count: "3".to_owned(),
            tablet_name: "予備機".to_owned(),
            central_url: "https://central.example".to_owned(),
            valid_days: "30".to_owned(),
            sites: "1311399999、見本市民体育館\n\n1311388888,見本区役所ホール".to_owned(),
            staff: Zeroizing::new("staff-01, 見本 花子, 職員\nadmin-01, 見本 次郎, 責任者, 13579246".to_owned()),
            physicians: "見本 太郎".to_owned(),
            lots: "ファイザー,コミナティ筋注,FF3620,2021/11/30,2022-02-28,1170,6\nファイザー,コミナティ筋注,FL1839,2022-03-31".to_owned(),
            doses: "1,2,3".to_owned(),
            municipalities: "131130".to_owned(),
            ..Entered::default()
        }
    }

    fn reads(entered: &Entered) -> Result<Read, Wrong> {
        read(entered, "131130".parse().unwrap(), &mut SystemRandom::default())
    }

    #[test]
    fn what_an_officer_types_becomes_a_specification_and_missing_pins_are_made() {
        let Read { spec, pins } = reads(&entered()).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let tablets: Vec<_> =
            spec.tablets.iter().map(|one| (one.tablet_number, one.tablet_name.as_str())).collect();
        assert_eq!(tablets, [(900, "予備機1"), (901, "予備機2"), (902, "予備機3")]);
        assert_eq!((spec.sites.len(), spec.staff.len(), spec.vaccines.len()), (2, 2, 1));
        assert_eq!((spec.vaccines[0].lots.len(), spec.vaccines[0].doses_per_vial), (2, Some(6)));
        assert_eq!(pins.len(), 1);
        assert_eq!((pins[0].0.as_str(), pins[0].1.len()), ("見本 花子", PIN_DIGITS));
    }

    #[test]
    fn each_mistake_is_named_by_its_field_and_line() {
        let with = |change: fn(&mut Entered)| {
            let mut entered = entered();
            change(&mut entered);
            reads(&entered).err()
        };
        let at = |field, line| Some(Wrong { field, line });
        assert_eq!(with(|form| form.kind.clear()), at(Field::Kind, None));
        assert_eq!(with(|form| form.first_number = "0".into()), at(Field::FirstNumber, None));
        assert_eq!(with(|form| form.count = "61".into()), at(Field::Count, None));
        assert_eq!(with(|form| form.first_number = "999999".into()), at(Field::FirstNumber, None));
        assert_eq!(with(|form| form.tablet_name.clear()), at(Field::TabletName, None));
        assert_eq!(with(|form| form.valid_days = "401".into()), at(Field::ValidDays, None));
        assert_eq!(with(|form| form.sites.push_str("\n12,会場")), at(Field::Sites, Some(4)));
        assert_eq!(
            with(|form| form.kind = "site".into()),
            at(Field::OneSite, None),
            "one site, several given"
        );
        assert_eq!(with(|form| form.staff.push_str("\nx")), at(Field::Staff, Some(3)));
        assert_eq!(with(|form| form.staff.push_str("\na-1,見本,職員,12")), at(Field::Staff, Some(3)));
        let nobody_in_charge = |form: &mut Entered| form.staff = form.staff.replace("責任者", "職員").into();
        assert_eq!(with(nobody_in_charge), at(Field::NoAdministrator, None));
        assert_eq!(with(|form| form.physicians = " ".into()), at(Field::Physicians, None));
        assert_eq!(with(|form| form.lots.push_str("\nx,y,z,2021-13-01")), at(Field::Lots, Some(3)));
        assert_eq!(with(|form| form.doses = "0".into()), at(Field::Doses, None));
        assert_eq!(with(|form| form.municipalities = "131131".into()), at(Field::Municipalities, None));
    }
}
