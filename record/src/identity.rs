//! Who and which: tablets, staff, entries and their places in a tablet's chain.
//!
//! Must not: make identities; randomness and counters are arguments of those who do.

use std::{fmt, num::NonZeroU32, num::NonZeroU64, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{municipality::MunicipalityCode, text::serde_through_text};

/// A text is no identity of that type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct IdentityError(&'static str);

/// タブレット番号: the owning municipality and a number within it, 1 to 999999, written `131130-0017`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TabletId {
    municipality: MunicipalityCode,
    number: NonZeroU32,
}

impl TabletId {
    /// The tablet of that municipality with that number.
    ///
    /// # Errors
    /// [`IdentityError`] outside 1 to 999999.
    pub fn new(municipality: MunicipalityCode, number: u32) -> Result<Self, IdentityError> {
        match NonZeroU32::new(number) {
            Some(number) if number.get() <= 999_999 => Ok(Self { municipality, number }),
            _ => Err(IdentityError("tablet number")),
        }
    }
    /// The municipality that owns the tablet.
    #[must_use]
    pub fn municipality(self) -> MunicipalityCode {
        self.municipality
    }
    /// Its number there.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number.get()
    }
}
impl FromStr for TabletId {
    type Err = IdentityError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = IdentityError("tablet id");
        let (code, number) = text.split_once('-').ok_or(wrong)?;
        if number.len() < 4 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong);
        }
        let id = Self::new(code.parse().map_err(|_| wrong)?, number.parse().map_err(|_| wrong)?)?;
        if id.to_string() == text { Ok(id) } else { Err(wrong) }
    }
}
impl fmt::Display for TabletId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{:04}", self.municipality, self.number)
    }
}
impl fmt::Debug for TabletId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TabletId({self})")
    }
}
serde_through_text!(TabletId);

/// 職員番号: who works at a tablet; 1 to 20 of `a-z 0-9 -`, no name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaffId(String);

impl StaffId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for StaffId {
    type Err = IdentityError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=20).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdentityError("staff id"))
        }
    }
}
impl fmt::Display for StaffId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
impl fmt::Debug for StaffId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "StaffId({self})")
    }
}
serde_through_text!(StaffId);

/// 記録番号: 128 random bits that name one entry for ever, written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId([u8; 16]);

impl EntryId {
    /// From 16 random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
    /// The 16 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}
impl FromStr for EntryId {
    type Err = IdentityError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = IdentityError("entry id");
        let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 32 || !text.bytes().all(lower_hex) {
            return Err(wrong);
        }
        u128::from_str_radix(text, 16).map(|value| Self(value.to_be_bytes())).map_err(|_| wrong)
    }
}
impl fmt::Display for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}
impl fmt::Debug for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EntryId({self})")
    }
}
serde_through_text!(EntryId);

/// Which database of a tablet: 1 for the first, one more for each new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(NonZeroU32);

impl Epoch {
    /// The first.
    pub const FIRST: Self = Self(NonZeroU32::MIN);
    /// From its number; none for 0.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }
    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.get()
    }
    /// The one after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// An entry's place in its epoch: 1, 2, 3 … without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(NonZeroU64);

impl Position {
    /// The first.
    pub const FIRST: Self = Self(NonZeroU64::MIN);
    /// From its number; none for 0 and beyond what a signed 64-bit column holds.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        if number > i64::MAX as u64 { None } else { NonZeroU64::new(number).map(Self) }
    }
    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0.get()
    }
    /// The place `steps` further on.
    #[must_use]
    pub fn plus(self, steps: u64) -> Self {
        Self(self.0.saturating_add(steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tablet_id_has_one_spelling() {
        let id: TabletId = "131130-0017".parse().unwrap();
        assert_eq!((id.municipality().to_string().as_str(), id.number()), ("131130", 17));
        for text in ["131130-17", "131130-00017", "131130-0000", "131131-0017", "131130-1000000", "131130"] {
            assert!(text.parse::<TabletId>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_entry_id_has_one_spelling() {
        let id = EntryId::from_bytes([0xAB; 16]);
        assert_eq!(id.to_string().parse::<EntryId>().unwrap(), id);
        assert!(id.to_string().to_uppercase().parse::<EntryId>().is_err());
        assert!("+0000000000000000000000000000001".parse::<EntryId>().is_err());
    }
}
