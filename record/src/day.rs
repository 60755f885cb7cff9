//! 本日の設定: what is set once a day and goes into every entry – date, site, physician, vaccine, lot, dose.
//!
//! Must not: judge a lot or a date; rules for that come with the bundle.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    calendar::CalendarDate,
    coupon::{DoseNumber, OcrLineError, digits},
    text::{one_line_type, serde_through_text},
};

one_line_type!(
    /// 接種会場名: at most 30 characters (予防接種台帳向け出力, item 6).
    SiteName,
    30
);
one_line_type!(
    /// 接種医師名: at most 20 characters (予防接種台帳向け出力, item 7).
    PhysicianName,
    20
);
one_line_type!(
    /// ワクチンメーカー: at most 20 characters, as the register writes it (「ファイザー」「武田/モデルナ」).
    Manufacturer,
    20
);
one_line_type!(
    /// 製品名: at most 40 characters (「コミナティ筋注」).
    Product,
    40
);

/// 医療機関等コード: ten digits; look-alikes are in use, so no check digit is enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FacilityCode([u8; 10]);

impl FromStr for FacilityCode {
    type Err = OcrLineError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits(text).map(Self)
    }
}
impl fmt::Display for FacilityCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(formatter, "{}", char::from(*digit)))
    }
}
serde_through_text!(FacilityCode);

/// ロット番号: 1 to 20 of `A–Z 0–9 -`. Full-width and lower-case letters are folded at the door.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotNumber(String);

/// A text is not a lot number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a lot number")]
pub struct LotError;

impl LotNumber {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for LotNumber {
    type Err = LotError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded: String = text
            .trim()
            .chars()
            .map(|character| match character {
                '！'..='～' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
                other => other,
            })
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=20).contains(&folded.len()) && folded.bytes().all(allowed) {
            Ok(Self(folded))
        } else {
            Err(LotError)
        }
    }
}
impl fmt::Display for LotNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
serde_through_text!(LotNumber);

/// 接種会場: its code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// 医療機関等コード.
    pub facility_code: FacilityCode,
    /// 会場名.
    pub name: SiteName,
}

/// ワクチン: who makes it and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vaccine {
    /// メーカー.
    pub manufacturer: Manufacturer,
    /// 製品名.
    pub product: Product,
}

/// 本日の設定, complete: there is no scan without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySettings {
    /// 接種年月日.
    pub vaccinated_on: CalendarDate,
    /// 接種会場.
    pub site: Site,
    /// 接種医師.
    pub physician: PhysicianName,
    /// ワクチン.
    pub vaccine: Vaccine,
    /// ロット番号.
    pub lot: LotNumber,
    /// 接種回数 given today.
    pub dose: DoseNumber,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_is_folded_to_one_spelling() {
        assert_eq!(" ｆｆ３６２０ ".parse::<LotNumber>().unwrap().as_str(), "FF3620");
        for text in ["", "FF 3620", "ロット", "123456789012345678901"] {
            assert_eq!(text.parse::<LotNumber>(), Err(LotError), "{text}");
        }
    }
}
