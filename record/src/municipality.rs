//! 市町村: the code with its check digit, and the table of those that exist.
//!
//! Must not: decide which municipalities a site expects; that is the bundle's.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::OnceLock};

use crate::{
    calendar::CalendarDate,
    coupon::{OcrLineError, digits},
    text::serde_through_text,
};

/// 市町村コード (全国地方公共団体コード): six digits, the last a check digit over the first five.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MunicipalityCode([u8; 6]);

/// A text is not a municipality code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not six digits.
    #[error(transparent)]
    Digits(#[from] OcrLineError),
    /// The check digit does not fit.
    #[error("municipality check digit does not fit")]
    CheckDigit,
}

/// The check digit of five ASCII digits: weights 6 5 4 3 2, (11 − sum mod 11) mod 10.
/// Holds for all real codes; source: 総務省 全国地方公共団体コード仕様.
fn check_digit(first_five: &[u8]) -> u8 {
    let sum: u32 =
        first_five.iter().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = (11 - sum % 11) % 10;
    b'0' + check as u8
}

impl MunicipalityCode {
    /// The six ASCII digits.
    #[must_use]
    pub fn to_digits(&self) -> &[u8; 6] {
        &self.0
    }
}

impl FromStr for MunicipalityCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = digits::<6>(text)?;
        if check_digit(&code[..5]) == code[5] { Ok(Self(code)) } else { Err(CodeError::CheckDigit) }
    }
}
impl fmt::Display for MunicipalityCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(formatter, "{}", char::from(*digit)))
    }
}
impl fmt::Debug for MunicipalityCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MunicipalityCode({self})")
    }
}
serde_through_text!(MunicipalityCode);

/// 市区町村: one row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// Its code.
    pub code: MunicipalityCode,
    /// 都道府県, as printed on the coupon.
    pub prefecture: String,
    /// Name; a ward's name follows its city's after a space.
    pub name: String,
    /// Reading in hiragana.
    pub kana: String,
    /// The city of a 行政区; coupons carry the city's code, not the ward's.
    pub city: Option<MunicipalityCode>,
    /// First day of validity; none where it is older than the programme.
    pub valid_from: Option<CalendarDate>,
    /// Last day of validity; none while it exists.
    pub valid_until: Option<CalendarDate>,
}

impl Municipality {
    /// Prefecture and name: `東京都千代田区`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}{}", self.prefecture, self.name.replace(' ', ""))
    }
    /// Whether the code is in force on that day.
    #[must_use]
    pub fn is_valid_on(&self, day: CalendarDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_until.is_none_or(|until| day <= until)
    }
}

/// The municipalities that exist, by code.
#[derive(Debug, Clone)]
pub struct MunicipalityTable(BTreeMap<MunicipalityCode, Municipality>);

/// A row of the table's file is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("municipality table, line {line}: {what}")]
pub struct TableError {
    /// One-based line of the file.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl MunicipalityTable {
    /// The table this program is shipped with (`assets/municipalities.csv`, made by
    /// `cargo xtask municipalities`).
    #[must_use]
    pub fn shipped() -> &'static Self {
        static TABLE: OnceLock<MunicipalityTable> = OnceLock::new();
        TABLE.get_or_init(|| {
            Self::parse(include_str!("../../assets/municipalities.csv")).unwrap_or(Self(BTreeMap::new()))
        })
    }

    /// Reads the table's own CSV form: `code,prefecture,name,kana,city,valid_from,valid_until`, one header
    /// line, no quoting, empty where there is nothing.
    ///
    /// # Errors
    /// [`TableError`] naming the first line that is wrong.
    pub fn parse(file: &str) -> Result<Self, TableError> {
        let mut rows = BTreeMap::new();
        for (index, text) in file.lines().enumerate().skip(1) {
            let wrong = |what| TableError { line: index + 1, what };
            let cells: Vec<&str> = text.split(',').collect();
            let [code, prefecture, name, kana, city, from, until] = cells[..] else {
                return Err(wrong("not seven columns"));
            };
            let code: MunicipalityCode = code.parse().map_err(|_| wrong("code"))?;
            let optional_date = |cell: &str| if cell.is_empty() { Ok(None) } else { cell.parse().map(Some) };
            let row = Municipality {
                code,
                prefecture: prefecture.to_owned(),
                name: name.to_owned(),
                kana: kana.to_owned(),
                city: if city.is_empty() { None } else { Some(city.parse().map_err(|_| wrong("city"))?) },
                valid_from: optional_date(from).map_err(|_| wrong("valid_from"))?,
                valid_until: optional_date(until).map_err(|_| wrong("valid_until"))?,
            };
            if rows.insert(code, row).is_some() {
                return Err(wrong("code stands twice"));
            }
        }
        Ok(Self(rows))
    }

    /// The municipality with that code, if one exists or existed.
    #[must_use]
    pub fn find(&self, code: MunicipalityCode) -> Option<&Municipality> {
        self.0.get(&code)
    }

    /// All rows in order of code.
    pub fn iter(&self) -> impl Iterator<Item = &Municipality> {
        self.0.values()
    }

    /// How many rows there are, wards included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the table holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole() {
        let table = MunicipalityTable::parse(include_str!("../../assets/municipalities.csv")).unwrap();
        assert_eq!(table.iter().filter(|row| row.city.is_none()).count(), 1741, "municipalities of Japan");
        assert_eq!(MunicipalityTable::shipped().len(), table.len());
        for row in table.iter().filter_map(|row| row.city) {
            assert!(table.find(row).is_some_and(|city| city.city.is_none()));
        }
    }

    #[test]
    fn a_code_is_found_by_name_and_day() {
        let table = MunicipalityTable::shipped();
        let chiyoda = table.find("131016".parse().unwrap()).unwrap();
        assert_eq!((chiyoda.full_name().as_str(), chiyoda.kana.as_str()), ("東京都千代田区", "ちよだく"));
        let ended = table.find("221317".parse().unwrap()).unwrap();
        assert!(ended.is_valid_on("2023-12-31".parse().unwrap()));
        assert!(!ended.is_valid_on("2024-01-01".parse().unwrap()));
    }

    #[test]
    fn one_wrong_digit_rarely_passes_the_check() {
        let mut passed = 0;
        let mut tried = 0;
        for row in MunicipalityTable::shipped().iter() {
            for place in 0..6 {
                for digit in b'0'..=b'9' {
                    let mut code = *row.code.to_digits();
                    if code[place] == digit {
                        continue;
                    }
                    code[place] = digit;
                    tried += 1;
                    passed +=
                        usize::from(std::str::from_utf8(&code).unwrap().parse::<MunicipalityCode>().is_ok());
                }
            }
        }
        assert!(passed * 1000 < tried * 20, "{passed} of {tried}: the published rate is 1.5 %");
    }

    #[test]
    fn a_wrong_row_is_named() {
        for (file, what) in [
            ("head\n131016,東京都", "not seven columns"),
            ("head\n131017,a,b,c,,,", "code"),
            ("head\n131016,a,b,c,,x,", "valid_from"),
            ("head\n131016,a,b,c,,,\n131016,a,b,c,,,", "code stands twice"),
        ] {
            assert_eq!(MunicipalityTable::parse(file).unwrap_err().what, what);
        }
    }
}
