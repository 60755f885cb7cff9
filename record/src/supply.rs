//! 入荷ロット: which vaccine a site has received, until when it is good, and whether it was recalled.
//!
//! Must not: decide what follows; [`crate::rules`] does.

use serde::{Deserialize, Serialize};

use crate::{
    calendar::CalendarDate,
    day::{LotNumber, Vaccine},
    moment::WallTime,
};

/// ワクチンと入荷ロット.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaccineSupply {
    /// ワクチン.
    pub vaccine: Vaccine,
    /// 1バイアルの回数: doses a vial, where the bundle says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doses_per_vial: Option<u32>,
    /// Lots received, at least one.
    pub lots: Vec<ReceivedLot>,
}

/// 入荷ロット.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedLot {
    /// ロット番号.
    pub lot: LotNumber,
    /// 有効期限 as printed: the last day on which it may be given.
    pub expires_on: CalendarDate,
    /// 延長後の有効期限, where it was extended after the print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_to: Option<CalendarDate>,
    /// 回収: from this instant on it must not be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled_at: Option<WallTime>,
    /// 入荷回数: doses that the site has received of it, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doses: Option<u32>,
}

impl ReceivedLot {
    /// The last day on which it may be given: the printed one, or a later one to which it was extended.
    #[must_use]
    pub fn good_until(&self) -> CalendarDate {
        self.extended_to.map_or(self.expires_on, |extended| extended.max(self.expires_on))
    }

    /// Whether it is recalled at that instant.
    #[must_use]
    pub fn is_recalled(&self, at: WallTime) -> bool {
        self.recalled_at.is_some_and(|recalled| recalled <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(expires_on: &str, extended_to: Option<&str>) -> ReceivedLot {
        ReceivedLot {
            lot: "FF3620".parse().unwrap(),
            expires_on: expires_on.parse().unwrap(),
            extended_to: extended_to.map(|day| day.parse().unwrap()),
            recalled_at: None,
            doses: None,
        }
    }

    #[test]
    fn an_extension_counts_and_never_shortens() {
        for (printed, extended, until) in [
            ("2021-11-30", None, "2021-11-30"),
            ("2021-11-30", Some("2022-02-28"), "2022-02-28"),
            ("2021-11-30", Some("2021-08-31"), "2021-11-30"),
        ] {
            assert_eq!(lot(printed, extended).good_until().to_string(), until);
        }
    }

    #[test]
    fn a_recall_counts_from_its_instant() {
        let recalled = ReceivedLot {
            recalled_at: Some(WallTime::from_unix_ms(1_629_936_000_000)),
            ..lot("2021-11-30", None)
        };
        assert!(!recalled.is_recalled(WallTime::from_unix_ms(1_629_935_999_999)));
        assert!(recalled.is_recalled(WallTime::from_unix_ms(1_629_936_000_000)));
        assert!(!lot("2021-11-30", None).is_recalled(WallTime::from_unix_ms(i64::MAX)));
    }

    #[test]
    fn what_an_older_bundle_says_of_a_lot_is_still_read() {
        let old: ReceivedLot = serde_json::from_str(r#"{"lot":"FF3620","expires_on":"2022-02-28"}"#).unwrap();
        assert_eq!(old, lot("2022-02-28", None));
        assert_eq!(serde_json::to_string(&old).unwrap(), r#"{"lot":"FF3620","expires_on":"2022-02-28"}"#);
    }
}
