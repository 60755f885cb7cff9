//! A person as they are kept: sealed under the municipality's key, found by keyed marks.
//!
//! Must not: hand the municipality's secret on.

use record::{CouponNumber, MunicipalityCode, WallTime};
use seal::{
    kept::KeepingKey,
    people::{Mark, MarkOf, PeopleKeys},
    random::Random,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    finding::spoken,
    person::{AddressNumber, BirthDate, Person, Sex},
    personal_number::PersonalNumber,
};
use crate::storage::{About, Storage, StorageError, Version, VersionRow};

/// The keys of one municipality's people.
pub struct MunicipalKeys {
    municipality: MunicipalityCode,
    keys: PeopleKeys,
}

/// The keys cannot be had, or a kept person does not open.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// The register failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A key does not fit, or a row was altered.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// What was sealed is no person: it was kept by a later version of this program.
    #[error("a kept person does not hold")]
    Content,
}

/// What is sealed: a list, in this order; more may follow in later versions.
#[derive(Serialize, Deserialize)]
struct Written<'a>(
    &'a str,
    Option<&'a str>,
    CouponNumber,
    std::borrow::Cow<'a, str>,
    Option<std::borrow::Cow<'a, str>>,
    &'a str,
    Sex,
    Option<std::borrow::Cow<'a, str>>,
);

impl MunicipalKeys {
    /// The keys of that municipality; made where it has none yet.
    ///
    /// # Errors
    /// [`SealingError`].
    pub async fn of(
        storage: &dyn Storage,
        keeping: &KeepingKey,
        municipality: MunicipalityCode,
        now: WallTime,
        random: &mut (dyn Random + Send),
    ) -> Result<Self, SealingError> {
        if let Some(keys) = Self::existing(storage, keeping, municipality).await? {
            return Ok(keys);
        }
        let fresh = keeping.seal(&secret_owner(municipality), &*PeopleKeys::fresh_secret(random)?, random)?;
        let sealed = storage.keep_people_secret(municipality, fresh, now).await?;
        Self::opened(keeping, municipality, &sealed)
    }

    /// The keys of that municipality; none where it has never registered anybody.
    ///
    /// # Errors
    /// [`SealingError`].
    pub async fn existing(
        storage: &dyn Storage,
        keeping: &KeepingKey,
        municipality: MunicipalityCode,
    ) -> Result<Option<Self>, SealingError> {
        let sealed = storage.people_secret(municipality).await?;
        sealed.map(|sealed| Self::opened(keeping, municipality, &sealed)).transpose()
    }

    fn opened(
        keeping: &KeepingKey,
        municipality: MunicipalityCode,
        sealed: &[u8],
    ) -> Result<Self, SealingError> {
        let keys = PeopleKeys::from_secret(&keeping.open(&secret_owner(municipality), sealed)?)?;
        Ok(Self { municipality, keys })
    }

    /// Whose they are.
    #[must_use]
    pub fn municipality(&self) -> MunicipalityCode {
        self.municipality
    }

    /// The mark of a coupon.
    #[must_use]
    pub fn coupon_mark(&self, number: CouponNumber) -> Mark {
        self.keys.mark(MarkOf::Coupon, number.to_string().as_bytes())
    }
    /// The mark of a 宛名番号.
    #[must_use]
    pub fn address_mark(&self, number: &AddressNumber) -> Mark {
        self.keys.mark(MarkOf::AddressNumber, number.as_str().as_bytes())
    }
    /// The mark of a 個人番号.
    #[must_use]
    pub fn personal_mark(&self, number: &PersonalNumber) -> Mark {
        self.keys.mark(MarkOf::PersonalNumber, number.reveal().as_bytes())
    }

    /// The mark of 氏名カナ and 生年月日, however the letters are typed; none where nothing of the name is left.
    #[must_use]
    pub fn named_mark(&self, kana: &str, born_on: BirthDate) -> Option<Mark> {
        let spoken = Zeroizing::new(format!("{} {}", born_on.compact(), spoken(kana)));
        let is_named = !spoken.ends_with(' ');
        is_named.then(|| self.keys.mark(MarkOf::Named, spoken.as_bytes()))
    }

    /// A person as the audit names them.
    ///
    /// # Errors
    /// [`SealingError::Seal`].
    pub fn about(&self, number: &AddressNumber, random: &mut dyn Random) -> Result<About, SealingError> {
        let person = self.address_mark(number);
        let sealed = self.keys.seal(&audit_owner(person), number.as_str().as_bytes(), random)?;
        Ok(About { person, sealed })
    }

    /// The 宛名番号 of whom a line of the audit is about.
    ///
    /// # Errors
    /// [`SealingError`].
    pub fn whom(&self, about: &About) -> Result<AddressNumber, SealingError> {
        let plain = self.keys.open(&audit_owner(about.person), &about.sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| SealingError::Content)?;
        AddressNumber::read(text).map_err(|_| SealingError::Content)
    }

    /// Seals a person as that row of that import.
    ///
    /// # Errors
    /// [`SealingError::Seal`].
    pub fn seal(
        &self,
        person: &Person,
        import: u32,
        row: u64,
        random: &mut dyn Random,
    ) -> Result<VersionRow, SealingError> {
        let born_on = person.born_on.compact();
        let written = Written(
            person.address_number.as_str(),
            person.personal_number.as_ref().map(PersonalNumber::reveal),
            person.coupon,
            person.name.as_str().into(),
            person.kana.as_deref().map(Into::into),
            &born_on,
            person.sex,
            person.address.as_deref().map(Into::into),
        );
        let plain = Zeroizing::new(serde_json::to_vec(&written).map_err(|_| SealingError::Content)?);
        let mark = self.address_mark(&person.address_number);
        Ok(VersionRow {
            row,
            person: mark,
            coupon: self.coupon_mark(person.coupon),
            personal_number: person.personal_number.as_ref().map(|number| self.personal_mark(number)),
            named: person.kana.as_deref().and_then(|kana| self.named_mark(kana, person.born_on)),
            content: self.keys.mark(MarkOf::Content, &plain),
            sealed: self.keys.seal(&owner(mark, import, row), &plain, random)?,
        })
    }

    /// Opens a kept person.
    ///
    /// # Errors
    /// [`SealingError`].
    pub fn open(&self, version: &Version) -> Result<Person, SealingError> {
        let row = &version.row;
        let plain = self.keys.open(&owner(row.person, version.import, row.row), &row.sealed)?;
        let Written(address_number, personal_number, coupon, name, kana, born_on, sex, address) =
            serde_json::from_slice(&plain).map_err(|_| SealingError::Content)?;
        let wrong = |_| SealingError::Content;
        Ok(Person {
            address_number: AddressNumber::read(address_number).map_err(wrong)?,
            personal_number: personal_number.map(PersonalNumber::read).transpose().map_err(wrong)?,
            coupon,
            name: name.into_owned(),
            kana: kana.map(std::borrow::Cow::into_owned),
            born_on: BirthDate::read(born_on, (9999, 12, 31)).map_err(wrong)?,
            sex,
            address: address.map(std::borrow::Cow::into_owned),
        })
    }
}

fn secret_owner(municipality: MunicipalityCode) -> String {
    format!("people {municipality}")
}

/// What the name of a person in the audit belongs to.
fn audit_owner(person: Mark) -> Vec<u8> {
    [b"audit".as_slice(), &person].concat()
}

/// What a sealed row belongs to: moved to another person or place, it does not open.
fn owner(person: Mark, import: u32, row: u64) -> Vec<u8> {
    let mut owner = person.to_vec();
    owner.extend_from_slice(&import.to_be_bytes());
    owner.extend_from_slice(&row.to_be_bytes());
    owner
}
