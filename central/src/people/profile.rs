//! 取込み設定: how a municipality's files of people name their columns and what their words mean.
//!
//! Must not: know a file; what is not published is here, and can be changed without a new program.

use std::collections::HashMap;

use serde::Deserialize;

use super::person::Sex;
use crate::csv::{
    encoding::Encoding,
    fields::narrow,
    header::{Column, UnknownColumns},
};

/// The profile that holds where a municipality has none of its own.
pub const DEFAULT: &str = include_str!("people.toml");

/// A profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The encoding; none where the file's first row says it.
    pub encoding: Option<Encoding>,
    /// What becomes of columns that it does not know.
    pub unknown_columns: UnknownColumns,
    /// Columns that are passed over.
    pub ignored: Vec<String>,
    /// The columns.
    pub columns: Columns,
    sexes: HashMap<String, Sex>,
}

/// The columns that a file of people may have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// 宛名番号.
    pub address_number: Column,
    /// 個人番号.
    pub personal_number: Column,
    /// 自治体コード.
    pub municipality: Column,
    /// 接種券番号.
    pub coupon_number: Column,
    /// 氏名.
    pub name: Column,
    /// 氏名カナ.
    pub kana: Column,
    /// 生年月日.
    pub born_on: Column,
    /// 性別.
    pub sex: Column,
    /// 住所.
    pub address: Column,
}

impl Columns {
    /// In the order in which `reading` asks for them.
    pub(super) fn in_order(&self) -> [&Column; 9] {
        [
            &self.address_number,
            &self.personal_number,
            &self.municipality,
            &self.coupon_number,
            &self.name,
            &self.kana,
            &self.born_on,
            &self.sex,
            &self.address,
        ]
    }
}

/// A profile cannot be used; says where and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML of this form.
    #[error("profile: {0}")]
    Form(String),
    /// A column has no name, or one that another has too.
    #[error("profile: the columns' names are missing or stand twice: {0}")]
    Names(String),
    /// A word for two sexes.
    #[error("profile: a word stands for two sexes: {0}")]
    Sexes(String),
    /// A column without which nobody can be told apart is not required.
    #[error("profile: address_number, coupon_number, name, born_on and sex must be required")]
    NotRequired,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    encoding: String,
    unknown_columns: UnknownColumns,
    #[serde(default)]
    ignored: Vec<String>,
    columns: Columns,
    sex: Sexes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sexes {
    male: Vec<String>,
    female: Vec<String>,
    unknown: Vec<String>,
}

impl Profile {
    /// The one that holds by default.
    ///
    /// # Errors
    /// Never: a test reads it.
    pub fn shipped() -> Result<Self, ProfileError> {
        Self::from_toml(DEFAULT)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let written: Written =
            toml::from_str(text).map_err(|error| ProfileError::Form(error.message().to_owned()))?;
        let encoding = match written.encoding.as_str() {
            "auto" => None,
            "utf-8" => Some(Encoding::Utf8),
            "cp932" => Some(Encoding::Cp932),
            _ => return Err(ProfileError::Form("encoding is auto, utf-8 or cp932".to_owned())),
        };
        let columns = written.columns;
        let mut seen = HashMap::new();
        for column in columns.in_order() {
            if column.names.is_empty() {
                return Err(ProfileError::Names("-".to_owned()));
            }
            for name in &column.names {
                if seen.insert(narrow(name), ()).is_some() {
                    return Err(ProfileError::Names(name.clone()));
                }
            }
        }
        let needed =
            [&columns.address_number, &columns.coupon_number, &columns.name, &columns.born_on, &columns.sex];
        if needed.iter().any(|column| !column.required) {
            return Err(ProfileError::NotRequired);
        }
        let mut sexes = HashMap::new();
        let Sexes { male, female, unknown } = written.sex;
        for (words, sex) in [(male, Sex::Male), (female, Sex::Female), (unknown, Sex::Unknown)] {
            for word in words {
                if sexes.insert(narrow(&word), sex).is_some_and(|known| known != sex) {
                    return Err(ProfileError::Sexes(word));
                }
            }
        }
        let (unknown_columns, ignored) = (written.unknown_columns, written.ignored);
        Ok(Self { encoding, unknown_columns, ignored, columns, sexes })
    }

    /// What a word says of the sex.
    #[must_use]
    pub fn sex(&self, word: &str) -> Option<Sex> {
        self.sexes.get(&narrow(word)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profile_is_one() {
        let shipped = Profile::shipped().unwrap();
        assert_eq!(shipped.sex("女"), Some(Sex::Female));
        assert_eq!(shipped.sex("１"), Some(Sex::Male));
        assert_eq!(shipped.sex(""), Some(Sex::Unknown));
        assert_eq!(shipped.sex("x"), None);
    }

    #[test]
    fn what_cannot_work_is_refused() {
        let altered = |from: &str, to: &str| {
            let text = DEFAULT.replace(from, to);
            assert_ne!(text, DEFAULT, "{from}");
            Profile::from_toml(&text).unwrap_err()
        };
        assert!(matches!(altered("\"住所\"", "\"氏名\""), ProfileError::Names(_)));
        assert!(matches!(altered("[\"住所\"]", "[]"), ProfileError::Names(_)));
        assert!(matches!(altered("\"女\"", "\"男\""), ProfileError::Sexes(_)));
        assert!(matches!(altered("\"auto\"", "\"utf-16\""), ProfileError::Form(_)));
        assert!(matches!(altered("[sex]", "[gender]"), ProfileError::Form(_)));
        let text = "names = [\"生年月日\"], required = true";
        assert_eq!(altered(text, "names = [\"生年月日\"]"), ProfileError::NotRequired);
    }
}
