//! The words of a manifest: each type holds exactly what it is for.
//!
//! Must not: let a free text in; a name of a person would be readable by whoever finds the stick.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    municipality::MunicipalityCode,
    text::{one_line, serde_through_text},
};

/// A text is not of that type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct NameError(pub &'static str);

/// 封緘番号: 128 random bits, 32 hexadecimal digits; one is opened once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvelopeId([u8; 16]);

impl EnvelopeId {
    /// From 16 random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
    /// Its first eight digits, for people.
    #[must_use]
    pub fn short(self) -> String {
        self.to_string()[..8].to_owned()
    }
}
impl FromStr for EnvelopeId {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 32 || !text.bytes().all(lower_hex) {
            return Err(NameError("envelope id"));
        }
        u128::from_str_radix(text, 16)
            .map(|value| Self(value.to_be_bytes()))
            .map_err(|_| NameError("envelope id"))
    }
}
impl fmt::Display for EnvelopeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}
impl fmt::Debug for EnvelopeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EnvelopeId({self})")
    }
}
serde_through_text!(EnvelopeId);

/// 機関: a municipality by its code, or the central (`central`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Office {
    /// 中央サーバー.
    Central,
    /// 市区町村.
    Municipality(MunicipalityCode),
}

const CENTRAL: &str = "central";

impl FromStr for Office {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        match text {
            CENTRAL => Ok(Self::Central),
            text => text.parse().map(Self::Municipality).map_err(|_| NameError("municipality code")),
        }
    }
}
impl fmt::Display for Office {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Central => formatter.write_str(CENTRAL),
            Self::Municipality(code) => code.fmt(formatter),
        }
    }
}
serde_through_text!(Office);

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(NameError($what)) }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
        serde_through_text!($name);
    };
}

checked_text!(
    /// アカウント名: 1 to 40 of `a-z 0-9 . -`, as the console's accounts are named; no person's name.
    AccountName,
    "account name",
    |text| {
        let allowed = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-'
        };
        (1..=40).contains(&text.len()) && text.bytes().all(allowed)
    }
);
checked_text!(
    /// The public key that an envelope is sealed to, as age writes it (`age1…`).
    SealedTo,
    "key to seal to",
    |text| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        text.starts_with("age1") && (5..=80).contains(&text.len()) && text.bytes().all(allowed)
    }
);
checked_text!(
    /// The name of a file inside: 1 to 40 of `a-z 0-9 . -` with letters, digits and a point in between (`doses-1.csv`).
    /// It is a safe file name on every system.
    PartName,
    "part name",
    |text| {
        let Some((stem, end)) = text.split_once('.') else { return false };
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        // Windows keeps some short names for its devices; none of them holds a dash.
        (3..=40).contains(&text.len())
            && stem.contains('-')
            && stem.bytes().all(|byte| allowed(byte) || byte == b'-')
            && !stem.starts_with('-')
            && (1..=8).contains(&end.len())
            && end.bytes().all(allowed)
    }
);
checked_text!(
    /// 文書番号 of the decision to carry (「3健第123号」): one line of at most 30 characters, with a digit in it.
    DocumentNumber,
    "document number",
    |text| {
        one_line(text, 30).is_ok_and(|line| line == text)
            && text.chars().any(|sign| sign.is_ascii_digit() || ('０'..='９').contains(&sign))
    }
);

/// 目的.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 接種対象者の登録.
    RegisterPeople,
    /// 予防接種台帳の更新.
    UpdateRegister,
    /// 転出入に伴う引き継ぎ.
    PeopleMoved,
    /// 記録の誤りの確認.
    CheckRecords,
}

impl Purpose {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] =
        [Self::RegisterPeople, Self::UpdateRegister, Self::PeopleMoved, Self::CheckRecords];
}

/// 運搬方法.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 職員2名で持参.
    CarriedByTwo,
    /// 書留郵便.
    RegisteredMail,
    /// 庁内の受け渡し.
    HandedOverInside,
}

impl Method {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::CarriedByTwo, Self::RegisteredMail, Self::HandedOverInside];
}

/// 内容の種類.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 接種対象者.
    People,
    /// 接種記録.
    Doses,
    /// 予防接種台帳向け出力.
    RegisterOutput,
    /// 接種対象者登録待ちリスト.
    WaitingList,
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::People, Self::Doses, Self::RegisterOutput, Self::WaitingList];

    /// The name of the `number`th part, from 1, of that kind; `end` is the end of a file's name without its point.
    ///
    /// # Errors
    /// [`NameError`] where the end is none of 1 to 8 letters and digits.
    pub fn part_name(self, number: usize, end: &str) -> Result<PartName, NameError> {
        let stem = match self {
            Self::People => "people",
            Self::Doses => "doses",
            Self::RegisterOutput => "register",
            Self::WaitingList => "waiting",
        };
        format!("{stem}-{number}.{}", end.to_ascii_lowercase()).parse()
    }
}
