//! 目的・根拠・同意: what a look-up needs before it is answered, as fixed lists; the ground is text of the settings.
//!
//! Must not: take free text, which would one day hold a name.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// 照会の目的.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookUpPurpose {
    /// 接種の前に、これまでの接種の回数と間隔を確かめる.
    BeforeVaccination,
    /// 転入した人に接種券を発行する.
    MovedIn,
    /// 接種の証明書を発行する.
    Certificate,
    /// 副反応・健康被害に対応する.
    HealthDamage,
    /// 記録の誤りを確かめる.
    CheckRecord,
}

/// 照会の方法: by what the person is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// 個人番号, as both municipalities registered it.
    PersonalNumber,
    /// 氏名カナ and 生年月日.
    NameAndBirth,
}

/// 本人の同意.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// 本人の同意を得た.
    Obtained,
    /// 本人の同意を得ることが困難である.
    HardToObtain(HardToObtain),
}

/// 同意を得ることが困難な理由.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HardToObtain {
    /// 連絡が取れない.
    NoContact,
    /// 意思を示すことができない.
    CannotSay,
    /// 急いで対応する必要があり、同意を得る時間がない.
    Urgent,
}

macro_rules! codes {
    ($type:ident: $($variant:ident = $code:literal),*) => {
        impl $type {
            /// All, in the order of a list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// As a form names it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
        }
        impl FromStr for $type {
            type Err = UnknownCode;
            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                Self::ALL.iter().copied().find(|one| one.code() == code).ok_or(UnknownCode)
            }
        }
    };
}

/// A form names something that is in no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not in the list")]
pub struct UnknownCode;

codes!(LookUpPurpose: BeforeVaccination = "before_vaccination", MovedIn = "moved_in", Certificate = "certificate",
    HealthDamage = "health_damage", CheckRecord = "check_record");
codes!(By: PersonalNumber = "personal_number", NameAndBirth = "name_and_birth");
codes!(HardToObtain: NoContact = "no_contact", CannotSay = "cannot_say", Urgent = "urgent");

/// 根拠: the provision that a look-up rests on, in both languages, and the day as of which it is cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// In Japanese, which counts.
    pub ja: String,
    /// In English.
    pub en: String,
    /// `2021-04-12`.
    pub as_of: String,
}

impl Default for Ground {
    /// As published for the VRS in 2021; the numbers of the items have moved since, so that it is a setting.
    fn default() -> Self {
        Self {
            ja: "番号法第19条第15号(2021年4月時点の号番号。その後の改正で号の番号は変わっている): 人の生命、身体又は財産の保護のために必要がある場合において、本人の同意があり、又は本人の同意を得ることが困難であるとき。".to_owned(),
            en: "My Number Act, article 19, item 15 (numbered as of April 2021; later amendments moved it): needed to protect a person's life, body or property, where the person consents or consent is hard to obtain.".to_owned(),
            as_of: "2021-04-12".to_owned(),
        }
    }
}

impl Ground {
    /// The most characters of its text in one language.
    pub const MOST: usize = 400;

    /// Whether each part says something in one line, and the day is one.
    #[must_use]
    pub fn holds(&self) -> bool {
        let is_line = |text: &str| {
            let length = text.chars().count();
            !text.trim().is_empty() && length <= Self::MOST && !text.chars().any(char::is_control)
        };
        is_line(&self.ja) && is_line(&self.en) && self.as_of.parse::<record::CalendarDate>().is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back_and_nothing_else_is() {
        for purpose in LookUpPurpose::ALL {
            assert_eq!(purpose.code().parse(), Ok(*purpose));
        }
        for why in HardToObtain::ALL {
            assert_eq!(why.code().parse(), Ok(*why));
        }
        for by in By::ALL {
            assert_eq!(by.code().parse(), Ok(*by));
        }
        assert_eq!("curiosity".parse::<LookUpPurpose>(), Err(UnknownCode));
    }

    #[test]
    fn a_ground_says_something_as_of_a_day() {
        assert!(Ground::default().holds());
        assert!(!Ground { ja: " ".to_owned(), ..Ground::default() }.holds());
        assert!(!Ground { as_of: "2021".to_owned(), ..Ground::default() }.holds());
        assert!(!Ground { en: "a".repeat(401), ..Ground::default() }.holds());
    }
}
