//! A look-up from the question to the recorded answer.
//!
//! Must not: hand anything out that is not recorded, or make keys for a municipality that has none.

use record::{CalendarDate, DoseNumber, MunicipalityCode, WallTime, envelope::DocumentNumber};
use seal::{kept::KeepingKey, random::Random};

use super::{Answered, By, Consent, Ground, LookUpPurpose, LookUpTold};
use crate::{
    archive::hex,
    audit::Act,
    people::{
        finding,
        person::{Person, Sex},
        sealing::{MunicipalKeys, SealingError},
        walk,
    },
    storage::{About, AtMost, PersonMark, Recorded, StandingDose, Storage, StorageError, Version},
};

const HOUR_MS: i64 = 3_600_000;

/// Who asks whom, about whom, and why.
pub struct Asking<'a> {
    /// The keys of the municipality that asks.
    pub keys: &'a MunicipalKeys,
    /// The account that asks.
    pub account: &'a str,
    /// The person, as registered with the municipality that asks.
    pub person: &'a Person,
    /// The municipality that is asked.
    pub of: MunicipalityCode,
    /// By what the person is looked for.
    pub by: By,
    /// 目的.
    pub purpose: LookUpPurpose,
    /// 根拠.
    pub ground: Ground,
    /// 同意.
    pub consent: Consent,
    /// 文書番号.
    pub document: Option<DocumentNumber>,
    /// So many look-ups of one account in an hour.
    pub most_an_hour: u32,
    /// The central's clock.
    pub now: WallTime,
}

/// What comes of a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Exactly one person; the doses that stand of them.
    Doses(Vec<AnsweredDose>),
    /// Nobody who is surely that person.
    NotFound,
    /// More than one person of that name and birth date.
    NotUnique,
    /// The 個人番号 belongs to somebody with another birth date: one of the two registrations is wrong.
    Contradicts,
    /// The account asked too often within an hour; nothing was looked up.
    TooMany,
}

/// All that is told of a dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredDose {
    /// 接種回数.
    pub dose: DoseNumber,
    /// 接種年月日.
    pub vaccinated_on: CalendarDate,
    /// メーカー.
    pub manufacturer: String,
    /// 製品名.
    pub product: String,
    /// ロット番号.
    pub lot: String,
}

/// It cannot be looked up; nothing was told.
#[derive(Debug, thiserror::Error)]
pub enum LookUpError {
    /// The register failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Keys do not fit, or a row was altered.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// No randomness.
    #[error(transparent)]
    Seal(#[from] seal::Error),
}

/// Looks a person up and records that in both chains, then answers.
///
/// # Errors
/// [`LookUpError`]; then nothing may be shown.
pub async fn look_up(
    storage: &dyn Storage,
    keeping: &KeepingKey,
    asking: &Asking<'_>,
    random: &mut (dyn Random + Send),
) -> Result<Outcome, LookUpError> {
    let theirs = MunicipalKeys::existing(storage, keeping, asking.of).await?;
    let found = match &theirs {
        Some(theirs) => find(storage, theirs, asking).await?,
        None => Found::Nobody,
    };
    let (outcome, about) = match (found, &theirs) {
        (Found::One(version), Some(theirs)) => {
            let whom = about(theirs, &theirs.open(&version)?, random)?;
            let doses = walk::of_person(storage, theirs, *version).await?;
            (Outcome::Doses(doses.iter().map(answered).collect()), Some(whom))
        }
        (Found::Several, _) => (Outcome::NotUnique, None),
        (Found::Contradicts(version), Some(theirs)) => {
            (Outcome::Contradicts, Some(about(theirs, &theirs.open(&version)?, random)?))
        }
        (Found::Nobody | Found::One(_) | Found::Contradicts(_), _) => (Outcome::NotFound, None),
    };
    let (asks, id) = (asking.keys.municipality(), hex(&seal::random::bytes::<16>(random)?));
    let told = |municipality| LookUpTold {
        look_up: id.clone(),
        municipality,
        by: asking.by,
        purpose: asking.purpose,
        ground: asking.ground.clone(),
        consent: asking.consent,
        document: asking.document.clone(),
        answer: outcome.told(),
    };
    let ours = Some(self::about(asking.keys, asking.person, random)?);
    let (account, now) = (asking.account, asking.now);
    let lines = vec![
        Act::LookedUp(told(asking.of)).line_about(asks, account, now, ours),
        Act::WasLookedUp(told(asks)).line_about(asking.of, account, now, about),
    ];
    let bound = AtMost {
        municipality: asks,
        account: account.to_owned(),
        kind: Act::LOOKED_UP,
        since: now.plus_ms(-HOUR_MS),
        most: asking.most_an_hour,
    };
    match storage.record(lines, Some(bound)).await? {
        Recorded::Recorded => Ok(outcome),
        Recorded::TooMany => Ok(Outcome::TooMany),
    }
}

enum Found {
    One(Box<Version>),
    Nobody,
    Several,
    Contradicts(Box<Version>),
}

async fn find(
    storage: &dyn Storage,
    theirs: &MunicipalKeys,
    asking: &Asking<'_>,
) -> Result<Found, LookUpError> {
    let asked = asking.person;
    match asking.by {
        By::PersonalNumber => {
            let Some(number) = &asked.personal_number else { return Ok(Found::Nobody) };
            let mark = PersonMark::PersonalNumber(theirs.personal_mark(number));
            let Some(version) = storage.person(asking.of, mark).await? else { return Ok(Found::Nobody) };
            let person = theirs.open(&version)?;
            // A number that was somebody's once stays theirs; it counts only while their registration says so.
            Ok(if person.personal_number.as_ref() != Some(number) {
                Found::Nobody
            } else if person.born_on != asked.born_on {
                Found::Contradicts(Box::new(version))
            } else {
                Found::One(Box::new(version))
            })
        }
        By::NameAndBirth => {
            let Some(kana) = &asked.kana else { return Ok(Found::Nobody) };
            let mut same = Vec::new();
            for version in finding::named(storage, theirs, kana, asked.born_on).await? {
                if may_be_same(&theirs.open(&version)?, asked) {
                    same.push(version);
                }
            }
            Ok(match (same.pop(), same.is_empty()) {
                (None, _) => Found::Nobody,
                (Some(version), true) => Found::One(Box::new(version)),
                (Some(_), false) => Found::Several,
            })
        }
    }
}

/// Of two who share name and birth date: another 個人番号 or another sex makes another person.
fn may_be_same(one: &Person, other: &Person) -> bool {
    let differ = match (&one.personal_number, &other.personal_number) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    };
    let sexes_differ = one.sex != other.sex && one.sex != Sex::Unknown && other.sex != Sex::Unknown;
    !differ && !sexes_differ
}

fn answered(dose: &StandingDose) -> AnsweredDose {
    let day = &dose.vaccination.day;
    AnsweredDose {
        dose: day.dose,
        vaccinated_on: day.vaccinated_on,
        manufacturer: day.vaccine.manufacturer.to_string(),
        product: day.vaccine.product.to_string(),
        lot: day.lot.to_string(),
    }
}

/// Whom a line is about, as that municipality's audit names them.
pub(crate) fn about(
    keys: &MunicipalKeys,
    person: &Person,
    random: &mut dyn Random,
) -> Result<About, SealingError> {
    keys.about(&person.address_number, random)
}

impl Outcome {
    fn told(&self) -> Answered {
        match self {
            Self::Doses(doses) => Answered::Doses(doses.iter().map(|dose| dose.dose).collect()),
            Self::NotUnique => Answered::NotUnique,
            Self::Contradicts => Answered::Contradicts,
            Self::NotFound | Self::TooMany => Answered::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{
        importing::tests::personal_number,
        person::{AddressNumber, BirthDate},
        personal_number::PersonalNumber,
    };

    fn person(number: Option<u32>, sex: Sex) -> Person {
        Person {
            address_number: AddressNumber::read("A1").unwrap(),
            personal_number: number.map(|number| PersonalNumber::read(&personal_number(number)).unwrap()),
            coupon: "0000004711".parse().unwrap(),
            name: "見本 花子".to_owned(),
            kana: Some("ミホン ハナコ".to_owned()),
            born_on: BirthDate::read("19500401", (9999, 12, 31)).unwrap(),
            sex,
            address: None,
        }
    }

    #[test]
    fn of_one_name_and_birth_date_another_number_or_sex_makes_another_person() {
        let asked = person(Some(1), Sex::Female);
        for (number, sex, may_be) in [
            (Some(1), Sex::Female, true),
            (None, Sex::Female, true),
            (Some(1), Sex::Unknown, true),
            (Some(2), Sex::Female, false),
            (None, Sex::Male, false),
        ] {
            assert_eq!(may_be_same(&person(number, sex), &asked), may_be, "{sex:?}");
            assert_eq!(may_be_same(&asked, &person(number, sex)), may_be, "{sex:?}");
        }
    }
}
