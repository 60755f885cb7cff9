//! One person as a municipality registers them, and the parts of it.
//!
//! Must not: show any of it in `{:?}`.

use std::fmt;

use record::CouponNumber;
use serde::{Deserialize, Serialize};

use super::personal_number::PersonalNumber;
use crate::csv::{
    faults::Trouble,
    fields::{date, line},
};

/// 宛名番号: how a municipality knows a person among its own; 1 to 20 characters, of narrow letters and digits.
#[derive(Clone, PartialEq, Eq)]
pub struct AddressNumber(String);

impl AddressNumber {
    /// The most characters.
    pub const MOST: usize = 20;

    /// From a field.
    ///
    /// # Errors
    /// [`Trouble`]: empty, too long, or with a control character.
    pub fn read(text: &str) -> Result<Self, Trouble> {
        line(&crate::csv::fields::narrow(text), Self::MOST).map(Self)
    }
    /// The text; belongs to a person.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 生年月日: a day from 1870 on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BirthDate {
    year: u16,
    month: u8,
    day: u8,
}

impl BirthDate {
    /// The first year.
    pub const FIRST_YEAR: u16 = 1870;

    /// From a field; `today` is the last day it may be: year, month, day.
    ///
    /// # Errors
    /// [`Trouble`]: empty, no date, not on the calendar, after today, or before 1870.
    pub fn read(text: &str, today: (u16, u8, u8)) -> Result<Self, Trouble> {
        let (year, month, day) = date(text)?;
        if (year, month, day) > today {
            Err(Trouble::FutureDate)
        } else if year < Self::FIRST_YEAR {
            Err(Trouble::TooLongAgo)
        } else {
            Ok(Self { year, month, day })
        }
    }
    /// `YYYYMMDD`.
    #[must_use]
    pub fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }
    /// Full years on that day, as a birthday counts them; 0 before the birth.
    #[must_use]
    pub fn age_on(self, (year, month, day): (u16, u8, u8)) -> u16 {
        let years = year.saturating_sub(self.year);
        if (month, day) < (self.month, self.day) { years.saturating_sub(1) } else { years }
    }
}

/// 性別.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sex {
    /// 男.
    #[serde(rename = "M")]
    Male,
    /// 女.
    #[serde(rename = "F")]
    Female,
    /// Not known, or neither.
    #[serde(rename = "U")]
    Unknown,
}

/// 接種対象者.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// 宛名番号; tells people of one municipality apart.
    pub address_number: AddressNumber,
    /// 個人番号, where the file gives one.
    pub personal_number: Option<PersonalNumber>,
    /// 接種券番号.
    pub coupon: CouponNumber,
    /// 氏名; 1 to 100 characters.
    pub name: String,
    /// 氏名カナ.
    pub kana: Option<String>,
    /// 生年月日.
    pub born_on: BirthDate,
    /// 性別.
    pub sex: Sex,
    /// 住所; up to 200 characters.
    pub address: Option<String>,
}

impl Person {
    /// The most characters of a name.
    pub const MOST_NAME: usize = 100;
    /// The most characters of an address.
    pub const MOST_ADDRESS: usize = 200;
}

impl fmt::Debug for AddressNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AddressNumber(..)")
    }
}
impl fmt::Debug for BirthDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BirthDate(..)")
    }
}
impl fmt::Debug for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Person(..)")
    }
}
