//! 接種前の確認: what is checked before the shot and how strictly, as a table that the bundle carries.
//!
//! Must not: gather the facts; whoever judges hands them in, and what nobody knows finds nothing.

mod judge;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use judge::{Day, EarlierDose, Finding, Found, Person};

use crate::{
    coupon::DoseNumber,
    day::{LotNumber, Manufacturer},
};

/// 規則の表. Of several rules that find the same, the strictest counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleTable(pub Vec<Rule>);

/// 規則: one thing that is looked at, and what follows where it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What is looked at.
    #[serde(flatten)]
    pub check: Check,
    /// What follows.
    pub then: Severity,
}

/// What follows where a rule finds something; the later, the stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// お知らせ: it is said, and work goes on.
    Note,
    /// 注意: a person says that it is right all the same; the record keeps that they did.
    Warn,
    /// 停止: it is not recorded.
    Block,
}

/// What a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum Check {
    /// The same dose of the same coupon (or the same screening) is recorded.
    RecordedBefore,
    /// The same dose of the same coupon is recorded on another tablet, as far as the central had told.
    RecordedElsewhere,
    /// A later dose of the same coupon is recorded.
    LaterDoseRecorded,
    /// Doses of the same coupon are recorded, and the one before today's is not among them.
    DoseSkipped,
    /// The dose before was given fewer days ago than this.
    TooSoon {
        /// For this maker's vaccine today; any maker's where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manufacturer: Option<Manufacturer>,
        /// For this dose today; any where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dose: Option<DoseNumber>,
        /// 接種間隔 in days.
        days: u16,
    },
    /// An earlier dose is another maker's, up to this dose today.
    OtherManufacturer {
        /// 交互接種 is usual from the next one on.
        up_to_dose: DoseNumber,
    },
    /// The person's age, where it is known, lies outside.
    Age {
        /// For this maker's vaccine today; any maker's where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manufacturer: Option<Manufacturer>,
        /// Youngest, in years.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_years: Option<u8>,
        /// Oldest, in years.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_years: Option<u8>,
    },
    /// The coupon carries a ward's code; coupons of a designated city carry the city's.
    Ward,
    /// 予診のみ: no dose is recorded.
    ScreenedOnly,
    /// The day's date lies ahead.
    FutureDate,
    /// The day's date lies further back than this.
    OldDate {
        /// Days.
        days: u16,
    },
    /// 有効期限 of the lot, with its extension, has passed on the day.
    LotExpired,
    /// 回収: the lot is recalled.
    LotRecalled,
    /// The site has not received that lot.
    LotNotReceived,
    /// That maker's lots are written otherwise.
    LotPattern {
        /// The maker.
        manufacturer: Manufacturer,
        /// `A` a letter, `9` a digit, anything else itself: `AA9999`.
        pattern: String,
    },
    /// As many doses of the lot are recorded on this tablet as the site has received, or more.
    LotUsedUp,
}

/// 規則の名前: what a record keeps of a rule that a person set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// [`Check::RecordedBefore`].
    RecordedBefore,
    /// [`Check::RecordedElsewhere`].
    RecordedElsewhere,
    /// [`Check::LaterDoseRecorded`].
    LaterDoseRecorded,
    /// [`Check::DoseSkipped`].
    DoseSkipped,
    /// [`Check::TooSoon`].
    TooSoon,
    /// [`Check::OtherManufacturer`].
    OtherManufacturer,
    /// [`Check::Age`].
    Age,
    /// [`Check::Ward`].
    Ward,
    /// [`Check::ScreenedOnly`].
    ScreenedOnly,
    /// [`Check::FutureDate`].
    FutureDate,
    /// [`Check::OldDate`].
    OldDate,
    /// [`Check::LotExpired`].
    LotExpired,
    /// [`Check::LotRecalled`].
    LotRecalled,
    /// [`Check::LotNotReceived`].
    LotNotReceived,
    /// [`Check::LotPattern`].
    LotPattern,
    /// [`Check::LotUsedUp`].
    LotUsedUp,
}

impl Default for RuleTable {
    /// What holds where a bundle says nothing else: `facts` of the programme, all of it configuration.
    fn default() -> Self {
        use Severity::{Block, Note, Warn};
        let maker = |name: &str| name.parse::<Manufacturer>().ok();
        let second = DoseNumber::try_from(2).ok();
        let interval = |name: &str, days: u16| {
            let check = Check::TooSoon { manufacturer: maker(name), dose: second, days };
            Rule { check, then: Warn }
        };
        let pattern = |name: &str, pattern: &str| {
            let check = Check::LotPattern { manufacturer: maker(name)?, pattern: pattern.to_owned() };
            Some(Rule { check, then: Warn })
        };
        let plain = [
            (Check::RecordedBefore, Block),
            (Check::RecordedElsewhere, Warn),
            (Check::LaterDoseRecorded, Warn),
            (Check::DoseSkipped, Warn),
            (Check::Ward, Warn),
            (Check::ScreenedOnly, Note),
            (Check::FutureDate, Block),
            (Check::OldDate { days: 3 }, Warn),
            (Check::LotExpired, Warn),
            (Check::LotRecalled, Block),
            (Check::LotNotReceived, Warn),
            (Check::LotUsedUp, Warn),
        ];
        let mut rules: Vec<Rule> = plain.into_iter().map(|(check, then)| Rule { check, then }).collect();
        rules.extend(
            second.map(|up_to_dose| Rule { check: Check::OtherManufacturer { up_to_dose }, then: Warn }),
        );
        rules.extend([
            interval("ファイザー", 21),
            interval("武田/モデルナ", 28),
            interval("アストラゼネカ", 28),
            interval("ノババックス", 21),
        ]);
        rules.extend(
            [pattern("ファイザー", "AA9999"), pattern("武田/モデルナ", "3009999")].into_iter().flatten(),
        );
        Self(rules)
    }
}

/// Whether a lot is written as the pattern says: `A` a letter, `9` a digit, anything else itself.
fn is_written_as(lot: &LotNumber, pattern: &str) -> bool {
    let (lot, pattern) = (lot.as_str().as_bytes(), pattern.as_bytes());
    lot.len() == pattern.len()
        && lot.iter().zip(pattern).all(|(own, asked)| match asked {
            b'A' => own.is_ascii_uppercase(),
            b'9' => own.is_ascii_digit(),
            other => own == other,
        })
}
